"""The server.properties of one node of a secured cluster."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from services.cli.cluster.acls import ADMIN
from services.cli.embedded.ports import LOOPBACK

KEYSTORE: Final = "node.pem"  # both beside server.properties, from where the node is started
TRUSTSTORE: Final = "ca.pem"


@dataclass(frozen=True)
class Ports:
    """The three listeners of a node."""

    client: int
    internal: int
    controller: int


def principal(node: int) -> str:
    """The common name in a node's certificate."""
    return f"reluth-kafka-{node}"


def node_settings(node: int, cluster: Sequence[Ports], data: str) -> Mapping[str, str]:
    """All settings of node `node` (from 1) of a cluster whose nodes have these ports; `data` is its log directory.

    Clients prove who they are by SCRAM inside TLS. Nodes prove it by a certificate of the cluster's authority, on
    listeners of their own: the controller listener cannot do SCRAM (its users are kept in what it serves), which is why
    mechanisms are named per listener and never for all.
    """
    ports, nodes = cluster[node - 1], range(1, len(cluster) + 1)
    copies = str(len(cluster))
    in_sync = str(max(1, len(cluster) - 1))
    client, internal = f"CLIENT://{LOOPBACK}:{ports.client}", f"INTERNAL://{LOOPBACK}:{ports.internal}"
    return {
        "process.roles": "broker,controller",
        "node.id": str(node),
        "log.dirs": data,
        "listeners": f"{client},{internal},CONTROLLER://{LOOPBACK}:{ports.controller}",
        "advertised.listeners": f"{client},{internal}",
        "controller.quorum.voters": ",".join(f"{n}@{LOOPBACK}:{cluster[n - 1].controller}" for n in nodes),
        "controller.listener.names": "CONTROLLER",
        "inter.broker.listener.name": "INTERNAL",
        "listener.security.protocol.map": "CLIENT:SASL_SSL,INTERNAL:SSL,CONTROLLER:SSL",
        "ssl.keystore.type": "PEM",
        "ssl.keystore.location": KEYSTORE,
        "ssl.truststore.type": "PEM",
        "ssl.truststore.location": TRUSTSTORE,
        "listener.name.internal.ssl.client.auth": "required",
        "listener.name.controller.ssl.client.auth": "required",
        "listener.name.client.sasl.enabled.mechanisms": "SCRAM-SHA-512",
        "listener.name.client.scram-sha-512.sasl.jaas.config": (
            "org.apache.kafka.common.security.scram.ScramLoginModule required;"
        ),
        "authorizer.class.name": "org.apache.kafka.metadata.authorizer.StandardAuthorizer",
        "allow.everyone.if.no.acl.found": "false",
        "super.users": ";".join([f"User:{ADMIN}", *(f"User:CN={principal(n)}" for n in nodes)]),
        "auto.create.topics.enable": "false",
        "default.replication.factor": copies,
        "min.insync.replicas": in_sync,
        "unclean.leader.election.enable": "false",
        "offsets.topic.replication.factor": copies,
        "offsets.topic.num.partitions": "4",
        "transaction.state.log.replication.factor": copies,
        "transaction.state.log.min.isr": in_sync,
        "transaction.state.log.num.partitions": "4",
        "share.coordinator.state.topic.replication.factor": copies,
        "share.coordinator.state.topic.min.isr": in_sync,
        "share.coordinator.state.topic.num.partitions": "1",
        "group.initial.rebalance.delay.ms": "0",
        "log.cleaner.dedupe.buffer.size": "8388608",
        "num.network.threads": "2",
        "num.io.threads": "4",
        # facts do not expire: a consumer that is new next year reads from the first one
        "log.retention.ms": "-1",
        # how long a dead node's partitions have no leader; less, and a busy machine loses nodes that are alive
        "broker.session.timeout.ms": "6000" if len(cluster) > 1 else "2000",
        "broker.heartbeat.interval.ms": "500",
    }
