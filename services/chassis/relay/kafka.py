"""The relay's producer on Apache Kafka: idempotent, acknowledged by all in-sync replicas, not reused after an error."""

import asyncio
import contextlib
import logging
from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple
from uuid import UUID

from aiokafka import AIOKafkaProducer
from aiokafka.errors import KafkaError

from contracts.events.wire import Announcement, Mark, Message, Places, relay_headers, to_headers, value_of
from services.chassis.kafka import ClusterWatch, KafkaConnection, client_errors
from services.chassis.relay.port import SendFailed

_logger = logging.getLogger(__name__)
_ERRORS = (KafkaError, OSError, TimeoutError, AssertionError)  # aiokafka asserts on a topic without partitions
_START_SECONDS = 15.0
_STOP_SECONDS = 5.0


class _Out(NamedTuple):
    topic: str
    value: bytes
    key: bytes | None
    headers: list[tuple[str, bytes]]
    partition: int | None = None


class KafkaProducer:
    """A `Producer` for one term of a relay."""

    def __init__(self, connection: KafkaConnection, *, request_timeout: float = 20.0) -> None:
        self._connection, self._timeout_ms = connection, int(request_timeout * 1000)
        self._producer: AIOKafkaProducer | None = None
        self._watch: ClusterWatch | None = None

    async def start(self) -> None:
        """See `Producer.start`."""
        try:
            with client_errors():
                await self._connect()
        except _ERRORS as error:
            raise SendFailed(f"cannot connect to the broker: {type(error).__name__}") from error

    async def _connect(self) -> None:
        async with asyncio.timeout(_START_SECONDS):
            self._watch = await ClusterWatch(self._connection).__aenter__()
            self._producer = AIOKafkaProducer(
                **self._connection.options(),
                enable_idempotence=True,
                acks="all",
                max_batch_size=128 * 1024,
                request_timeout_ms=self._timeout_ms,
            )
            await self._producer.start()

    async def cluster_id(self) -> str:
        """See `Producer.cluster_id`."""
        if self._watch is None:
            raise SendFailed("not started")
        try:
            async with asyncio.timeout(_START_SECONDS):
                return await self._watch.cluster_id()
        except _ERRORS as error:
            raise SendFailed(f"cannot ask the broker for its cluster: {type(error).__name__}") from error

    async def send(self, messages: Sequence[Message]) -> None:
        """See `Producer.send`."""
        await self._send(_Out(m.topic, m.value, m.key.encode(), to_headers(m)) for m in messages)

    async def mark(self, topics: Sequence[str], source: str, mark: UUID) -> Mapping[str, int]:
        """See `Producer.mark`."""
        partitions = {topic: await self._partitions(topic) for topic in topics}
        await self._everywhere([(Mark(topic, source, mark, n), n) for topic, n in partitions.items()])
        return partitions

    async def announce(self, source: str, mark: UUID, topics: Mapping[str, Places]) -> None:
        """See `Producer.announce`."""
        said = [(Announcement(topic, source, mark, topics), places.partitions) for topic, places in topics.items()]
        await self._everywhere(said)

    async def _everywhere(self, records: Sequence[tuple[Mark | Announcement, int]]) -> None:
        await self._send(
            _Out(record.topic, value_of(record), None, relay_headers(record), number)
            for record, partitions in records
            for number in range(partitions)
        )

    async def _partitions(self, topic: str) -> int:
        if self._producer is None:
            raise SendFailed("not started")
        try:
            with client_errors():
                return len(await self._producer.partitions_for(topic))
        except _ERRORS as error:
            raise SendFailed(f"{topic}: {type(error).__name__} from the broker") from error

    async def _send(self, records: "Iterable[_Out]") -> None:
        if self._producer is None:
            raise SendFailed("not started")
        acknowledgements: list[asyncio.Future[object]] = []
        try:
            with client_errors():
                for out in records:
                    acknowledgements.append(
                        await self._producer.send(
                            out.topic, out.value, out.key, partition=out.partition, headers=out.headers
                        )
                    )
                await asyncio.gather(*acknowledgements)
        except BaseException as error:
            await self._discard(acknowledgements, error)
            if isinstance(error, _ERRORS):
                raise SendFailed(f"{type(error).__name__} from the broker") from error
            raise

    async def _discard(self, acknowledgements: "list[asyncio.Future[object]]", error: BaseException) -> None:
        """Give up what is still queued: a flush would wait for as long as the broker is away."""
        if self._producer is not None:
            failure = error if isinstance(error, KafkaError) else KafkaError("given up")
            self._producer._message_accumulator.fail_all(failure)
        await asyncio.gather(*acknowledgements, return_exceptions=True)

    async def stop(self) -> None:
        """See `Producer.stop`."""
        for part in (self._producer, self._watch):
            if part is None:
                continue
            closing = part.stop() if isinstance(part, AIOKafkaProducer) else part.close()
            try:
                async with asyncio.timeout(_STOP_SECONDS):
                    with contextlib.suppress(*_ERRORS), client_errors():
                        await closing
            except TimeoutError:
                _logger.warning("the broker's connection did not close in %g s", _STOP_SECONDS)
        self._producer = self._watch = None
