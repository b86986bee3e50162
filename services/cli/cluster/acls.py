"""Who may do what on the broker, derived from the contracts: `python -m services.cli.cluster.acls` prints it.

Nothing is written by hand here: a topic's owner and its readers stand in `contracts.events.catalogue`, and what is not
said there is refused.
"""

import sys
from dataclasses import dataclass
from enum import IntEnum
from typing import Final

from contracts.events.catalogue import OWNERS, READERS, TOPICS
from services.cli.catalogue import NAMES

ADMIN: Final = "admin"
"""The one user to whom no rule applies: it creates topics and writes these rules."""

CLUSTER: Final = "kafka-cluster"
"""The name by which rules speak of the cluster as a whole."""


class Resource(IntEnum):
    """What a rule is about, in the broker's numbers (org.apache.kafka.common.resource.ResourceType)."""

    TOPIC = 2
    GROUP = 3
    CLUSTER = 4


class Operation(IntEnum):
    """What it allows, in the broker's numbers (org.apache.kafka.common.acl.AclOperation)."""

    READ = 3
    WRITE = 4
    DESCRIBE = 8
    IDEMPOTENT_WRITE = 12


@dataclass(frozen=True, order=True)
class Rule:
    """One user may do one thing with the one resource of exactly that name, from any address."""

    user: str
    resource: Resource
    name: str
    operation: Operation

    def __str__(self) -> str:
        return f"{self.user:<10}  {self.operation.name.lower():<16}  {self.resource.name.lower()} {self.name}"


def group(service: str) -> str:
    """The consumer group of a service."""
    return f"reluth-{service}"


def rules() -> frozenset[Rule]:
    """Every permission there is.

    Since Kafka 2.8 (KIP-679) whoever may write to some topic may open an idempotent producer. A service without a topic
    has a relay all the same, with nothing to send, which opens one: IDEMPOTENT_WRITE is for it, and opens no topic.
    DESCRIBE is implied by READ and WRITE, and said all the same, because people read this.
    """
    silent = set(NAMES) - set(OWNERS.values())
    found = {Rule(service, Resource.CLUSTER, CLUSTER, Operation.IDEMPOTENT_WRITE) for service in silent}
    for topic in TOPICS:
        found |= {Rule(OWNERS[topic], Resource.TOPIC, topic, op) for op in (Operation.WRITE, Operation.DESCRIBE)}
        for reader in READERS[topic]:
            found |= {Rule(reader, Resource.TOPIC, topic, op) for op in (Operation.READ, Operation.DESCRIBE)}
            found.add(Rule(reader, Resource.GROUP, group(reader), Operation.READ))
    if strangers := {rule.user for rule in found} - set(NAMES):
        raise ValueError(f"the contracts name services that there are not: {', '.join(sorted(strangers))}")
    return frozenset(found)


def table() -> str:
    """The content of `deploy/kafka/acls.txt`: a rule a line."""
    return "".join(f"{rule}\n" for rule in sorted(rules()))


if __name__ == "__main__":
    sys.stdout.write(table())
