"""The Python library eventsourcing, at the level of its recorder: no aggregates, no mapping of objects."""

import sys
from functools import partial
from urllib.parse import parse_qs, unquote, urlsplit
from uuid import UUID

from benchmarks.load import PAYLOAD, Load, Worked, done, drive_threads, given
from benchmarks.peers.peer import PYTHON, Guarantees, Peer

_FUNCTIONS = "functions"


def _command(*arguments: str) -> list[str]:
    return [str(PYTHON), "-m", "benchmarks.peers.eventsourcing_log", *arguments]


LOCKED = Peer(
    "eventsourcing",
    "9.5.6",
    "PostgresApplicationRecorder.insert_events, a thread per writer, psycopg in C, its default, which"
    " locks the table for each insert",
    Guarantees(
        check="yes: unique (originator, version)",
        key="no",
        outbox="no: the feed is the outbox",
        chain="no",
        feed="in order of commit, by the table lock; holes after a refused append",
    ),
    partial(_command),
)
UNLOCKED = Peer(
    "eventsourcing, DB functions",
    "9.5.6",
    "the same with enable_db_functions: one call of a function, no table lock",
    Guarantees(
        check="yes: unique (originator, version)",
        key="no",
        outbox="no: the feed is the outbox",
        chain="no",
        feed="by a sequence, nothing serializes inserts: a reader at the end can pass over an event for good",
    ),
    partial(_command, _FUNCTIONS),
)


def work(load: Load, functions: bool) -> Worked:
    """Append through the recorder, read back through its notifications."""
    from eventsourcing.persistence import StoredEvent
    from eventsourcing.postgres import PostgresApplicationRecorder, PostgresDatastore

    url = urlsplit(load.place)
    socket = parse_qs(url.query).get("host", [url.hostname or ""])[0]
    store = PostgresDatastore(
        dbname=url.path[1:],
        host=socket,
        port=url.port or 5432,
        user=url.username or "",
        password=unquote(url.password or ""),
        pool_size=load.pool,
        connect_timeout=30,
        enable_db_functions=functions,
    )
    recorder = PostgresApplicationRecorder(store)
    recorder.create_table()
    state = PAYLOAD.encode()

    def append(_: int, stream: int, expected: int) -> None:
        event = StoredEvent(
            originator_id=UUID(int=stream), originator_version=expected + 1, topic="test.happened", state=state
        )
        recorder.insert_events([event])

    worked = drive_threads(load, append)
    after: int | None = None
    while page := recorder.select_notifications(after, 5_000, inclusive_of_start=False):
        worked.feed += [(n.id, n.originator_id.int, n.originator_version) for n in page]
        after = page[-1].id
    store.close()
    return worked


if __name__ == "__main__":
    done(work(given(), _FUNCTIONS in sys.argv))
