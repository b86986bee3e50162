"""The inbox's consumer on Apache Kafka: a member of its service's group that believes rows about offsets, not Kafka."""

import asyncio
import contextlib
import logging
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final

from aiokafka import AIOKafkaConsumer, ConsumerRecord, TopicPartition
from aiokafka.errors import KafkaError

from services.chassis.background import Backoff, pause
from services.chassis.health import Condition
from services.chassis.inbox.inbox import Fetched, Inbox, Record
from services.chassis.inbox.lines import SourceWentBack
from services.chassis.inbox.port import Partition
from services.chassis.kafka import ClusterWatch, KafkaConnection, client_errors
from services.chassis.unavailable import Unavailable

_logger = logging.getLogger(__name__)
_ERRORS: Final = (KafkaError, OSError, TimeoutError, AssertionError)
_START_SECONDS: Final = 30.0
_STOP_SECONDS: Final = 10.0


class ConsumerState(StrEnum):
    """What a consumer is doing."""

    STOPPED = "stopped"
    STARTING = "starting"
    CONSUMING = "consuming"
    RETRYING = "retrying"
    REFUSING = "refusing"


@dataclass(slots=True)
class ConsumerStatus:
    """What health and metrics read. `stopped`: partitions at a record that must not be stepped over, and why."""

    state: ConsumerState = ConsumerState.STOPPED
    cluster_id: str | None = None
    assigned: tuple[str, ...] = ()
    stopped: dict[str, str] = field(default_factory=dict)
    batches: int = 0
    seeks: int = 0
    failures: int = 0
    last_error: str | None = None

    def condition(self) -> Condition:
        """Failed: a person is needed. Degraded: it retries by itself."""
        detail = {"state": self.state.value, "partitions": len(self.assigned)}
        if self.state is ConsumerState.REFUSING:
            return Condition.failed(**detail, because=self.last_error)
        if self.stopped:
            return Condition.failed(**detail, stopped=dict(self.stopped))
        if self.state in (ConsumerState.RETRYING, ConsumerState.STOPPED):
            return Condition.degraded(**detail, because=self.last_error)
        return Condition.ok(**detail)


@dataclass(frozen=True, slots=True)
class ConsumerSettings:
    """Records per transaction, and seconds."""

    batch: int = 500
    poll: float = 0.5
    cluster_check: float = 5.0
    commit_every: float = 1.0
    session: float = 10.0


@dataclass(slots=True)
class KafkaConsumer:
    """Reads the topics as one member of `group` and hands what it fetches to the inbox.

    What decides where to read is the offset row, checked by the inbox in the transaction that stores. This loop only
    remembers where it believes it stands. So nothing depends on when the group's listener runs: records that arrive
    for a partition which was not sought yet are thrown away, and whoever believes wrong is told where to read on.
    """

    inbox: Inbox
    connection: KafkaConnection
    group: str
    topics: Sequence[str]
    settings: ConsumerSettings = field(default_factory=ConsumerSettings)
    backoff: Backoff = field(default_factory=Backoff)
    status: ConsumerStatus = field(default_factory=ConsumerStatus)
    _stopping: asyncio.Event = field(default_factory=asyncio.Event)

    async def run(self) -> None:
        """Consume until `stop`, or until a source went back: then it stays stopped and says so."""
        self._stopping.clear()
        while not self._stopping.is_set():
            self.status.state = ConsumerState.STARTING
            try:
                with client_errors():
                    await self._session()
            except SourceWentBack as error:
                self.status.state, self.status.last_error = ConsumerState.REFUSING, str(error)
                _logger.critical("%s: %s", self.group, error)
                await self._stopping.wait()
            except (Unavailable, *_ERRORS) as error:
                await self._failed(type(error).__name__)
            except Exception as error:  # must not end unseen: facts would wait without anybody knowing
                _logger.exception("consumer of %s", self.group)
                await self._failed(type(error).__name__)
        self.status.state = ConsumerState.STOPPED

    def stop(self) -> None:
        """Ask `run` to finish its transaction, leave the group and return."""
        self._stopping.set()

    async def _failed(self, because: str) -> None:
        self.status.state = ConsumerState.RETRYING
        self.status.failures += 1
        self.status.last_error = because
        _logger.warning("consumer of %s: %s", self.group, because)
        await pause(self._stopping, self.backoff.next())

    async def _session(self) -> None:
        """One membership: it ends with an error, with another cluster at the same address, or with `stop`."""
        async with contextlib.AsyncExitStack() as stack:
            async with asyncio.timeout(_START_SECONDS):
                watch = await stack.enter_async_context(ClusterWatch(self.connection))
                cluster_id = await watch.cluster_id()
                consumer = self._client()
                stack.push_async_callback(self._leave, consumer)
                await consumer.start()
            self.status.cluster_id = cluster_id
            await _Session(self, consumer, cluster_id, watch).consume()

    def _client(self) -> AIOKafkaConsumer:
        return AIOKafkaConsumer(
            *self.topics,
            **self.connection.options(),
            group_id=self.group,
            enable_auto_commit=False,
            auto_offset_reset="earliest",
            session_timeout_ms=int(self.settings.session * 1000),
            heartbeat_interval_ms=int(self.settings.session * 1000 / 4),
            metadata_max_age_ms=30_000,
        )

    async def _leave(self, consumer: AIOKafkaConsumer) -> None:
        self.status.assigned = ()
        try:
            with client_errors():
                async with asyncio.timeout(_STOP_SECONDS):
                    await consumer.stop()
        except _ERRORS as error:
            _logger.warning("consumer of %s: leaving: %s", self.group, type(error).__name__)


