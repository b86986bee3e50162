"""`reluth restore`: load every service beside what is there, verify it, and give all of them their names at once."""

import re
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Final, TypeAlias

import asyncpg

from services.chassis.log.postgres import PostgresLog
from services.chassis.log.statements import statement
from services.chassis.log.verify import verify, verify_outbox
from services.chassis.migrations.run import known_revisions, migrate
from services.cli import catalogue
from services.cli.backup import keys
from services.cli.backup.broker import records_by_topic
from services.cli.backup.manifest import BackupDamaged, BackupRefused, Manifest, Saved, Standing
from services.cli.backup.place import Place
from services.cli.backup.programs import load
from services.cli.backup.saving import PROJECTIONS, PUBLIC, archive, raise_for
from services.cli.databases import (
    DatabasesUnusable,
    DatabaseUrls,
    Login,
    because,
    database_at,
    ensure_databases,
    execute,
)
from services.cli.embedded import Report, Step

Connection: TypeAlias = "asyncpg.Connection[asyncpg.Record]"

_SQL: Final = Path(__file__).parent / "sql"
_NEW: Final = "_restoring"
_STEPS: Final = 3


def readable(backup: Path, services: Sequence[str]) -> tuple[Manifest, tuple[str, ...]]:
    """The manifest and which services to restore, after all that can be known without a database was checked.

    Raises `BackupDamaged`, and `BackupRefused` for what this program cannot restore.
    """
    manifest = Manifest.read(backup)
    if _numbers(manifest.program) > _numbers(version("reluth")):
        raise BackupRefused(
            f"{backup} was made by reluth {manifest.program}, this is {version('reluth')}: restore it with"
            f" {manifest.program} or newer."
        )
    names = tuple(services or manifest.services)
    if unknown := [name for name in names if name not in manifest.services or name not in catalogue.NAMES]:
        raise BackupRefused(f"{backup} and this program share no service {', '.join(unknown)}.")
    for name in names:
        if unknown := [r for r in manifest.services[name].standing.revisions if r not in known_revisions()]:
            raise BackupRefused(
                f"{name} was saved with schema {', '.join(unknown)}, which reluth {version('reluth')} does not know;"
                f" it was made by reluth {manifest.program}: restore it with that version."
            )
    manifest.check(backup, names)
    return manifest, names


@dataclass(frozen=True)
class How:
    """`set_aside`: keep databases that hold facts under other names. `kek_file`: keys for an installation without."""

    set_aside: bool = False
    without_keys: bool = False
    kek_file: Path | None = None


async def restore(backup: Path, place: Place, services: Sequence[str], how: How, report: Report) -> tuple[str, ...]:
    """Restore services of a backup, all of them or none. Returns the names of the databases that were set aside.

    Each is loaded into a new database beside the old one, by the service's own roles into the schema that the
    migrations make, and verified there. One transaction then renames all: a restore that is killed changes nothing.
    Raises as `readable`, `DatabasesUnusable`, `StartFailed`, `LogCorrupt`, and asyncpg's errors.
    """
    manifest, names = readable(backup, services)
    brought = keys.offered(place.state_dir, backup, manifest, how.kek_file)
    if not how.without_keys:
        keys.check(manifest, names, place.state_dir, brought)
    async with _admin(place.admin_url, place.given_as) as admin:
        major = admin.get_server_version().major
        if major < manifest.postgresql:
            raise BackupRefused(
                f"{backup} is of PostgreSQL {manifest.postgresql}, this server is {major}: it must not be older."
            )
        held = {name: await _facts_held(admin, place, name) for name in names}
        if not how.set_aside and (full := {name: count for name, count in held.items() if count}):
            raise BackupRefused(
                "Nothing is restored over facts, its own or those of others:"
                f" {', '.join(f'{n} holds {c}' for n, c in full.items())}. Restore into an installation that is empty,"
                " or let --set-aside keep these databases under other names."
            )
        await _broker_holds_nothing_newer(place)
        new = {name: _beside(place.urls[name]) for name in names}
        for name in names:
            await execute(admin, "DROP DATABASE IF EXISTS %I", Login.of(new[name].app).database)
        for name in names:
            report(Step(name, "loading", total=_STEPS))
            await _load(manifest, name, backup, new[name], place, report)
        if place.state_dir is not None:
            keys.put(place.state_dir, backup, manifest, brought)
            _set_broker_aside(place.state_dir)
        return await _switch(admin, place, held)


