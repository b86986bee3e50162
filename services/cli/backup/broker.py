"""What a broker still holds, asked before its sources are restored."""

from collections.abc import Mapping

from aiokafka import AIOKafkaConsumer, TopicPartition

from services.chassis.assembly import broker
from services.chassis.kafka import client_errors
from services.chassis.settings import settings_of
from services.cli import catalogue


async def records_by_topic() -> Mapping[str, int]:
    """How many records each of our topics holds, of those that hold any, on the broker that the settings name.

    Nothing when they name none. Raises KafkaError.
    """
    settings = settings_of()
    if settings.kafka_bootstrap is None:
        return {}
    consumer = AIOKafkaConsumer(**broker(settings).options())
    with client_errors():
        try:
            await consumer.start()
            there = await consumer.topics()
            found: dict[str, int] = {}
            for topic, count in catalogue.topics(settings.topic_prefix).items():
                partitions = [TopicPartition(topic, n) for n in range(count)] if topic in there else []
                begin, end = await consumer.beginning_offsets(partitions), await consumer.end_offsets(partitions)
                found[topic] = sum(end[p] - begin[p] for p in partitions)
        finally:
            await consumer.stop()
    return {topic: count for topic, count in found.items() if count}
