"""An installation as variables describe it: a database for each service on the session's server, and facts in them."""

import json
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote, urlsplit

import asyncpg

from contracts.events.catalogue import registry
from contracts.events.enrolment import ConsentSigned, CycleAdministered
from contracts.events.envelope import Envelope, Provenance
from contracts.events.fact import Fact
from services.chassis.facts import Facts, Unit
from services.chassis.log.postgres import PostgresLog
from services.chassis.migrations.run import migrate
from services.chassis.pool import open_pool
from services.chassis.sealing.kek import fresh_kek, keks_in
from services.chassis.sealing.postgres import PostgresSubjectKeys
from services.chassis.sealing.sealer import Sealer
from services.cli.backup.place import Place
from services.cli.catalogue import NAMES
from services.cli.databases import DatabaseUrls, Login, ensure_databases
from services.cli.provisioning import ADMIN_URL
from tests.conftest import Server


@dataclass(frozen=True)
class Installation:
    """Names that no other test uses; the databases may be there or not."""

    server: Server
    prefix: str
    kek_file: Path

    @classmethod
    def of(cls, server: Server, kek_file: Path) -> "Installation":
        return cls(server, f"r{uuid.uuid4().hex[:6]}_", kek_file)

    def urls(self, service: str) -> DatabaseUrls:
        name, parts = self.prefix + service, urlsplit(self.server.admin_url)
        host = parts.netloc.rpartition("@")[2]
        logins = (f"{name}_{kind}:{quote(f'{kind} of {name}')}@{host}" for kind in ("owner", "app"))
        return DatabaseUrls(*(f"postgresql://{login}/{name}?{parts.query}" for login in logins))

    @property
    def variables(self) -> Mapping[str, str]:
        """What describes it to a command."""
        described = {ADMIN_URL: self.server.admin_url, "RELUTH_KEK_FILE": str(self.kek_file)}
        for name in NAMES:
            urls = self.urls(name)
            described[f"RELUTH_{name.upper()}_MIGRATION_URL"] = urls.owner
            described[f"RELUTH_{name.upper()}_DATABASE_URL"] = urls.app
        return described

    @property
    def place(self) -> Place:
        """For what a command calls."""
        return self.only(*NAMES)

    def only(self, *services: str) -> Place:
        """As if there were no other service."""
        return Place({name: self.urls(name) for name in services}, None, self.server.admin_url, ADMIN_URL)

    async def create(self, *services: str, to: Sequence[str] = ("heads",)) -> None:
        """Databases with their schemas, empty."""
        names = services or NAMES
        await ensure_databases(self.server.admin_url, [self.urls(name) for name in names], ADMIN_URL)
        for name in names:
            await migrate(self.urls(name).owner, Login.of(self.urls(name).app).role, to=to)

    async def fill(self) -> None:
        """Facts in the log of enrolment, a sealed text in safety, a read model in analytics."""
        await self.record(*(f"01-00{n}" for n in range(1, 6)))
        pool = await open_pool(self.urls("safety").app, 1)
        try:
            await Sealer(PostgresSubjectKeys(pool), keks_in(self.kek_file)).seal("01-001", "a secret", purpose="test")
        finally:
            await pool.close()
        await self.execute(
            "analytics",
            "CREATE TABLE projections.p_test (key text PRIMARY KEY, told jsonb)",
            """INSERT INTO projections.p_test VALUES ('a\tb', '{"é": "\\\\x"}')""",
        )
        await self.execute(
            "enrolment",
            "UPDATE relay_cursor SET out_pos = 10, cluster_id = 'old', owner = 'somebody', epoch = 7",
            "INSERT INTO inbox_offsets (cluster_id, topic, partition, next_offset) VALUES ('old', 'a-topic', 0, 9)",
        )

    async def record(self, *subjects: str) -> None:
        """A consent and a cycle of each."""
        log = await PostgresLog.open(self.urls("enrolment").app)
        try:
            for subject in subjects:

                async def said(unit: Unit, subject: str = subject) -> None:
                    await unit.load(subject, None, _ignore)
                    consent = ConsentSigned(study="RELUTH", subject=subject, version="3.1", signed_on="2022-02-14")
                    cycle = CycleAdministered(
                        study="RELUTH",
                        subject=subject,
                        cycle=1,
                        given_on="2022-03-08",
                        prescribed_mbq="7400",
                        administered_mbq="7391.2",
                    )
                    unit.append(subject, [consent, cycle])

                await Facts(log, registry(), "enrolment").append_unasked(Provenance(actor="a"), said)
        finally:
            await log.close()

    async def execute(self, service: str, *statements: str) -> None:
        """As the service's own role."""
        connection = await asyncpg.connect(self.urls(service).app)
        try:
            for statement in statements:
                await connection.execute(statement)
        finally:
            await connection.close()

    async def fetch(self, service: str, query: str) -> list[tuple[object, ...]]:
        """As the superuser."""
        path = urlsplit(self.urls(service).app).path
        connection = await asyncpg.connect(urlsplit(self.server.admin_url)._replace(path=path).geturl())
        try:
            return [tuple(row) for row in await connection.fetch(query)]
        finally:
            await connection.close()

    async def databases(self) -> set[str]:
        """Those of this installation that are there, without the prefix, under whatever name."""
        admin = await asyncpg.connect(self.server.admin_url)
        try:
            rows = await admin.fetch("SELECT datname FROM pg_database WHERE starts_with(datname, $1)", self.prefix)
        finally:
            await admin.close()
        return {row[0].removeprefix(self.prefix) for row in rows}

    async def drop(self) -> None:
        admin = await asyncpg.connect(self.server.admin_url)
        try:
            for name in await self.databases():
                await admin.execute(f'DROP DATABASE "{self.prefix}{name}" WITH (FORCE)')
            roles = await admin.fetch("SELECT rolname FROM pg_roles WHERE starts_with(rolname, $1)", self.prefix)
            if roles:
                await admin.execute(f"DROP ROLE {', '.join(row[0] for row in roles)}")
        finally:
            await admin.close()


def kek_file(path: Path) -> Path:
    """A new key in a file of its own."""
    path.write_text(fresh_kek())
    path.chmod(0o600)
    return path


def changed(backup: Path, change: dict[str, object], *where: str) -> None:
    """Write something else into a manifest: `where` leads to the object that is changed."""
    manifest = json.loads((backup / "manifest.json").read_text())
    part = manifest
    for name in where:
        part = part[name]
    part.update(change)
    (backup / "manifest.json").write_text(json.dumps(manifest))


def _ignore(state: None, envelope: Envelope[Fact]) -> None:
    return None
