"""Topics of a broker: created where they are missing, never changed."""

from collections.abc import Mapping

from aiokafka.admin import AIOKafkaAdminClient, NewTopic
from aiokafka.errors import KafkaError, TopicAlreadyExistsError, for_code


class TopicMismatch(RuntimeError):
    """A topic exists with another number of partitions."""


async def ensure_topics(bootstrap: str, partitions: Mapping[str, int], *, replication_factor: int = 1) -> None:
    """Create the topics that do not exist; idempotent, also when two processes do it at once.

    Raises TopicMismatch rather than adding partitions: that would send a subject's later facts to another partition
    than its earlier ones, and a reader would see them out of order.
    """
    admin = AIOKafkaAdminClient(bootstrap_servers=bootstrap)
    await admin.start()
    try:
        response = await admin.create_topics(
            [NewTopic(name, count, replication_factor) for name, count in partitions.items()]
        )
        for name, code, *rest in response.topic_errors:
            error = for_code(code)
            if error is TopicAlreadyExistsError or not code:
                continue
            raise KafkaError(f"topic {name} could not be created: {error.__name__} {rest}")
        for topic in await admin.describe_topics(list(partitions)):
            found, wanted = len(topic["partitions"]), partitions[topic["topic"]]
            if found != wanted:
                raise TopicMismatch(f"topic {topic['topic']} has {found} partitions, not {wanted}")
    finally:
        await admin.close()