class _Session:
    """One membership in the group of one cluster."""

    def __init__(self, of: KafkaConsumer, consumer: AIOKafkaConsumer, cluster_id: str, watch: ClusterWatch) -> None:
        self._of, self._consumer, self._cluster_id, self._watch = of, consumer, cluster_id, watch
        self._at: dict[TopicPartition, int] = {}
        self._stopped: dict[TopicPartition, str] = {}
        self._uncommitted: dict[TopicPartition, int] = {}
        self._checked = self._committed = time.monotonic()

    async def consume(self) -> None:
        settings = self._of.settings
        while not self._of._stopping.is_set():
            try:
                await self._follow_assignment()
                fetched = await self._fetch(settings)
                if fetched:
                    await self._take(fetched)
            except Unavailable as error:  # the database, not the broker: stay in the group, and seek again afterwards
                self._at.clear()
                await self._of._failed(f"{error.what} is not available")
                continue
            self._of.status.state, self._of.status.last_error = ConsumerState.CONSUMING, None
            self._of.backoff.reset()
            if not await self._same_cluster():
                return
            await self._commit(settings.commit_every)
        await self._commit(0.0)

    async def _fetch(self, settings: ConsumerSettings) -> dict[TopicPartition, list[ConsumerRecord]]:
        """What the client has, or nothing when it is time to stop."""
        fetching = asyncio.ensure_future(
            self._consumer.getmany(timeout_ms=int(settings.poll * 1000), max_records=settings.batch)
        )
        stopped = asyncio.ensure_future(self._of._stopping.wait())
        try:
            await asyncio.wait({fetching, stopped}, return_when=asyncio.FIRST_COMPLETED)
            return fetching.result() if fetching.done() else {}
        finally:
            for waiting in (fetching, stopped):
                waiting.cancel()
            await asyncio.gather(fetching, stopped, return_exceptions=True)

    async def _follow_assignment(self) -> None:
        """Forget partitions that went elsewhere, seek those that are new."""
        assigned = self._consumer.assignment()
        for gone in self._at.keys() - assigned:
            del self._at[gone]
            self._stopped.pop(gone, None)
        self._uncommitted = {tp: offset for tp, offset in self._uncommitted.items() if tp in assigned}
        await self._seed(assigned - self._at.keys())
        self._of.status.assigned = tuple(sorted(f"{tp.topic}-{tp.partition}" for tp in assigned))
        self._of.status.stopped = {f"{tp.topic}-{tp.partition}": why for tp, why in self._stopped.items()}

    async def _seed(self, partitions: "set[TopicPartition] | frozenset[TopicPartition]") -> None:
        if not partitions:
            return
        wanted = [Partition(tp.topic, tp.partition) for tp in partitions]
        for partition, offset in (await self._of.inbox.offsets(self._cluster_id, wanted)).items():
            self._seek(TopicPartition(*partition), offset)

    def _seek(self, tp: TopicPartition, offset: int) -> None:
        if tp not in self._consumer.assignment():  # moved while we asked
            self._at.pop(tp, None)
            return
        self._consumer.seek(tp, offset)
        self._at[tp] = offset
        self._of.status.seeks += 1

    async def _take(self, found: "dict[TopicPartition, list[ConsumerRecord]]") -> None:
        fetched: list[Fetched] = []
        for tp, records in found.items():
            start = self._at.get(tp)
            if start is None or not records or tp in self._stopped:
                continue  # fetched before we sought: not where we want to read
            if records[0].offset < start:
                await self._behind(tp, start, records[0].offset)
                continue
            if records[0].offset > start:
                _logger.warning(
                    "%s: offsets %d to %d of %s-%d are gone", self._of.group, start, records[0].offset - 1, *tp
                )
            fetched.append(
                Fetched(
                    Partition(tp.topic, tp.partition),
                    start,
                    records[-1].offset + 1,
                    [Record(r.offset, r.key, r.headers, r.value) for r in records],
                )
            )
        if not fetched:
            return
        result = await self._of.inbox.receive(self._cluster_id, fetched)
        self._of.status.batches += 1
        for fetch in fetched:
            tp = TopicPartition(*fetch.partition)
            if (offset := result.reseek.get(fetch.partition)) is not None:
                self._seek(tp, offset)
            elif (why := result.stopped.get(fetch.partition)) is not None:
                self._halt(tp, why)
            else:
                self._at[tp] = self._uncommitted[tp] = fetch.end

    def _halt(self, tp: TopicPartition, why: str) -> None:
        """Read no more of a partition; it is tried again after a restart, or by the member that gets it next."""
        _logger.critical("%s: %s-%d stopped: %s", self._of.group, tp.topic, tp.partition, why)
        self._stopped[tp] = why
        if tp in self._consumer.assignment():
            self._consumer.pause(tp)

    async def _behind(self, tp: TopicPartition, expected: int, got: int) -> None:
        """The client reads before the place that was sought.

        Either a rebalance made it start at its committed offset: seek again. Or the partition ends before that place
        (topic created anew, broker restored): the client was reset to what there is, and from there we read again;
        what was seen before is dropped by its place.
        """
        ends = await self._consumer.end_offsets([tp])
        if ends[tp] >= expected:
            self._seek(tp, expected)
            return
        _logger.warning("%s: %s-%d ends at %d, before %d", self._of.group, tp.topic, tp.partition, ends[tp], expected)
        partition = Partition(tp.topic, tp.partition)
        await self._of.inbox.rewind(self._cluster_id, partition, expected, got)
        await self._seed({tp})

    async def _same_cluster(self) -> bool:
        """Whether the cluster is still the one that the offsets belong to; asked from time to time."""
        if time.monotonic() - self._checked < self._of.settings.cluster_check:
            return True
        async with asyncio.timeout(_START_SECONDS):
            now = await self._watch.cluster_id()
        self._checked = time.monotonic()
        if now != self._cluster_id:
            _logger.warning("%s: cluster %s instead of %s, reading again", self._of.group, now, self._cluster_id)
        return now == self._cluster_id

    async def _commit(self, every: float) -> None:
        """Tell the broker, for its lag tools. Nothing is ever read from it, so a failure costs nothing."""
        if not self._uncommitted or time.monotonic() - self._committed < every:
            return
        self._committed = time.monotonic()
        offsets, self._uncommitted = self._uncommitted, {}
        try:
            with client_errors():
                async with asyncio.timeout(_STOP_SECONDS):
                    await self._consumer.commit(offsets)
        except _ERRORS as error:
            _logger.info("%s: offsets not committed: %s", self._of.group, type(error).__name__)
