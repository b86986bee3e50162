"""A scene on the cluster of three: a source, a service that listens, their replicas as processes, what must hold."""

import asyncio
import hashlib
import json
import os
import random
import sys
import time
from collections import defaultdict
from collections.abc import AsyncIterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path
from typing import Any
from uuid import UUID

import asyncpg
from uuid6 import uuid7

from contracts.events.enrolment import TOPIC
from contracts.events.envelope import Provenance
from services.chassis.assembly import Opened, opened
from services.chassis.auth.outgoing import NobodyToAsk
from services.chassis.clock import system_clock
from services.chassis.inbox.conformance import STUDY, Trail
from services.chassis.log.port import Batch, StreamAppend
from services.chassis.meta import Meta
from services.chassis.projections.reader import ProjectionReader
from services.chassis.settings import settings_of
from services.cli.cluster import acls
from services.cli.cluster.administration import ensure_rules
from services.cli.cluster.cluster import SecuredKafka
from services.cli.embedded.topics import ensure_topics
from tests.conftest import Server, fresh_database
from tests.torture.processes import ROOT, Worker, seeded, until
from tests.torture.workers import SOURCE, Told, reader, trails

PARTITIONS = 6
SUBJECTS = 24


class Three:
    """The cluster, and the topics and permissions that scenes have asked for."""

    def __init__(self, cluster: SecuredKafka) -> None:
        self.cluster = cluster
        self._topics: dict[str, int] = {}
        self._rules: set[acls.Rule] = set(acls.rules())

    async def admit(self, prefix: str) -> None:
        """The topics under this prefix that enrolment writes, of which analytics may read the one it listens to."""
        topic, group = prefix + TOPIC, prefix + acls.group("analytics")
        may = acls.Operation
        for written in SOURCE.owned_topics(prefix):  # what its relay says of itself it says on each
            self._topics[written] = PARTITIONS
            writing = (may.WRITE, may.DESCRIBE)
            self._rules |= {acls.Rule("enrolment", acls.Resource.TOPIC, written, op) for op in writing}
        self._rules |= {acls.Rule("analytics", acls.Resource.TOPIC, topic, op) for op in (may.READ, may.DESCRIBE)}
        self._rules.add(acls.Rule("analytics", acls.Resource.GROUP, group, may.READ))
        await self.furnish()

    async def furnish(self) -> None:
        """Make the cluster have them, also one that is new."""
        admin = self.cluster.connection(acls.ADMIN)
        await ensure_topics(self.cluster.bootstrap, self._topics, replication_factor=-1, connection=admin.options())
        await ensure_rules(admin, self._rules)


@dataclass(slots=True)
class Progress:
    """How a position was seen to move: moments and values."""

    moves: list[tuple[float, int]] = field(default_factory=list)

    @property
    def longest(self) -> float:
        """Seconds between two moves."""
        return max((after[0] - before[0] for before, after in pairwise(self.moves)), default=0.0)

    @property
    def went_back(self) -> list[tuple[int, int]]:
        return [(before[1], after[1]) for before, after in pairwise(self.moves) if after[1] < before[1]]


