"""Rows and generations as dictionaries: the model of what PostgreSQL keeps."""

import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from sqlalchemy import JSON, String, Table

from contracts.events.registry import canonical
from services.chassis.projections.port import AnySelect, FeedName, Generation, GenerationStatus, Row, RowRejected


@dataclass(slots=True)
class MemoryRows:
    """A `RowsTx` over dictionaries."""

    tables: dict[str, dict[str, Row]] = field(default_factory=dict)

    async def create(self, table: Table) -> None:
        """See `RowsTx.create`."""
        self.tables.setdefault(table.name, {})

    async def drop(self, name: str) -> None:
        """See `RowsTx.drop`."""
        self.tables.pop(name, None)

    async def get(self, table: Table, keys: Collection[str]) -> Sequence[Row]:
        """See `RowsTx.get`."""
        rows = self.tables[table.name]
        return [rows[key] for key in keys if key in rows]

    async def put(self, table: Table, rows: Sequence[Row]) -> None:
        """See `RowsTx.put`."""
        checked = {row["key"]: _as_stored(table, row) for row in rows}
        self.tables[table.name] = self.tables[table.name] | checked

    async def scan(self, table: Table, after: str | None, limit: int) -> Sequence[Row]:
        """See `RowsTx.scan`."""
        return await self.find(table, {}, after, limit)

    async def find(self, table: Table, where: Mapping[str, Any], after: str | None, limit: int) -> Sequence[Row]:
        """See `RowsTx.find`."""
        rows = self.tables[table.name]
        chosen = [key for key in sorted(rows) if (after is None or key > after) and matches(rows[key], where)]
        return [rows[key] for key in chosen[:limit]]

    async def select(self, statement: AnySelect) -> Sequence[Row]:
        """See `RowsTx.select`."""
        raise NotImplementedError("the model in memory has no SQL; use `find`, or PostgreSQL")


@dataclass(slots=True)
class MemoryGenerations:
    """A `GenerationsTx` over a dictionary."""

    known: dict[str, Generation] = field(default_factory=dict)

    async def all(self) -> Sequence[Generation]:
        """See `GenerationsTx.all`."""
        return sorted(self.known.values(), key=lambda g: (g.name, g.version, g.number))

    async def lock(self, feed: FeedName | None = None) -> Sequence[Generation]:
        """See `GenerationsTx.lock`."""
        return [
            g
            for g in await self.all()
            if feed is None or (g.feed is feed and g.status is not GenerationStatus.BUILDING)
        ]

    async def lock_one(self, table: str) -> Generation | None:
        """See `GenerationsTx.lock_one`."""
        return self.known.get(table)

    async def put(self, generations: Sequence[Generation]) -> None:
        """See `GenerationsTx.put`."""
        self.known |= {generation.table: generation for generation in generations}

    async def remove(self, generation: Generation) -> None:
        """See `GenerationsTx.remove`."""
        self.known.pop(generation.table, None)


def _as_stored(table: Table, row: Row) -> Row:
    """What PostgreSQL would give back, or refuse."""
    stored: dict[str, Any] = {}
    for column in table.columns:
        value = row[column.name]
        if value is None and not column.nullable:
            raise RowRejected(f"{column.name}: null")
        if isinstance(value, str) and isinstance(column.type, String):
            if "\x00" in value:
                raise RowRejected(f"{column.name}: NUL in a text")
            if column.type.length is not None and len(value) > column.type.length:
                raise RowRejected(f"{column.name}: longer than {column.type.length}")
        if isinstance(column.type, JSON) and value is not None:
            value = json.loads(canonical(value), parse_float=Decimal)
        stored[column.name] = value
    return stored


def matches(row: Row, where: Mapping[str, Any]) -> bool:
    """Whether the columns of a row equal `where`; a list or tuple means any of its items."""
    return all(
        row[name] in wanted if isinstance(wanted, (list, tuple)) else row[name] == wanted
        for name, wanted in where.items()
    )
