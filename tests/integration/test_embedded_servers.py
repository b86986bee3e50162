"""The embedded servers are real, belong to one directory, survive a kill, and leave nothing behind."""

import asyncio
import json
import os
import pwd
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import asyncpg
import psutil
import pytest
from aiokafka import AIOKafkaConsumer, TopicPartition

from services.cli.databases import Databases
from services.cli.embedded import Embedded, EmbeddedPostgres, Runtime, State, account, jars
from services.cli.embedded.process import StartFailed
from services.cli.embedded.state import StateBusy, marker
from services.cli.embedded.topics import TopicMismatch, ensure_topics

_ROOT = Path(__file__).parents[2]
_HOLDER = Path(__file__).with_name("embedded_holder.py")
_DEADLINE = 90


@contextmanager
def holder(path: Path, *arguments: str, **environment: str) -> Iterator[tuple[subprocess.Popen[str], dict[str, Any]]]:
    """A process that runs the servers in `path` and has written; killed at the end, and cleaned up after."""
    process = subprocess.Popen(
        [sys.executable, str(_HOLDER), str(path), *arguments],
        stdout=subprocess.PIPE,
        text=True,
        env=os.environ | {"PYTHONPATH": str(_ROOT)} | environment,
        cwd="/",
    )
    assert process.stdout
    try:
        said = process.stdout.readline()
        assert said, f"the holder ended with status {process.wait(_DEADLINE)}"
        yield process, json.loads(said)
    finally:
        process.kill()
        process.wait(_DEADLINE)
        process.stdout.close()
        record = path / "postgres.socket"  # of a run that was killed and never followed by another
        if record.exists():
            account.remove_private_directory(Path(record.read_text()))


def gone(*pids: int) -> bool:
    """Whether none of the processes is there any more, at the latest after the deadline."""
    processes = [psutil.Process(pid) for pid in pids if psutil.pid_exists(pid)]
    _, alive = psutil.wait_procs(processes, timeout=_DEADLINE)
    return not alive


def has_ended(pid: int) -> bool:
    """Whether it runs no more. An orphan that init has not collected yet has ended too."""
    try:
        return psutil.Process(pid).status() == psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return True


async def read_back(runtime: Runtime) -> tuple[list[str], list[bytes]]:
    """What the holder wrote: rows of PostgreSQL, records of Kafka."""
    databases = Databases(runtime.admin_url, runtime.state.path / "databases.json")
    connection = await asyncpg.connect((await databases.ensure(["held"]))["held"].owner)
    rows = [row["value"] for row in await connection.fetch("SELECT value FROM written")]
    await connection.close()
    consumer = AIOKafkaConsumer(bootstrap_servers=runtime.bootstrap, auto_offset_reset="earliest")
    await consumer.start()
    partition = TopicPartition("held", 0)
    consumer.assign([partition])
    try:
        end = (await consumer.end_offsets([partition]))[partition]
        records = [(await consumer.getone()).value for _ in range(end)]
    finally:
        await consumer.stop()
    return rows, records


async def test_everything_killed_at_once_starts_again_with_its_data(tmp_path: Path) -> None:
    with holder(tmp_path) as (process, said):
        for pid in (process.pid, said["postgres"], said["kafka"]):
            os.kill(pid, signal.SIGKILL)
        assert gone(said["postgres"], said["kafka"])
    async with Embedded(tmp_path) as runtime:
        assert await read_back(runtime) == (["a row"], [b"a record"])
        assert runtime.state.run.ports["kafka"] == said["ports"]["kafka"], "a port that is free is kept"


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="only Linux tells a child of its parent's death")
def test_servers_end_with_their_parent_even_if_it_is_killed(tmp_path: Path) -> None:
    with holder(tmp_path) as (process, said):
        process.kill()
        assert gone(said["postgres"], said["kafka"])


async def test_servers_do_not_outlive_a_killed_parent_into_the_next_run(tmp_path: Path) -> None:
    with holder(tmp_path) as (process, said):
        process.kill()
        process.wait(_DEADLINE)
        async with Embedded(tmp_path) as runtime:
            assert has_ended(said["postgres"])
            assert has_ended(said["kafka"])
            assert await read_back(runtime) == (["a row"], [b"a record"])