async def _load(manifest: Manifest, name: str, backup: Path, urls: DatabaseUrls, place: Place, report: Report) -> None:
    """A service into its new database; proven to be what was saved, then readied to publish everything again."""
    saved, app = manifest.services[name], Login.of(urls.app).role
    await ensure_databases(place.admin_url, [urls], place.given_as)
    await migrate(urls.owner, app, to=saved.standing.revisions)
    async with _connected(urls.owner) as owner:
        for row in await owner.fetch(statement(_SQL, "initial_rows")):
            await execute(owner, "DELETE FROM %I", row[0])
        await load(urls.owner, PUBLIC, backup / archive(name, PUBLIC), manifest.postgresql, "--data-only")
        await load(urls.app, PROJECTIONS, backup / archive(name, PROJECTIONS), manifest.postgresql)
        report(Step(name, "loaded", done=1, total=_STEPS))
        _is_what_was_saved(name, saved, await Standing.read(owner))
        await owner.execute(statement(_SQL, "forget_the_broker"))
    await migrate(urls.owner, app)
    registry = catalogue.spec(name).registry
    log = await PostgresLog.open(urls.app)
    try:
        verified = await verify(log, registry)
        raise_for(name, [*verified.defects, *await verify_outbox(log, registry)])
    finally:
        await log.close()
    if verified.hash != saved.standing.log.hash:
        raise BackupDamaged(f"{name}: the head's hash is {verified.hash}, the manifest says {saved.standing.log.hash}")
    text = f"{verified.events} facts, hash {verified.hash[:16]}: as saved"
    report(Step(name, text, done=_STEPS, total=_STEPS))


def _is_what_was_saved(name: str, saved: Saved, found: Standing) -> None:
    for part in Standing.model_fields:
        if (now := getattr(found, part)) != (then := getattr(saved.standing, part)):
            raise BackupDamaged(f"{name}: {part} is {now} after loading, the manifest says {then}")


async def _switch(admin: Connection, place: Place, held: Mapping[str, int]) -> tuple[str, ...]:
    """Every service gets its restored database, all at once; those that were there keep their facts under new names."""
    stamp = f"{datetime.now(UTC):%Y%m%d_%H%M%S}"
    kept: list[str] = []
    empty: list[str] = []
    try:
        async with admin.transaction():
            for name, facts in held.items():
                database = Login.of(place.urls[name].app).database
                if await _exists(admin, database):
                    before = f"{database}_before_{stamp}"
                    await execute(admin, "ALTER DATABASE %I RENAME TO %I", database, before)
                    (kept if facts else empty).append(before)
                await execute(admin, "ALTER DATABASE %I RENAME TO %I", f"{database}{_NEW}", database)
    except asyncpg.ObjectInUseError as error:
        raise BackupRefused(f"Somebody uses a database that is to be replaced ({error}). Stop the services.") from None
    for database in empty:
        await execute(admin, "DROP DATABASE %I", database)
    return tuple(kept)


async def _broker_holds_nothing_newer(place: Place) -> None:
    """A broker of others that outlived its sources would tell what came after the backup."""
    if place.state_dir is None and (told := await records_by_topic()):
        raise BackupRefused(
            f"The broker still holds facts ({', '.join(f'{t}: {n}' for t, n in told.items())}), also those from after"
            " the backup. Let RELUTH_KAFKA_BOOTSTRAP name an empty cluster: every service publishes everything again."
        )


def _set_broker_aside(state_dir: Path) -> None:
    """So would ours. It is disposable: the next start makes an empty one, to which everything is published again."""
    if (kafka := state_dir / "kafka").exists():
        kafka.rename(kafka.with_name(f"kafka.before-{datetime.now(UTC):%Y%m%d-%H%M%S}"))


def _beside(urls: DatabaseUrls) -> DatabaseUrls:
    return urls.at(f"{Login.of(urls.app).database}{_NEW}")


async def _facts_held(admin: Connection, place: Place, name: str) -> int:
    """How much would be lost with a database: nothing if it is not there, or has no schema yet."""
    database = Login.of(place.urls[name].app).database
    if not await _exists(admin, database):
        return 0
    async with _connected(database_at(place.admin_url, database)) as inside:
        if not await inside.fetchval("SELECT to_regclass('public.log_head') IS NOT NULL"):
            return 0
        return int(await inside.fetchval(statement(_SQL, "facts_held")))


async def _exists(admin: Connection, database: str) -> bool:
    return bool(await admin.fetchval("SELECT true FROM pg_database WHERE datname = $1", database))


@asynccontextmanager
async def _admin(url: str, given_as: str) -> AsyncIterator[Connection]:
    try:
        connection = await asyncpg.connect(url, timeout=20)
    except (asyncpg.PostgresError, asyncpg.InterfaceError, OSError, TimeoutError, ValueError) as error:
        raise DatabasesUnusable(because(error, given_as)) from error
    try:
        yield connection
    finally:
        await connection.close()


@asynccontextmanager
async def _connected(url: str) -> AsyncIterator[Connection]:
    connection = await asyncpg.connect(url, timeout=20)
    try:
        yield connection
    finally:
        await connection.close()


def _numbers(release: str) -> tuple[int, ...]:
    return tuple(map(int, re.findall(r"\d+", release)))
