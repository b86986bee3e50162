"""The drill: saved under load, restored into new clusters of databases and brokers; then one service alone."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import pytest

from services.chassis.projections.checksum import checksum
from services.chassis.projections.port import GenerationStatus
from services.chassis.projections.projection import table_of
from services.cli import catalogue
from services.cli.backup.manifest import Manifest
from services.cli.catalogue import NAMES
from services.cli.clock import TurnableClock
from services.cli.demo.cohort import cohort
from services.cli.demo.drive import STUDY, play
from services.cli.demo.show import Tokens
from services.cli.demo.site_system import Api
from services.cli.running import find, inside
from services.cli.system import Options, System
from tests.e2e.command import reluth

COHORT, LATER = cohort(8, seed=5), cohort(10, seed=5)
NINTH_SITE = f"/studies/{STUDY}/sites/09/requirements"
MET = {"requirement": "CONTRACT", "met_on": "2022-01-10", "reference": "TMF-9"}
READERS = {"randomizer", "assessment", "safety", "dosimetry", "analytics"}
"""Services that hold facts of enrolment."""


@dataclass(frozen=True)
class Site:
    """A running system, and somebody who uses it."""

    system: System
    api: Api
    clock: TurnableClock

    async def play(self, courses: Any, progress: Callable[..., None] = lambda *_: None) -> None:
        try:
            await play(self.api, courses, run="drill", set_day=self.clock.set_day, progress=progress)
        finally:
            self.clock.release()

    async def health(self, service: str, page: str) -> dict[str, Any]:
        answer = (await self.api.client.get(f"{self.system.urls[service]}/health/{page}")).json()
        found: dict[str, Any] = answer.get("context", answer) if "checks" not in answer else answer
        return found

    async def holds_everything(self) -> bool:
        """Every relay has published all, every reader holds all that any source has."""
        sent: dict[str, int] = {}
        held: dict[str, dict[str, int]] = {}
        for name in NAMES:
            async with inside(find(self.system.options.state_dir), name) as service:
                head = await service.log.head()
                if (await service.cursor.state()).out_pos != head.out_pos:
                    return False
                for message in await service.log.read_outbox(0, head.out_pos + 1):
                    sent[message.topic] = message.topic_pos
                held[name] = {topic: at.topic_pos for topic, at in (await service.inbox.standings()).items()}
            reactions = (await self.health(name, "ready"))["checks"].get("reactions", {}).get("lag", {})
            if any(reactions.values()):
                return False
        reads = {name: sent.keys() & catalogue.spec(name).subscriptions for name in NAMES}
        return all(held[name].get(topic) == sent[topic] for name in NAMES for topic in reads[name])


@asynccontextmanager
async def running(state: Path) -> AsyncIterator[Site]:
    clock = TurnableClock()
    async with AsyncExitStack() as stack:
        system = await stack.enter_async_context(System(Options(state), clock=clock))
        client = await stack.enter_async_context(httpx.AsyncClient(timeout=30))
        yield Site(system, Api(system.urls, Tokens(system), client), clock)


async def until(holds: Callable[[], Awaitable[bool]], seconds: float = 60) -> None:
    async with asyncio.timeout(seconds):
        while not await holds():
            await asyncio.sleep(0.1)


async def checksums(state: Path) -> dict[tuple[str, str], str]:
    """A fingerprint of every read model that serves."""
    found = {}
    for name in NAMES:
        async with inside(find(state), name) as service, service.store.begin(snapshot=True) as tx:
            for g in await tx.generations.all():
                if g.status is GenerationStatus.SERVING:
                    declared = service.projections.declared(g)
                    assert declared
                    found[(name, g.name)] = (await checksum(tx, table_of(declared, g)))[0]
    return found


async def positions(state: Path) -> dict[str, tuple[int, str]]:
    found = {}
    for name in NAMES:
        async with inside(find(state), name) as service:
            head = await service.log.head()
            found[name] = (head.position, head.hash.hex())
    return found


async def folded_again(state: Path) -> None:
    """Every read model is what a fold of its feed from the first fact on gives."""
    for name in NAMES:
        async with inside(find(state), name) as service:
            for projection in {one.generation.name for one in await service.operations.list()}:
                assert (await service.operations.rebuild(projection)).same, f"{projection} of {name}"


@dataclass(frozen=True)
class Saved:
    """A system that went on after its backup, and stands still now."""

    state: Path
    backup: Path
    manifest: Manifest
    went_on: dict[str, tuple[int, str]]


@pytest.fixture(scope="module")
async def saved(tmp_path_factory: pytest.TempPathFactory) -> Saved:
    base = tmp_path_factory.mktemp("drill")
    state, backup = base / "state", base / "backup"
    async with running(state) as site:
        half = asyncio.Event()

        def progress(day: object, done: int, total: int) -> None:
            if done > total / 2:
                half.set()

        playing = asyncio.create_task(site.play(COHORT, progress))
        await asyncio.wait({playing, asyncio.ensure_future(half.wait())}, return_when=asyncio.FIRST_COMPLETED)
        result = await asyncio.to_thread(reluth, "backup", "--to", backup, "--state-dir", state)
        assert result.returncode == 0, result.stderr
        await playing
        await site.play(LATER)
        await until(site.holds_everything)
        went_on = await positions(state)
    return Saved(state, backup, Manifest.read(backup), went_on)


async def test_a_whole_system_in_new_clusters(saved: Saved, tmp_path: Path) -> None:
    state = tmp_path / "state"
    then = {name: (s.standing.log.position, s.standing.log.hash) for name, s in saved.manifest.services.items()}
    assert 20 < then["enrolment"][0] < saved.went_on["enrolment"][0], "saved in the middle of the load"
    result = await asyncio.to_thread(
        reluth, "restore", saved.backup, "--state-dir", state, "--kek-file", saved.state / "kek"
    )
    assert result.returncode == 0, result.stderr

    async with running(state) as site:
        await until(site.holds_everything)
        now = await positions(state)
        for name, (position, _) in then.items():  # reactions may go on with what they had not done
            async with inside(find(state), name) as service:
                (last,) = await service.log.read(position - 1, 1) if position else (None,)
                assert (last.hash.hex() if last else "00" * 32) == then[name][1]
            assert now[name][0] >= position
        await folded_again(state)
        async with inside(find(state), "enrolment") as service:
            of_before = saved.manifest.services["enrolment"].standing.relay.cluster_id
            assert (await service.cursor.state()).cluster_id != of_before

        at = (await positions(state))["enrolment"][0]
        await site.api.post("enrolment", NINTH_SITE, MET, key="a-site-after-all", role="sponsor")
        assert site.api.positions["enrolment"] == at + 1

        await site.play(LATER)  # the sites send again what they were told before the loss, and what came after it
        assert site.api.replayed > 10, "answers of before the backup are known"
        await until(site.holds_everything)
        flow = await site.api.get("analytics", f"/studies/{STUDY}/participant-flow", role="sponsor")
        assert flow["screened"] == len(LATER)
        assert flow["stands_on"]["complete"]
        await folded_again(state)
        verified = await asyncio.to_thread(reluth, "verify", "--state-dir", state)
        assert verified.returncode == 0, verified.stdout


async def test_one_service_that_is_older_than_its_readers_makes_them_stop(saved: Saved, tmp_path: Path) -> None:
    state = saved.state
    newest = tmp_path / "newest"
    for command in (
        ("backup", "--to", newest, "--with-keys", "--prove"),
        ("restore", saved.backup, "--service", "enrolment", "--set-aside"),
    ):
        result = await asyncio.to_thread(reluth, *command, "--state-dir", state)
        assert result.returncode == 0, result.stderr

    assert (newest / "keys" / "kek").read_bytes() == (state / "kek").read_bytes()
    assert "keys/kek" in Manifest.read(newest).keys
    async with running(state) as site:
        before = await checksums(state)

        async def all_refuse() -> bool:
            return all([(await site.health(name, "ready"))["status"] == "failed" for name in READERS])

        await until(all_refuse)
        for name in READERS:
            says = (await site.health(name, "ready"))["checks"]["inbox"]["because"]
            assert "source went back: enrolment" in says
        status = await asyncio.to_thread(reluth, "status", "--state-dir", state)
        assert status.returncode == 1
        assert "source went back: enrolment" in status.stdout
        await site.api.post("enrolment", NINTH_SITE, MET, key="another-history", role="sponsor")
        after = await checksums(state)
        assert {k: v for k, v in after.items() if k[0] in READERS} == {
            k: v for k, v in before.items() if k[0] in READERS
        }

    result = await asyncio.to_thread(
        reluth, "restore", newest, "--service", "enrolment", "--set-aside", "--state-dir", state
    )
    assert result.returncode == 0, result.stderr
    async with running(state) as site:
        await until(site.holds_everything)
        assert await positions(state) == saved.went_on, "the newest state is the way back"
        status = await asyncio.to_thread(reluth, "status", "--state-dir", state)
        assert status.returncode == 0, status.stdout