async def test_a_second_run_in_the_directory_is_refused_and_told_by_whom(tmp_path: Path) -> None:
    with holder(tmp_path) as (process, said):
        with pytest.raises(StateBusy, match=f"process {process.pid},"):
            await Embedded(tmp_path).__aenter__()
        assert psutil.pid_exists(said["postgres"])
        assert psutil.pid_exists(said["kafka"])


async def test_two_directories_run_side_by_side(tmp_path: Path) -> None:
    async with Embedded(tmp_path / "one", postgres_port=0) as one, Embedded(tmp_path / "two", postgres_port=0) as two:
        assert one.bootstrap != two.bootstrap
        assert one.postgres.port != two.postgres.port
        for runtime in (one, two):
            connection = await asyncpg.connect(runtime.admin_url)
            directory = await connection.fetchval("SHOW reluth.state")
            await connection.close()
            assert directory == str(runtime.state.path)


async def test_a_stop_leaves_no_process_and_no_file_outside(tmp_path: Path) -> None:
    async with Embedded(tmp_path) as runtime:
        pids = [runtime.postgres.pid, runtime.kafka.pid]
        socket = Path(urlsplit(runtime.admin_url).query.removeprefix("host="))
        assert socket.is_dir()
        # Ctrl-C in a terminal reaches the parent alone: each server leads a process group of its own
        assert [os.getpgid(pid) for pid in pids if pid] == pids
    assert gone(*[pid for pid in pids if pid])
    assert not socket.exists()
    assert not (tmp_path / "postgres" / "postmaster.pid").exists()
    held = marker(tmp_path)
    assert not [p.pid for p in psutil.process_iter(["cmdline"]) if any(held in a for a in p.info["cmdline"] or [])]


async def test_a_server_that_ends_by_itself_is_noticed_and_named(tmp_path: Path) -> None:
    async with Embedded(tmp_path) as runtime:
        noticing = asyncio.ensure_future(runtime.ended())
        assert runtime.kafka.pid
        os.kill(runtime.kafka.pid, signal.SIGKILL)
        assert "kafka ended by itself with status -9" in str(await asyncio.wait_for(noticing, _DEADLINE))


async def test_a_directory_with_spaces_accents_and_a_long_name_works(tmp_path: Path) -> None:
    path = tmp_path / f"essai réluth, {'x' * 100}"
    async with Embedded(path) as runtime:
        await ensure_topics(runtime.bootstrap, {"one": 2})
        await ensure_topics(runtime.bootstrap, {"one": 2, "two": 1})
        with pytest.raises(TopicMismatch, match="one has 2 partitions, not 3"):
            await ensure_topics(runtime.bootstrap, {"one": 3})
        connection = await asyncpg.connect(runtime.admin_url)
        assert await connection.fetchval("SHOW fsync") == "on"
        assert await connection.fetchval("SHOW data_checksums") == "on"
        assert await connection.fetchval("SELECT datlocprovider FROM pg_database WHERE datname = 'postgres'") == b"b"
        await connection.close()


def test_it_runs_for_a_user_without_privileges() -> None:
    root = os.geteuid() == 0
    user = pwd.getpwnam("nobody").pw_uid if root else os.geteuid()
    with tempfile.TemporaryDirectory(dir="/tmp") as name:
        home = Path(name)
        shutil.copytree(jars.cache_directory() / "jars", home / "cache" / "jars")
        if root:
            account.give(home, user)
        with holder(home / "state", *([str(user)] if root else []), RELUTH_CACHE=str(home / "cache")) as (run, said):
            assert said["user"] == user
            for server in ("postgres", "kafka"):
                assert psutil.Process(said[server]).uids().effective == user
            run.terminate()
            assert run.wait(_DEADLINE) == 0
            assert gone(said["postgres"], said["kafka"])


@pytest.fixture
async def postgres(tmp_path: Path) -> Any:
    state = State.acquire(tmp_path)
    server = EmbeddedPostgres(state)
    await server.start()
    yield server
    await server.stop()
    state.release()


async def test_nobody_gets_into_the_database_without_the_password(postgres: EmbeddedPostgres) -> None:
    with pytest.raises(asyncpg.InvalidPasswordError):
        await asyncpg.connect(postgres.admin_url.replace("postgres:", "postgres:wrong"))
    assert (postgres._state.path / "postgres.json").stat().st_mode & 0o777 == 0o600


