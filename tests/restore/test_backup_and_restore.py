"""What a backup is, what a restore makes of it, and what neither of them does."""

import json
import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from urllib.parse import urlsplit

import asyncpg
import pytest
from aiokafka import AIOKafkaProducer

from services.chassis.sealing.kek import keks_in
from services.cli.backup import restoring, saving
from services.cli.backup.manifest import BackupDamaged, BackupRefused, Manifest
from services.cli.backup.restoring import How, restore
from services.cli.catalogue import NAMES, topics
from services.cli.embedded.progress import silent
from services.cli.embedded.topics import ensure_topics
from tests.restore.installation import Installation, changed, kek_file

THERE = {
    "the log": "SELECT * FROM events WHERE pos <= 10 ORDER BY pos",
    "the outbox": "SELECT * FROM outbox WHERE pos <= 10 ORDER BY out_pos",
    "keys of subjects": "SELECT * FROM subject_keys ORDER BY key_id",
}
MADE_BY_MIGRATIONS = {
    "triggers": "SELECT c.relname::text, t.tgname::text, pg_get_triggerdef(t.oid) FROM pg_trigger t"
    " JOIN pg_class c ON c.oid = t.tgrelid WHERE NOT t.tgisinternal ORDER BY 1, 2",
    "constraints": "SELECT conrelid::regclass::text, conname::text, pg_get_constraintdef(oid) FROM pg_constraint"
    " WHERE connamespace = 'public'::regnamespace ORDER BY 1, 2",
    "owners": "SELECT relname::text, replace(relowner::regrole::text, '{prefix}', '') FROM pg_class"
    " WHERE relnamespace IN ('public'::regnamespace, 'projections'::regnamespace) ORDER BY 1",
    "rights": "SELECT relname::text, replace(relacl::text, '{prefix}', '') FROM pg_class"
    " WHERE relnamespace = 'public'::regnamespace ORDER BY 1",
    "schemas": "SELECT nspname::text, replace(nspacl::text, '{prefix}', '') FROM pg_namespace"
    " WHERE nspname IN ('public', 'projections') ORDER BY 1",
    "database": "SELECT replace(datacl::text, '{prefix}', ''), replace(datdba::regrole::text, '{prefix}', '')"
    " FROM pg_database WHERE datname = current_database()",
}
HEAD = "SELECT pos FROM log_head"


async def test_what_is_restored_is_what_was_saved(installation: Installation, restored: Installation) -> None:
    assert await restored.databases() == set(NAMES)
    for name in ("enrolment", "safety"):
        for what, query in THERE.items():
            assert await restored.fetch(name, query) == await installation.fetch(name, query), f"{what} of {name}"
    told = "SELECT key, told::text FROM projections.p_test"
    assert await restored.fetch("analytics", told) == await installation.fetch("analytics", told) != []


async def test_rights_owners_and_triggers_are_those_that_migrations_make(
    installation: Installation, restored: Installation
) -> None:
    for name in NAMES:
        for what, query in MADE_BY_MIGRATIONS.items():
            there = await installation.fetch(name, query.format(prefix=installation.prefix))
            assert await restored.fetch(name, query.format(prefix=restored.prefix)) == there, f"{what} of {name}"
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        await restored.execute("enrolment", "DELETE FROM events")


async def test_nothing_is_believed_of_the_broker_of_before(restored: Installation) -> None:
    """Everything is published again, and read again, even from a cluster that has the same id."""
    cursor = "SELECT out_pos, cluster_id, owner, lease_until, epoch FROM relay_cursor"
    assert await restored.fetch("enrolment", cursor) == [(0, None, None, None, 8)]
    assert await restored.fetch("enrolment", "SELECT * FROM inbox_offsets") == []


