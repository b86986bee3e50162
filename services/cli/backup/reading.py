"""A dump read back: its rows by pg_restore, its log verified from them, without any database."""

import asyncio
import re
import subprocess
import tempfile
from collections import Counter
from collections.abc import AsyncIterator, Callable, Iterable, Iterator, Sequence
from datetime import datetime
from itertools import islice
from pathlib import Path
from typing import Final, TypeVar
from uuid import UUID

from contracts.events.registry import Registry
from services.chassis.log.port import Head, StoredEvent
from services.chassis.log.verify import PAGE, Defect, verify_rows
from services.cli.backup.manifest import BackupDamaged, Standing
from services.cli.backup.programs import program

_COPY: Final = re.compile(r"COPY \S+ \((.*)\) FROM stdin;\n")
_ESCAPES: Final = {"b": "\b", "f": "\f", "n": "\n", "r": "\r", "t": "\t", "v": "\v"}

Row = dict[str, str | None]
T = TypeVar("T")


async def read_back(
    archive: Path, standing: Standing, registry: Registry, major: int, progress: Callable[[int], None] = lambda _: None
) -> list[Defect]:
    """What in the archive is not as the standing says: the chain of the log, and how much there is of the rest.

    Raises `BackupDamaged` when pg_restore cannot read it.
    """
    head = Head(standing.log.position, standing.log.out_pos, bytes.fromhex(standing.log.hash))
    told: Counter[str | None] = Counter()
    held = 0
    try:
        events = _pages(_in_order(map(_event, rows(archive, "events", major))))
        defects = list((await verify_rows(events, head, registry, progress)).defects)
        async for page in _pages(rows(archive, "outbox", major)):
            told.update(row["topic"] for row in page)
        async for page in _pages(rows(archive, "inbox", major)):
            held += len(page)
    except (ValueError, KeyError) as error:
        raise BackupDamaged(f"{archive} holds rows that cannot be read ({type(error).__name__})") from error
    if told != standing.topics or told.total() != standing.log.out_pos:
        defects.append(Defect(None, f"the outbox has {dict(told)}, the manifest says {dict(standing.topics)}"))
    if held != standing.inbox.position:
        defects.append(Defect(None, f"the inbox has {held} messages, the manifest says {standing.inbox.position}"))
    return defects


def rows(archive: Path, table: str, major: int) -> Iterator[Row]:
    """The rows of a table as the archive has them, by column, as text. Raises `BackupDamaged`."""
    command: list[str | Path] = [
        program("pg_restore", major),
        "--data-only",
        "--schema=public",
        f"--table={table}",
        "--file=-",
        archive,
    ]
    with tempfile.TemporaryFile() as complaints:
        process = subprocess.Popen(  # noqa: S603
            command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=complaints
        )
        try:
            assert process.stdout is not None  # noqa: S101
            yield from _copied(line.decode() for line in process.stdout)
            if process.wait():
                complaints.seek(0)
                says = complaints.read().decode(errors="replace").strip()
                raise BackupDamaged(f"{archive} cannot be read: {says}")
        finally:
            process.kill()
            process.communicate()


def _copied(lines: Iterable[str]) -> Iterator[Row]:
    """Rows out of `COPY ... FROM stdin;` blocks, in PostgreSQL's text format."""
    columns: list[str] | None = None
    for line in lines:
        if columns is None:
            if found := _COPY.fullmatch(line):
                columns = [name.strip('"') for name in found[1].split(", ")]
        elif line == "\\.\n":
            columns = None
        else:
            yield dict(zip(columns, map(_value, line.removesuffix("\n").split("\t")), strict=True))


def _value(field: str) -> str | None:
    if field == "\\N":
        return None
    return re.sub(r"\\(.)", lambda m: _ESCAPES.get(m[1], m[1]), field) if "\\" in field else field


def _event(row: Row) -> StoredEvent:
    def text(column: str) -> str:
        if (value := row[column]) is None:
            raise ValueError(f"an event has no {column}")
        return value

    def bytes_(column: str) -> bytes:
        return bytes.fromhex(text(column).removeprefix("\\x"))

    return StoredEvent(
        position=int(text("pos")),
        event_id=UUID(text("event_id")),
        stream=text("stream_id"),
        version=int(text("version")),
        type=text("type"),
        schema=int(text("schema")),
        meta=bytes_("meta"),
        payload=bytes_("payload"),
        recorded_at=datetime.fromisoformat(text("recorded_at")),
        hash=bytes_("hash"),
    )


def _in_order(events: Iterable[StoredEvent]) -> Iterator[StoredEvent]:
    """By position. A table has almost that order: only what is early is kept, the rest of a log with a hole at last."""
    early: dict[int, StoredEvent] = {}
    following = 1
    for event in events:
        early[event.position] = event
        while (found := early.pop(following, None)) is not None:
            yield found
            following += 1
    yield from (early[position] for position in sorted(early))


async def _pages(found: Iterator[T]) -> AsyncIterator[Sequence[T]]:
    """Read in a thread: pg_restore writes at its own pace."""
    while page := await asyncio.to_thread(lambda: list(islice(found, PAGE))):
        yield page
