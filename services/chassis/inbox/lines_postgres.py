"""What is remembered of the sources' marks, in the service's own PostgreSQL database."""

from collections.abc import Collection, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Any
from uuid import UUID

import asyncpg

from services.chassis.inbox.port import Line, Partition
from services.chassis.log.statements import statement

_sql = partial(statement, Path(__file__).parent / "sql")


class PostgresLines:
    """A `LinesTx` over the table `inbox_lines` and a column of `inbox_offsets`."""

    def __init__(self, connection: "asyncpg.pool.PoolConnectionProxy[asyncpg.Record]") -> None:
        self._connection = connection

    async def find(self, cluster_id: str, topics: Collection[str], marks: Collection[UUID]) -> Sequence[Line]:
        """See `LinesTx.find`."""
        return [
            _line(row) for row in await self._connection.fetch(_sql("lines"), cluster_id, list(topics), list(marks))
        ]

    async def number(self, cluster_id: str, mark: UUID) -> int:
        """See `LinesTx.number`."""
        return int(await self._connection.fetchval(_sql("number"), cluster_id, mark))

    async def put(self, line: Line) -> None:
        """See `LinesTx.put`."""
        await self._connection.execute(
            _sql("put_line"),
            *_key(line),
            line.number,
            line.partitions,
            line.highest,
            sorted(line.passed),
            line.first,
            None if line.chains is None else [bytes.fromhex(chain) for chain in line.chains],
            line.void,
        )

    async def remove(self, line: Line) -> None:
        """See `LinesTx.remove`."""
        await self._connection.execute(_sql("remove_line"), *_key(line))

    async def partitions(self, cluster_id: str, topic: str) -> Mapping[int, bool]:
        """See `LinesTx.partitions`."""
        rows = await self._connection.fetch(_sql("partitions"), cluster_id, topic)
        return {row["partition"]: row["gone"] for row in rows}

    async def gone(self, cluster_id: str, partitions: Collection[Partition]) -> None:
        """See `LinesTx.gone`."""
        topics, numbers = [p.topic for p in partitions], [p.number for p in partitions]
        await self._connection.execute(_sql("gone"), cluster_id, topics, numbers)


def _key(line: Line) -> tuple[str, str, UUID]:
    return line.cluster_id, line.topic, line.mark


def _line(row: "asyncpg.Record") -> Line:
    values: dict[str, Any] = dict(row)
    values["mark"] = UUID(bytes=row["mark"].bytes)
    values["passed"] = frozenset(row["passed"])
    values["chains"] = None if row["chains"] is None else tuple(chain.hex() for chain in row["chains"])
    return Line(**values)
