"""`reluth verify` on a running system: what was done behind its back, as superuser with triggers off, is named."""

import asyncio
import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import asyncpg
import pytest
from typer.testing import CliRunner, Result

from contracts.events.catalogue import registry
from services.chassis.log.chain import GENESIS, link
from services.cli.demo.cohort import cohort
from services.cli.demo.drive import play
from services.cli.main import app
from services.cli.running import find
from services.cli.system import System
from tests.at_rest import at_rest
from tests.e2e.conftest import Whole

TABLES = ("events", "outbox", "log_head", "inbox", "inbox_head")


_PLAYED: list[System] = []


@pytest.fixture
async def state(whole: Whole) -> Path:
    """The state directory of a system that holds the facts of a few subjects, and has nothing in hand."""
    if whole.system in _PLAYED:
        return whole.system.options.state_dir
    await play(whole.api, cohort(3, seed=4), run="verified", set_day=whole.set_day, progress=lambda *_: None)
    _PLAYED.append(whole.system)
    held = ",".join(f"{service}:{position}" for service, position in whole.api.positions.items())
    await whole.api.get("analytics", "/studies/RELUTH/participant-flow", role="sponsor", consistency=held)
    # These tests stop the loop that the services run in: a transaction in its middle would hold its locks for ever.
    async with asyncio.timeout(60):
        while not await at_rest(find(whole.system.options.state_dir)):
            await asyncio.sleep(0.05)
    return whole.system.options.state_dir


def verify(state: Path) -> Result:
    return CliRunner().invoke(app, ["verify", "--json", "--state-dir", str(state)])


def defects(result: Result) -> dict[str, list[dict[str, Any]]]:
    return {name: found["defects"] for name, found in json.loads(result.stdout).items() if found["defects"]}


def superuser(state: Path, database: str) -> str:
    password = json.loads((state / "postgres.json").read_text())["postgres"]
    return f"postgresql://postgres:{password}@/{database}?host={(state / 'postgres.socket').read_text()}"


@contextmanager
def behind_its_back(state: Path, database: str) -> Iterator["asyncio.Runner"]:
    """A superuser's session with the triggers off; afterwards the tables are as they were."""

    async def opened() -> "asyncpg.Connection[asyncpg.Record]":
        connection = await asyncpg.connect(superuser(state, database))
        await connection.execute("SET session_replication_role = replica")
        for table in TABLES:
            await connection.execute(f"CREATE TEMPORARY TABLE saved_{table} AS TABLE public.{table}")
        return connection

    async def restored() -> None:
        for table in TABLES:
            await session.execute(f"DELETE FROM {table}; INSERT INTO {table} SELECT * FROM saved_{table}")
        await session.close()

    with asyncio.Runner() as runner:
        session = runner.run(opened())
        try:
            yield _Session(runner, session)  # type: ignore[misc]
        finally:
            runner.run(restored())


class _Session:
    def __init__(self, runner: asyncio.Runner, connection: "asyncpg.Connection[asyncpg.Record]") -> None:
        self.runner, self.connection = runner, connection

    def execute(self, *statements: str, **values: Any) -> None:
        for statement in statements:
            self.runner.run(self.connection.execute(statement.format(**values)))

    def value(self, query: str) -> int:
        return int(self.runner.run(self.connection.fetchval(query)))


SOMEWHERE = "SELECT pos FROM events WHERE type = 'enrolment.cycle-administered' ORDER BY pos LIMIT 1"
SWAP = ("UPDATE events SET pos = -1 WHERE pos = {p}", "UPDATE events SET pos = {p} WHERE pos = {p} + 1",
        "UPDATE events SET pos = {p} + 1 WHERE pos = -1")  # fmt: skip
FLIP = "UPDATE events SET payload = set_byte(payload, 30, get_byte(payload, 30) # 1) WHERE pos = {p}"


def test_an_untouched_system_holds(state: Path) -> None:
    result = verify(state)
    assert result.exit_code == 0, result.stdout
    found = json.loads(result.stdout)
    assert found["enrolment"]["events"] > 30
    assert found["enrolment"]["witnesses"].keys() == {"randomizer", "assessment", "safety", "dosimetry", "analytics"}
    assert found["analytics"]["inbox"] > 50


@pytest.mark.parametrize(
    "change",
    [(FLIP,), ("DELETE FROM events WHERE pos = {p}",), SWAP],
    ids=["a flipped byte", "a removed row", "a swapped pair"],
)
def test_the_service_and_the_position_of_the_damage_are_named(state: Path, change: tuple[str, ...]) -> None:
    with behind_its_back(state, "enrolment") as session:
        position = session.value(SOMEWHERE)
        session.execute(*change, p=position)
        result = verify(state)
        said = CliRunner().invoke(app, ["verify", "--state-dir", str(state)])
    assert result.exit_code == said.exit_code == 1
    assert defects(result).keys() == {"enrolment"}
    assert defects(result)["enrolment"][0]["position"] == position
    assert f"enrolment, position {position}: " in said.stdout


