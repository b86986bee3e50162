"""ReLUTH's log under the load of `benchmarks.load`: each append a command with its key, its answer and a message."""

import asyncio
from uuid import UUID, uuid4

from uuid6 import uuid7

from benchmarks.load import PAYLOAD, Load, Worked, done, drive, given
from services.chassis.log.chain import GENESIS, linked
from services.chassis.log.port import Batch, CommandRecord, NewEvent, NewMessage, StreamAppend
from services.chassis.log.postgres import PostgresLog

META = b'{"actor":"investigator-01","roles":["investigator"],"site":"01"}'
ANSWER = b'{"body":{"recorded":1},"status":201,"version":1}'
_PAYLOAD = PAYLOAD.encode()
_PAGE = 5_000


def command(stream: str, expected: int) -> Batch:
    """One event with everything a service writes with it."""
    event = NewEvent(
        UUID(int=uuid7().int), "test.happened", 1, META, _PAYLOAD, (NewMessage("test.facts", stream, _PAYLOAD),)
    )
    return Batch((StreamAppend(stream, expected, (event,)),), CommandRecord(str(uuid4()), bytes(32), ANSWER))


async def work(load: Load) -> Worked:
    """Append, then read everything back: chain, outbox and idempotency records as well."""
    log = await PostgresLog.open(load.place)
    try:
        worked = await drive(load, lambda stream, expected: log.append(command(f"subject-{stream}", expected)))
        previous, after = GENESIS, 0
        while page := await log.read(after, _PAGE):
            for event in page:
                worked.feed.append((event.position, int(event.stream.removeprefix("subject-")), event.version))
                if event.hash != linked(previous, event):
                    worked.broken.append(f"chain at {event.position}")
                previous, after = event.hash, event.position
        told, sent = 0, list[int]()
        while messages := await log.read_outbox(told, _PAGE):
            sent += [message.event.position for message in messages]
            told = messages[-1].out_pos
        if sent != [position for position, _, _ in worked.feed]:
            worked.broken.append(f"{len(sent)} messages in the outbox for {len(worked.feed)} events")
        answered = await log._pool.fetchval("SELECT count(DISTINCT pos) FROM commands")
        if answered != len(worked.feed):
            worked.broken.append(f"{answered} idempotency records for {len(worked.feed)} events")
    finally:
        await log.close()
    return worked


if __name__ == "__main__":
    done(asyncio.run(work(given())))