@dataclass
class Scene:
    """A source that tells and a service that listens, each with its database; this process is a replica of both."""

    three: Three
    prefix: str
    room: Path
    source: Opened[None]
    service: Opened[None]
    pool: "asyncpg.Pool[asyncpg.Record]"
    source_url: str
    settings: Mapping[str, Mapping[str, Any]]
    rng: random.Random
    told: dict[str, list[int]] = field(default_factory=lambda: defaultdict(list))
    """What was acknowledged to us, by subject, in order."""
    workers: list[Worker] = field(default_factory=list)

    @property
    def topic(self) -> str:
        return self.prefix + TOPIC

    async def relay(self, lease: float = 1.0) -> Worker:
        return await self._start("relay", "enrolment", lease=lease)

    async def consumer(self, session: float = 6.0, forgiving: bool = False) -> Worker:
        return await self._start("consumer", "analytics", session=session, forgiving=forgiving)

    async def _start(self, role: str, service: str, **given: Any) -> Worker:
        own = {"role": role, "settings": self.settings[service], "seed": self.rng.randrange(10**9), "pause": 2}
        order = own | given
        worker = await Worker.start(order, self.room / f"{role}-{len(self.workers)}.log")
        self.workers.append(worker)
        return worker

    async def tell(self, subject: str, number: int | None = None) -> None:
        """One more fact about a subject. Not for two at once about the same."""
        before = self.told[subject]
        number = 1000 + len(before) if number is None else number
        fact = Told(study=STUDY, subject=subject, number=number)
        event = self.source.facts.event(UUID(int=uuid7().int), fact, Meta(Provenance(actor="a")))
        await self.source.log.append(Batch((StreamAppend(f"told-{fact.key}", len(before), (event,)),)))
        before.append(number)

    @asynccontextmanager
    async def load(self, rate: int = 150) -> AsyncIterator[None]:
        """Facts at a rate (a second) until the end of the block."""
        subjects = [f"01-{n:03d}" for n in range(1, SUBJECTS + 1)]

        enough = asyncio.Event()

        async def go_on() -> None:
            due = time.monotonic()
            while not enough.is_set():
                due += 0.04
                some = self.rng.sample(subjects, min(max(round(rate * 0.04), 1), SUBJECTS))
                await asyncio.gather(*map(self.tell, some))
                await asyncio.sleep(max(due - time.monotonic(), 0))

        telling = asyncio.create_task(go_on())
        try:
            yield
        finally:
            enough.set()  # not cancelled: what is under way would be written, and nobody told
            await telling

    async def acknowledged(self) -> int:
        """Where the relay's cursor is."""
        return (await self.source.cursor.state()).out_pos

    @asynccontextmanager
    async def acknowledgements(self) -> AsyncIterator[Progress]:
        """How the relay's cursor moves within the block, seen every 10 ms."""
        progress = Progress()

        async def watch() -> None:
            while True:
                position = await self.acknowledged()
                if not progress.moves or position != progress.moves[-1][1]:
                    progress.moves.append((time.monotonic(), position))
                await asyncio.sleep(0.01)

        watching = asyncio.create_task(watch())
        try:
            yield progress
            assert not watching.done(), watching.exception()
        finally:
            watching.cancel()
            await asyncio.gather(watching, return_exceptions=True)

    async def publish_again(self) -> None:
        """Let the next relay believe that its cluster is another one: the outbox has what the broker has lost."""
        connection = await asyncpg.connect(self.source_url)
        await connection.execute("UPDATE relay_cursor SET cluster_id = 'lost'")
        await connection.close()

    async def offsets_went_back(self) -> bool:
        """Whether somebody has ever moved an offset of the listening service back."""
        return bool(await self.pool.fetchval("SELECT count(*) FROM went_back"))

    async def held(self) -> int:
        """How far the listening service holds the topic without a hole."""
        standing = (await self.service.inbox.standings()).get(self.topic)
        return standing.topic_pos if standing else 0

    async def caught_up(self, seconds: float = 60.0) -> None:
        said = (await self.source.log.head()).out_pos

        async def all_held() -> bool:
            return await self.held() == said

        try:
            await until(all_held, seconds)
        except AssertionError:
            states = [worker.says for worker in self.workers if worker.running]
            raise AssertionError(f"{await self.held()} of {said} held within {seconds:g} s: {states}") from None

    async def holds(self, count: int) -> bool:
        """Whether the listening service holds so many without a hole."""
        return await self.held() >= count

    async def rows(self) -> Mapping[str, Trail]:
        """The serving read model."""
        return (await ProjectionReader(self.service.projections, trails()).find()).value

    async def checksum(self) -> tuple[str, int]:
        """Of the serving read model, and its rows."""
        _, checksum, rows = await self.service.operations.checksum("trails")
        return checksum, rows

    async def slowest(self) -> float:
        """The longest time from a fact's append to the transaction in which it became visible, in seconds."""
        return float(
            await self.pool.fetchval("SELECT max(extract(epoch FROM received_at - recorded_at)) FROM inbox") or 0
        )

    async def check(self) -> None:
        """The log is what was acknowledged, the inbox is the log, the rows are its fold, and so is a rebuild."""
        assert await self._logged() == self.told
        outbox = await self.source.log.read_outbox(0, 10**7)
        rows = await self.pool.fetch("SELECT in_pos, topic_pos, key, key_seq, event_id FROM inbox ORDER BY in_pos")
        assert [row["in_pos"] for row in rows] == list(range(1, len(outbox) + 1))
        assert sorted((row["topic_pos"], row["event_id"].bytes) for row in rows) == [
            (message.topic_pos, message.event.event_id.bytes) for message in outbox
        ]
        places, seqs = defaultdict[str, list[int]](list), defaultdict[str, list[int]](list)
        for row in rows:
            places[row["key"]].append(row["topic_pos"])
            seqs[row["key"]].append(row["key_seq"])
        for key, seq in seqs.items():
            assert seq == list(range(1, len(seq) + 1)), key
            assert places[key] == sorted(places[key]), key
        assert await self.rows() == {f"{STUDY}/{subject}": folded(numbers) for subject, numbers in self.told.items()}
        rebuilt = await self.service.operations.rebuild("trails")
        assert rebuilt.same is True
        assert (rebuilt.checksum, rebuilt.rows) == await self.checksum()
        assert (await self.service.inbox.completeness()).detail == {self.topic: f"exactly 1..{len(outbox)}"}

    async def reluth(self, *arguments: str, program: str = "mended", **variables: str) -> tuple[int, str]:
        """Status and output of the command, where services are external."""
        given = {
            f"RELUTH_{service.upper()}_{name.upper()}": value
            for service, settings in self.settings.items()
            for name, value in settings.items()
        }
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "tests.torture.workers", program, *arguments, "--state-dir", str(self.room)),
            cwd=ROOT,
            env=os.environ | given | variables,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.STDOUT,
        )
        output, _ = await asyncio.wait_for(process.communicate(), 60)
        assert process.returncode is not None
        return process.returncode, output.decode()

    async def _logged(self) -> dict[str, list[int]]:
        """The numbers in the log, by subject, read from their bytes."""
        logged = defaultdict[str, list[int]](list)
        for event in await self.source.log.read(0, 10**7):
            payload = json.loads(event.payload)
            logged[payload["subject"]].append(payload["number"])
        return logged


