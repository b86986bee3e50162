"""Emmett's event store on PostgreSQL, from Node."""

from pathlib import Path

from benchmarks.peers.peer import Guarantees, Peer

PEER = Peer(
    "Emmett",
    "0.42.0",
    "getPostgreSQLEventStore().appendToStream, one Node process, pg's pool",
    Guarantees(
        check="yes: expectedStreamVersion",
        key="no",
        outbox="no: consumers poll the messages",
        chain="no",
        feed="below the oldest running transaction, in its order; positions of a sequence, with holes",
    ),
    lambda: ["node", str(Path(__file__).with_name("emmett.mjs"))],
    language="node",
)