async def test_appends_after_the_moment_are_in_no_dump(
    installation: Installation, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A fact is appended before each dump is taken: the dump must see the moment of the manifest all the same."""
    subjects = iter(f"02-{n:03}" for n in range(100))
    dump = saving.dump

    async def appending_first(*arguments: object) -> None:
        await installation.record(next(subjects))
        await dump(*arguments)  # type: ignore[arg-type]

    monkeypatch.setattr(saving, "dump", appending_first)
    ((before,),) = await installation.fetch("enrolment", HEAD)
    manifest = await saving.save(installation.place, tmp_path / "during", with_keys=False, report=silent)
    assert manifest.services["enrolment"].standing.log.position == before
    assert await installation.fetch("enrolment", HEAD) == [(before + 2 * 2 * len(NAMES),)]


def cut(path: Path) -> None:
    data = path.read_bytes()
    path.write_bytes(data[: len(data) - 2])


def alter(path: Path) -> None:
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 0x80
    path.write_bytes(data)


@pytest.mark.parametrize("damage", [cut, alter, Path.unlink], ids=["cut off", "altered", "gone"])
@pytest.mark.parametrize("file", ["enrolment/public.dump", "analytics/projections.dump", "manifest.json"])
async def test_a_damaged_backup_is_refused_before_anything_is_written(
    saved: Path, elsewhere: Installation, file: str, damage: Callable[[Path], None]
) -> None:
    damage(saved / file)
    with pytest.raises(BackupDamaged, match=Path(file).name):
        await restore(saved, elsewhere.place, [], How(), silent)
    assert not await elsewhere.databases()


async def test_a_log_that_does_not_hold_gets_no_name_although_its_file_is_whole(
    saved: Path, elsewhere: Installation
) -> None:
    changed(saved, {"hash": "00" * 32}, "services", "enrolment", "standing", "log")
    with pytest.raises(BackupDamaged, match=r"enrolment: log is .* after loading"):
        await restore(saved, elsewhere.place, ["enrolment"], How(), silent)
    assert await elsewhere.databases() == {"enrolment_restoring"}
    with pytest.raises(BackupDamaged, match="its hash is not that of the head"):
        await saving.verify_dumps(saved, Manifest.read(saved))


@pytest.mark.parametrize(
    ("change", "where", "says"),
    [
        ({"format": 2, "program": "0.9"}, (), r"has format 2, this program reads 1. It was made by reluth 0.9"),
        ({"program": "9.1.0"}, (), r"was made by reluth 9.1.0, this is .*: restore it with 9.1.0 or newer"),
        ({"revisions": ["0099"]}, ("services", "safety", "standing"), r"schema 0099, which reluth .* does not know"),
        ({"postgresql": 99}, (), r"is of PostgreSQL 99, this server is 18: it must not be older"),
    ],
    ids=["manifest", "program", "schema", "server"],
)
async def test_a_version_that_does_not_fit_says_what_would(
    saved: Path, elsewhere: Installation, change: dict[str, object], where: tuple[str, ...], says: str
) -> None:
    changed(saved, change, *where)
    with pytest.raises(BackupRefused, match=says):
        await restore(saved, elsewhere.place, [], How(), silent)
    assert not await elsewhere.databases()


async def test_an_older_schema_is_restored_and_brought_up(
    elsewhere: Installation, another: Installation, tmp_path: Path
) -> None:
    await elsewhere.create("enrolment", to=["0001", "0002"])
    await elsewhere.record("01-001")
    (tmp_path / "old").mkdir()
    manifest = await saving.save(elsewhere.only("enrolment"), tmp_path / "older", with_keys=False, report=silent)
    assert manifest.services["enrolment"].standing.revisions == ("0002",)
    await restore(tmp_path / "older", another.place, [], How(), silent)
    assert await another.fetch("enrolment", HEAD) == [(2,)]
    (version,) = await another.fetch("enrolment", "SELECT version_num FROM alembic_version")
    assert version > ("0002",)


async def test_nothing_is_restored_over_facts_unless_they_are_set_aside(saved: Path, elsewhere: Installation) -> None:
    await elsewhere.create("enrolment")
    await restore(saved, elsewhere.place, ["enrolment"], How(), silent)
    assert await elsewhere.databases() == {"enrolment"}, "what was empty is replaced"
    await elsewhere.record("05-001")
    with pytest.raises(BackupRefused, match="enrolment holds 12"):
        await restore(saved, elsewhere.place, ["enrolment"], How(), silent)
    assert await elsewhere.fetch("enrolment", HEAD) == [(12,)]

    (kept,) = await restore(saved, elsewhere.place, ["enrolment"], How(set_aside=True), silent)
    assert re.fullmatch(rf"{elsewhere.prefix}enrolment_before_\d+_\d+", kept)
    assert await elsewhere.databases() == {"enrolment", kept.removeprefix(elsewhere.prefix)}
    assert await elsewhere.fetch("enrolment", HEAD) == [(10,)]


async def test_an_administrator_need_not_be_a_superuser(saved: Path, elsewhere: Installation) -> None:
    name, two = f"{elsewhere.prefix}admin", ["enrolment", "analytics"]
    admin = await asyncpg.connect(elsewhere.server.admin_url)
    try:
        await admin.execute(f"CREATE ROLE {name} LOGIN CREATEDB CREATEROLE PASSWORD 'p'")
        await admin.execute(f"GRANT CONNECT ON DATABASE postgres TO {name}")
        parts = urlsplit(elsewhere.server.admin_url)
        url = parts._replace(netloc=f"{name}:p@{parts.netloc.rpartition('@')[2]}").geturl()
        place = replace(elsewhere.place, admin_url=url)
        assert not await restore(saved, place, two, How(), silent)
        (kept,) = await restore(saved, place, two, How(set_aside=True), silent)
        assert "enrolment" in kept, "the other one was empty"
    finally:
        await admin.execute(f"REVOKE CONNECT ON DATABASE postgres FROM {name}")
        await admin.close()
    assert await elsewhere.fetch("enrolment", HEAD) == [(10,)]


async def test_a_restore_that_fails_changes_nothing(
    saved: Path, elsewhere: Installation, monkeypatch: pytest.MonkeyPatch
) -> None:
    load = restoring.load

    async def failing(url: str, *arguments: str) -> None:
        if "safety" in url:
            raise BackupDamaged("as if")
        await load(url, *arguments)  # type: ignore[arg-type]

    two = ["enrolment", "safety"]
    monkeypatch.setattr(restoring, "load", failing)
    with pytest.raises(BackupDamaged):
        await restore(saved, elsewhere.place, two, How(), silent)
    monkeypatch.setattr(restoring, "load", load)
    assert not await elsewhere.databases() & set(NAMES)
    await restore(saved, elsewhere.place, two, How(), silent)
    assert await elsewhere.databases() == set(two)


async def test_a_database_in_use_is_not_taken_away(saved: Path, elsewhere: Installation) -> None:
    two = ("enrolment", "safety")
    await elsewhere.create(*two)
    connection = await asyncpg.connect(elsewhere.urls("safety").app)
    try:
        with pytest.raises(BackupRefused, match="Stop the services"):
            await restore(saved, elsewhere.place, two, How(), silent)
    finally:
        await connection.close()
    assert await elsewhere.fetch("enrolment", HEAD) == [(0,)], "both or none"


async def test_without_the_keys_it_says_which(
    saved: Path, elsewhere: Installation, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    needed = keks_in(elsewhere.kek_file).active
    monkeypatch.setenv("RELUTH_KEK_FILE", str(kek_file(tmp_path / "another")))
    with pytest.raises(BackupRefused, match=f"safety needs {needed}"):
        await restore(saved, elsewhere.place, [], How(), silent)
    assert not await elsewhere.databases()
    await restore(saved, elsewhere.place, ["safety"], How(without_keys=True), silent)


async def test_a_broker_that_still_tells_what_came_later_is_refused(
    saved: Path, elsewhere: Installation, kafka_bootstrap: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    prefix = f"{elsewhere.prefix[:-1]}."
    monkeypatch.setenv("RELUTH_KAFKA_BOOTSTRAP", kafka_bootstrap)
    monkeypatch.setenv("RELUTH_TOPIC_PREFIX", prefix)
    await ensure_topics(kafka_bootstrap, topics(prefix))
    async with AIOKafkaProducer(bootstrap_servers=kafka_bootstrap) as producer:
        await producer.send_and_wait(f"{prefix}reluth.safety", b"later")
    with pytest.raises(BackupRefused, match=rf"\({prefix}reluth.safety: 1\)"):
        await restore(saved, elsewhere.place, [], How(), silent)
    assert not await elsewhere.databases()


def test_keys_of_others_are_not_copied(installation: Installation, tmp_path: Path) -> None:
    assert not (tmp_path / "keys").exists()
    with pytest.raises(BackupRefused, match="copy them from there"):
        saving.keys.copy(None, tmp_path)


def test_a_manifest_comes_back_from_its_file_as_it_was(saved: Path) -> None:
    manifest = Manifest.read(saved)
    assert Manifest.model_validate_json(manifest.model_dump_json()) == manifest
    assert json.loads((saved / "manifest.json").read_text()) == json.loads(manifest.model_dump_json())
