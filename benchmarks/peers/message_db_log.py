"""Message DB (Eventide): PostgreSQL functions, called from Python as from any language."""

import asyncio
import sys
from functools import partial
from uuid import uuid4

import asyncpg

from benchmarks.load import PAYLOAD, STREAMS_PER_WRITER, Load, Worked, done, drive, given
from benchmarks.peers.peer import NODE_MODULES, Guarantees, Peer

POOL = 16
_APART = "apart"


def _command(*arguments: str) -> list[str]:
    return [sys.executable, "-m", "benchmarks.peers.message_db_log", *arguments]


ONE_CATEGORY = Peer(
    "Message DB",
    "1.3.1",
    f"write_message through asyncpg, prepared, pool of {POOL}; all streams in one category, as one feed needs",
    Guarantees(
        check="yes: expected_version",
        key="partly: a message id is unique, a repetition is an error",
        outbox="no: the feed is the outbox",
        chain="no",
        feed="in order within a category, by its advisory lock; holes after a refused append",
    ),
    partial(_command),
)
CATEGORIES = Peer(
    "Message DB, a category each",
    "1.3.1",
    f"the same with a category for each writer, so that writers do not wait for each other; pool of {POOL}",
    Guarantees(
        check="yes: expected_version",
        key="partly: a message id is unique, a repetition is an error",
        outbox="no: the feed is the outbox",
        chain="no",
        feed="a feed for each category, none of all",
    ),
    partial(_command, _APART),
)

# the order of the package's install.sh; pgcrypto is left out: PostgreSQL has gen_random_uuid itself since 13
_FUNCTIONS = (
    *("message-store-version", "hash-64", "acquire-lock", "category", "is-category", "id", "cardinal-id"),
    *("stream-version", "write-message", "get-stream-messages", "get-category-messages", "get-last-stream-message"),
)
_SCRIPTS = (
    *("schema/message-store", "tables/messages", "types/message"),
    *(f"functions/{name}" for name in _FUNCTIONS),
    *("indexes/messages-id", "indexes/messages-stream", "indexes/messages-category"),
)
_WRITE = "SELECT message_store.write_message($1::varchar, $2::varchar, 'test.happened'::varchar, $3::jsonb, NULL, $4)"


async def work(load: Load, apart: bool) -> Worked:
    """Install the package's SQL, append, read the table in the order of its global positions."""
    scripts = NODE_MODULES / "@eventide" / "message-db" / "database"
    path = {"search_path": "message_store, public"}
    connection = await asyncpg.connect(load.place, server_settings=path | {"client_min_messages": "warning"})
    for name in _SCRIPTS:
        await connection.execute((scripts / f"{name}.sql").read_text())
    size = min(load.concurrency, POOL)

    def name(stream: int) -> str:
        return f"subject{stream // STREAMS_PER_WRITER if apart else ''}-{stream}"

    async with asyncpg.create_pool(load.place, min_size=size, max_size=size, server_settings=path) as pool:
        worked = await drive(
            load,
            lambda stream, expected: pool.fetchval(_WRITE, str(uuid4()), name(stream), PAYLOAD, expected - 1),
        )
    rows = await connection.fetch(
        "SELECT global_position, stream_name, position FROM message_store.messages ORDER BY global_position"
    )
    await connection.close()
    worked.feed = [(place, int(stream.partition("-")[2]), position + 1) for place, stream, position in rows]
    return worked


if __name__ == "__main__":
    done(asyncio.run(work(given(), _APART in sys.argv)))
