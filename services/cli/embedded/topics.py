"""Topics of a broker: created where they are missing, never changed."""

import asyncio
from collections.abc import Mapping
from typing import Any, Final

from aiokafka.admin import AIOKafkaAdminClient, NewTopic
from aiokafka.errors import KafkaError, TopicAlreadyExistsError, for_code

_KNOWN_SECONDS: Final = 30.0


class TopicMismatch(RuntimeError):
    """A topic exists with another number of partitions."""


async def ensure_topics(
    bootstrap: str,
    partitions: Mapping[str, int],
    *,
    replication_factor: int = 1,
    connection: Mapping[str, Any] | None = None,
) -> None:
    """Create the topics that do not exist; idempotent, also when two processes do it at once.

    `connection`: options of the client for a broker that wants more than an address. A `replication_factor` of -1 is
    the broker's own default.
    Raises TopicMismatch rather than adding partitions: that would send a subject's later facts to another partition
    than its earlier ones, and a reader would see them out of order.
    """
    admin = AIOKafkaAdminClient(**({"bootstrap_servers": bootstrap} | dict(connection or {})))
    try:
        await admin.start()
        # aiokafka takes -1 only together with a placement of its own, and an empty one is none
        placement: dict[int, list[int]] | None = {} if replication_factor == -1 else None
        response = await admin.create_topics(
            [NewTopic(name, count, replication_factor, placement) for name, count in partitions.items()]
        )
        for name, code, *rest in response.topic_errors:
            error = for_code(code)
            if error is TopicAlreadyExistsError or not code:
                continue
            raise KafkaError(f"topic {name} could not be created: {error.__name__} {rest}")
        for name, found in (await _counts(admin, list(partitions))).items():
            if found != partitions[name]:
                raise TopicMismatch(f"topic {name} has {found} partitions, not {partitions[name]}")
    finally:
        await admin.close()


async def _counts(admin: AIOKafkaAdminClient, names: list[str]) -> dict[str, int]:
    """Partitions by topic. A broker that has just created a topic may not know them yet: it is asked again."""
    async with asyncio.timeout(_KNOWN_SECONDS):
        while True:
            found = {topic["topic"]: len(topic["partitions"]) for topic in await admin.describe_topics(names)}
            if all(found.get(name) for name in names):
                return found
            await asyncio.sleep(0.05)