def folded(numbers: list[int]) -> Trail:
    """What the read model must say of these numbers in this order."""
    steps = ""
    for number in numbers:
        steps = hashlib.sha256(f"{steps}/{number}".encode()).hexdigest()
    return Trail(len(numbers), steps, tuple(numbers[-3:]))


_NOTED = """
CREATE TABLE went_back AS SELECT partition, next_offset FROM inbox_offsets;
GRANT SELECT ON went_back TO PUBLIC;
CREATE FUNCTION note() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER AS
$$BEGIN INSERT INTO went_back VALUES (NEW.partition, NEW.next_offset); RETURN NULL; END$$;
CREATE TRIGGER went_back AFTER UPDATE ON inbox_offsets
FOR EACH ROW WHEN (NEW.next_offset < OLD.next_offset) EXECUTE FUNCTION note();
"""


@asynccontextmanager
async def staged(
    three: Three, server: Server, room: Path, name: str, *, forgiving: bool = False
) -> AsyncIterator[Scene]:
    """A scene of its own; at its end no process of it is left. `forgiving`: what this process folds."""
    prefix, rng = f"t{uuid7().hex[-8:]}.", seeded(name)
    await three.cluster.restart()  # what a failed test left dead
    await three.admit(prefix)
    async with AsyncExitStack() as stack:
        databases = [await stack.enter_async_context(fresh_database(server)) for _ in range(2)]
        settings = {
            user: {
                "database_url": database.url,
                "kafka_bootstrap": three.cluster.bootstrap,
                "kafka_security": "SASL_SSL",
                "kafka_username": user,
                "kafka_password": three.cluster.connection(user).password,
                "kafka_ca_file": str(three.cluster.ca_file),
                "topic_prefix": prefix,
            }
            for user, database in zip(("enrolment", "analytics"), databases, strict=True)
        }
        source, service = [
            await stack.enter_async_context(opened(spec, settings_of(spec.name, **given), system_clock, NobodyToAsk))
            for spec, given in zip((SOURCE, reader(forgiving)), settings.values(), strict=True)
        ]
        await service.projections.start()
        admin = await asyncpg.connect(databases[1].admin_url)
        await admin.execute(_NOTED)
        await admin.close()
        pool = await stack.enter_async_context(asyncpg.create_pool(databases[1].url, min_size=1, max_size=2))
        scene = Scene(three, prefix, room, source, service, pool, databases[0].url, settings, rng)
        try:
            yield scene
        finally:
            await asyncio.gather(*(worker.kill() for worker in scene.workers if worker.running))
