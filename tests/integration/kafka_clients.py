"""What the tests of the secured broker do as its clients."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from pathlib import Path

from aiokafka import AIOKafkaConsumer, AIOKafkaProducer

from services.chassis.kafka import KafkaConnection


async def until(condition: Callable[[], Awaitable[bool]], seconds: float = 30.0) -> None:
    async with asyncio.timeout(seconds):
        while not await condition():
            await asyncio.sleep(0.05)


async def write(connection: KafkaConnection, topic: str, value: bytes = b"{}") -> None:
    """As the relay writes. Raises what the broker answered."""
    producer = AIOKafkaProducer(**connection.options(), enable_idempotence=True, acks="all", request_timeout_ms=5000)
    try:
        await producer.start()
        await producer.send_and_wait(topic, value, b"RELUTH/01-001")
    finally:
        await producer.stop()


async def read(connection: KafkaConnection, topic: str, group: str) -> list[bytes]:
    """Everything in a topic, as a member of a group. Raises what the broker answered."""
    consumer = AIOKafkaConsumer(topic, **connection.options(), group_id=group, auto_offset_reset="earliest")
    try:
        await consumer.start()
        async with asyncio.timeout(15):
            while not consumer.assignment():
                await consumer.getmany(timeout_ms=50)
            ends = await consumer.end_offsets(consumer.assignment())
            found: list[bytes] = []
            while len(found) < sum(ends.values()):
                fetched = await consumer.getmany(timeout_ms=200)
                found += [record.value for records in fetched.values() for record in records]
            return found
    finally:
        await consumer.stop()


def variables(file: Path) -> Mapping[str, str]:
    return dict(line.split("=", 1) for line in file.read_text().splitlines())