async def test_the_app_role_owns_nothing_and_may_create_nothing(postgres: EmbeddedPostgres) -> None:
    databases = Databases(postgres.admin_url, postgres._state.path / "databases.json")
    both = await databases.ensure(["enrolment", "safety"])
    urls, other = both["enrolment"], both["safety"]
    assert await databases.ensure(["enrolment", "safety"]) == both
    owner = await asyncpg.connect(urls.owner)
    await owner.execute("CREATE TABLE kept (value int)")
    app = await asyncpg.connect(urls.app)
    for statement in ("CREATE TABLE t (i int)", "CREATE TEMPORARY TABLE t (i int)", "CREATE SCHEMA s", "CREATE ROLE r",
                      "SELECT * FROM kept", "DROP TABLE kept", "CREATE DATABASE d"):  # fmt: skip
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await app.execute(statement)
    assert (
        await app.fetchval("SELECT rolsuper OR rolcreatedb OR rolcreaterole FROM pg_roles WHERE rolname = user")
        is False
    )
    await owner.close()
    await app.close()
    for database in ("safety", "postgres"):
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await asyncpg.connect(urls.app.replace("/enrolment?", f"/{database}?"))
    assert urls.app != other.app
    with pytest.raises(ValueError, match="not a plain PostgreSQL identifier"):
        await databases.ensure(['x"; DROP'])


async def test_lost_passwords_are_said_to_be_lost(tmp_path: Path) -> None:
    state = State.acquire(tmp_path)
    try:
        server = EmbeddedPostgres(state)
        await server.start()
        await server.stop()
        (tmp_path / "postgres.json").unlink()
        with pytest.raises(StartFailed, match=r"postgres\.json is missing"):
            await EmbeddedPostgres(state).start()
    finally:
        state.release()


async def test_a_pid_file_whose_number_somebody_else_has_now_is_no_obstacle(tmp_path: Path) -> None:
    state = State.acquire(tmp_path)
    try:
        server = EmbeddedPostgres(state)
        await server.start()
        await server.stop()
        owner = (tmp_path / "postgres").stat().st_uid
        became = {"user": owner, "group": owner, "extra_groups": []} if os.geteuid() == 0 else {}
        with subprocess.Popen(["/bin/sleep", "600"], **became) as other:  # type: ignore[call-overload]
            stale = tmp_path / "postgres" / "postmaster.pid"
            stale.write_text(f"{other.pid}\n/proc/self/cwd\n0\n5432\n/tmp/nowhere\n\n\nready\n")
            os.chown(stale, owner, owner)
            try:
                await server.start()
                await server.stop()
                assert other.poll() is None
            finally:
                other.kill()
    finally:
        state.release()


async def test_a_killed_initdb_leaves_nothing_that_looks_whole(tmp_path: Path) -> None:
    state = State.acquire(tmp_path)
    try:
        (tmp_path / "postgres.new").mkdir()
        (tmp_path / "postgres.new" / "PG_VERSION").write_text("18\n")
        server = EmbeddedPostgres(state)
        await server.start()
        await server.stop()
        assert not (tmp_path / "postgres.new").exists()
    finally:
        state.release()


def test_programs_that_the_server_account_cannot_reach_are_copied_and_nothing_is_opened(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    package = account._package()
    hidden = tmp_path / "hidden" / package.name
    shutil.copytree(package / "pginstall18", hidden / "pginstall18", symlinks=True)
    shutil.copytree(package.with_name(f"{package.name}.libs"), hidden.with_name(f"{package.name}.libs"))
    hidden.parent.chmod(0o700)
    copies = tmp_path / "copies"
    monkeypatch.setattr(account, "_package", lambda: hidden)
    monkeypatch.setattr(account, "_COPIES", copies)
    assert account.programs(None) == hidden / "pginstall18" / "bin"
    for _ in range(2):
        found = account.programs(65534)
        assert copies in found.parents
        assert subprocess.run([found / "initdb", "--version"], check=True, capture_output=True).stdout
    assert all(path.is_symlink() or path.stat().st_mode & 0o004 for path in copies.rglob("*"))
    assert hidden.parent.stat().st_mode & 0o777 == 0o700
    assert [path.name for path in copies.iterdir()] == [found.parents[2].name], "no half copy is left"
