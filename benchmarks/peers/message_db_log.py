"""Message DB (Eventide): PostgreSQL functions, called from Python as from any language."""

import asyncio
import sys
from collections.abc import Awaitable
from functools import partial
from uuid import uuid4

import asyncpg

from benchmarks.load import PAYLOAD, STREAMS_PER_WRITER, Load, Worked, done, drive, given
from benchmarks.peers.peer import NODE_MODULES, Guarantees, Peer

_APART, _COMPLETED = "apart", "completed"


def _command(*arguments: str) -> list[str]:
    return [sys.executable, "-m", "benchmarks.peers.message_db_log", *arguments]


ONE_CATEGORY = Peer(
    "Message DB",
    "1.3.1",
    "write_message through asyncpg, prepared, all streams in one category, as one feed needs",
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
    "the same with a category for each writer, so that writers do not wait for each other",
    Guarantees(
        check="yes: expected_version",
        key="partly: a message id is unique, a repetition is an error",
        outbox="no: the feed is the outbox",
        chain="no",
        feed="a feed for each category, none of all",
    ),
    partial(_command, _APART),
)

COMPLETED = Peer(
    "Message DB, completed by us",
    "1.3.1",
    "its write_message in a function of ours that adds what it lacks, under its own lock and in its transaction: a"
    " stored answer by key, a numbered outbox, a SHA-256 chain",
    Guarantees(
        check="yes: expected_version",
        key="ours: the stored answer",
        outbox="ours: numbered, in the same transaction",
        chain="ours: SHA-256 over id, stream, version, data",
        feed="ours: contiguous numbers, in order of commit",
        all_five=True,
    ),
    partial(_command, _COMPLETED),
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
_COMPLETE = """
CREATE TABLE head (n bigint, hash bytea);
INSERT INTO head VALUES (0, decode(repeat('00', 32), 'hex'));
CREATE TABLE outbox (n bigint PRIMARY KEY, id uuid, stream text, version bigint, value jsonb, hash bytea);
CREATE TABLE answers (key text PRIMARY KEY, response bigint);
CREATE FUNCTION write_all(_key text, _id text, _stream text, _data jsonb, _expected bigint) RETURNS bigint
LANGUAGE plpgsql AS $$
DECLARE
  _known bigint; _version bigint; _n bigint; _hash bytea;
BEGIN
  PERFORM message_store.acquire_lock(_stream);
  SELECT response INTO _known FROM answers WHERE key = _key;
  IF FOUND THEN RETURN _known; END IF;
  _version := message_store.write_message(_id, _stream, 'test.happened', _data, NULL, _expected);
  UPDATE head SET n = n + 1, hash = sha256(hash || convert_to(concat_ws('|', _id, _stream, _version, _data), 'UTF8'))
    RETURNING n, hash INTO _n, _hash;
  INSERT INTO outbox VALUES (_n, _id::uuid, _stream, _version, _data, _hash);
  INSERT INTO answers VALUES (_key, _version);
  RETURN _version;
END $$
"""
_WRITE_ALL = "SELECT public.write_all($5, $1, $2, $3, $4)"
_WRITE = "SELECT message_store.write_message($1::varchar, $2::varchar, 'test.happened'::varchar, $3::jsonb, NULL, $4)"


_READ = "SELECT global_position, stream_name, position FROM message_store.messages ORDER BY global_position"
_READ_OUTBOX = "SELECT n, stream, version FROM public.outbox ORDER BY n"


async def work(load: Load, variant: str) -> Worked:
    """Install the package's SQL, append, read the feed."""
    apart, completed = variant == _APART, variant == _COMPLETED
    scripts = NODE_MODULES / "@eventide" / "message-db" / "database"
    path = {"search_path": "message_store, public"}
    connection = await asyncpg.connect(load.place, server_settings=path | {"client_min_messages": "warning"})
    for script in _SCRIPTS:
        await connection.execute((scripts / f"{script}.sql").read_text())
    if completed:
        await connection.execute(f"SET search_path = public, message_store; {_COMPLETE}")

    def name(stream: int) -> str:
        return f"subject{stream // STREAMS_PER_WRITER if apart else ''}-{stream}"

    async with asyncpg.create_pool(load.place, min_size=load.pool, max_size=load.pool, server_settings=path) as pool:

        def append(stream: int, expected: int) -> Awaitable[object]:
            given = (str(uuid4()), name(stream), PAYLOAD, expected - 1)
            return pool.fetchval(_WRITE_ALL, *given, str(uuid4())) if completed else pool.fetchval(_WRITE, *given)

        worked = await drive(load, append)
    rows = await connection.fetch(_READ_OUTBOX if completed else _READ)
    await connection.close()
    worked.feed = [(place, int(stream.partition("-")[2]), position + 1) for place, stream, position in rows]
    return worked


if __name__ == "__main__":
    done(asyncio.run(work(given(), sys.argv[-1])))