def forged(rows: list[Mapping[str, Any]], position: int) -> list[tuple[bytes, bytes]]:
    """Payload and hash of each row after another dose was written at `position`: the whole chain computed anew."""
    previous, result = GENESIS, []
    for row in rows:
        payload = bytes(row["payload"])
        if row["pos"] == position:
            assert b'"administered_mbq":"7' in payload
            payload = payload.replace(b'"administered_mbq":"7', b'"administered_mbq":"6')
        previous = link(
            previous,
            position=row["pos"],
            event_id=row["event_id"],
            stream=row["stream_id"],
            version=row["version"],
            type_=row["type"],
            schema=row["schema"],
            recorded_at=row["recorded_at"],
            meta=row["meta"],
            payload=payload,
        )
        result.append((payload, previous))
    return result


def test_a_chain_that_was_recomputed_as_a_whole_is_caught_by_the_witnesses(state: Path) -> None:
    with behind_its_back(state, "enrolment") as session:
        position = session.value(SOMEWHERE)
        connection, run = session.connection, session.runner.run
        rows = run(connection.fetch("SELECT * FROM events ORDER BY pos"))
        made = forged(rows, position)
        for row, (payload, chain) in zip(rows, made, strict=True):
            run(
                connection.execute(
                    "UPDATE events SET payload = $2, hash = $3 WHERE pos = $1", row["pos"], payload, chain
                )
            )
        run(connection.execute("UPDATE log_head SET hash = $1", made[-1][1]))
        row, (payload, _) = next((r, m) for r, m in zip(rows, made, strict=True) if r["pos"] == position)
        told = registry().encode(registry().decode(row["type"], row["schema"], payload).published())
        run(connection.execute("UPDATE outbox SET value = $2 WHERE pos = $1", position, told))
        result = verify(state)
    assert result.exit_code == 1
    found = defects(result)["enrolment"]
    assert {d["position"] for d in found} >= {position}
    assert min(d["position"] for d in found) == position, "from there on every fact has another hash"
    for reader in ("randomizer", "assessment", "safety", "dosimetry", "analytics"):
        assert any(d["what"] == f"{reader} holds another fact than the log" for d in found)


@pytest.mark.parametrize(
    ("damage", "says"),
    [
        ("DELETE FROM outbox WHERE pos = {p}", "a fact to be published has no message in the outbox"),
        ("UPDATE outbox SET value = value || ' '::bytea WHERE pos = {p}", "does not say what the log says"),
    ],
)
def test_a_damaged_outbox_is_named(state: Path, damage: str, says: str) -> None:
    with behind_its_back(state, "enrolment") as session:
        position = session.value(SOMEWHERE)
        session.execute(damage, p=position)
        result = verify(state)
    assert result.exit_code == 1
    assert any(d["position"] == position and says in d["what"] for d in defects(result)["enrolment"])


def test_an_end_that_was_cut_off_with_its_head_is_caught_by_the_witnesses(state: Path) -> None:
    with behind_its_back(state, "safety") as session:
        position = session.value("SELECT pos FROM log_head")
        session.execute(
            "DELETE FROM outbox WHERE pos = {p}",
            "DELETE FROM events WHERE pos = {p}",
            "UPDATE log_head SET pos = {p} - 1, hash = (SELECT hash FROM events WHERE pos = {p} - 1),"
            " out_pos = (SELECT max(out_pos) FROM outbox)",
            p=position,
        )
        result = verify(state)
    assert result.exit_code == 1
    whats = [d["what"] for d in defects(result)["safety"] if d["position"] == position]
    assert "analytics holds a fact that the log does not have" in whats


@pytest.mark.parametrize(
    ("damage", "says"),
    [
        ("DELETE FROM inbox WHERE in_pos = 17", "inbox position 17 is missing"),
        ("DELETE FROM inbox WHERE in_pos = (SELECT in_pos FROM inbox_head)", "the inbox's head says"),
    ],
)
def test_a_message_that_a_consumer_lost_is_named(state: Path, damage: str, says: str) -> None:
    with behind_its_back(state, "analytics") as session:
        session.execute(damage)
        result = verify(state)
    assert result.exit_code == 1
    assert any(says in d["what"] for d in defects(result)["analytics"])
    assert any("were stored," in d["what"] for d in defects(result)["analytics"])


def test_a_message_that_a_consumer_changed_is_named(state: Path) -> None:
    with behind_its_back(state, "analytics") as session:
        position = session.value("SELECT pos FROM inbox WHERE topic = 'reluth.safety' ORDER BY in_pos LIMIT 1")
        session.execute(
            "UPDATE inbox SET value = value || ' '::bytea WHERE topic = 'reluth.safety' AND pos = {p}", p=position
        )
        result = verify(state)
    assert result.exit_code == 1
    found = defects(result)["safety"]
    assert [d["position"] for d in found] == [position]
    assert "with another content than was published" in found[0]["what"]
