"""Rows and generations in PostgreSQL. SQLAlchemy makes the tables and the queries, asyncpg runs them."""

import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import fields
from decimal import Decimal
from functools import lru_cache, partial
from operator import attrgetter
from pathlib import Path
from typing import Any, Final

import asyncpg
from sqlalchemy import JSON, Column, String, Table, select
from sqlalchemy.dialects import postgresql
from sqlalchemy.dialects.postgresql import asyncpg as asyncpg_dialect
from sqlalchemy.schema import CreateIndex, CreateTable

from contracts.events.registry import canonical
from services.chassis.log.statements import statement
from services.chassis.projections.port import (
    SCHEMA,
    AnySelect,
    FeedName,
    Generation,
    GenerationStatus,
    Row,
    RowRejected,
)

_sql = partial(statement, Path(__file__).parent / "sql")
_DIALECT: Final = asyncpg_dialect.dialect()  # type: ignore[no-untyped-call]
_REGISTRY_LOCK: Final = 0x70726F6A  # "proj": whoever adds or switches generations takes turns, within one database
_COLUMNS: Final = attrgetter(*(field.name for field in fields(Generation)))
_REJECTED: Final = (
    asyncpg.DataError,
    asyncpg.IntegrityConstraintViolationError,
    asyncpg.exceptions.UntranslatableCharacterError,
    asyncpg.exceptions.ProgramLimitExceededError,
)


class PostgresGenerations:
    """A `GenerationsTx` in `projection_generations`."""

    def __init__(self, connection: "asyncpg.pool.PoolConnectionProxy[asyncpg.Record]") -> None:
        self._connection = connection

    async def all(self) -> Sequence[Generation]:
        """See `GenerationsTx.all`."""
        return await self._fetch("generations")

    async def lock(self, feed: FeedName | None = None) -> Sequence[Generation]:
        """See `GenerationsTx.lock`."""
        if feed is not None:
            return await self._fetch("lock_feed", feed.value)
        await self._connection.execute("SELECT pg_advisory_xact_lock($1)", _REGISTRY_LOCK)
        return await self._fetch("lock_generations")

    async def lock_one(self, table: str) -> Generation | None:
        """See `GenerationsTx.lock_one`."""
        found = await self._fetch("lock_generation", table)
        return found[0] if found else None

    async def put(self, generations: Sequence[Generation]) -> None:
        """See `GenerationsTx.put`."""
        if generations:
            columns = zip(*map(_COLUMNS, generations), strict=True)
            await self._connection.execute(_sql("put_generations"), *map(list, columns))

    async def remove(self, generation: Generation) -> None:
        """See `GenerationsTx.remove`."""
        await self._connection.execute(
            _sql("remove_generation"), generation.name, generation.version, generation.number
        )

    async def _fetch(self, name: str, *arguments: object) -> list[Generation]:
        return [
            Generation(
                row["name"],
                row["version"],
                row["number"],
                FeedName(row["feed"]),
                GenerationStatus(row["status"]),
                row["position"],
                row["started_at"],
                row["ready_at"],
                row["checksum"],
            )
            for row in await self._connection.fetch(_sql(name), *arguments)
        ]


class PostgresRows:
    """A `RowsTx` in the schema `projections`."""

    def __init__(self, connection: "asyncpg.pool.PoolConnectionProxy[asyncpg.Record]") -> None:
        self._connection = connection

    async def create(self, table: Table) -> None:
        """See `RowsTx.create`."""
        await self._connection.execute(str(CreateTable(table, if_not_exists=True).compile(dialect=_DIALECT)))
        for index in table.indexes:
            await self._connection.execute(str(CreateIndex(index, if_not_exists=True).compile(dialect=_DIALECT)))

    async def drop(self, name: str) -> None:
        """See `RowsTx.drop`."""
        await self._connection.execute(f"DROP TABLE IF EXISTS {SCHEMA}.{_quoted(name)}")

    async def get(self, table: Table, keys: Collection[str]) -> Sequence[Row]:
        """See `RowsTx.get`. Served by the primary key."""
        query = f"SELECT * FROM {_name(table)} WHERE key = ANY($1::text[])"  # noqa: S608  # the name is ours
        rows = await self._connection.fetch(query, list(keys))
        return [_row(table, row) for row in rows]

    async def put(self, table: Table, rows: Sequence[Row]) -> None:
        """See `RowsTx.put`. One statement for all rows, one array per column."""
        columns = list(table.columns)
        try:
            values = [[_value(column, row[column.name]) for row in rows] for column in columns]
            await self._connection.execute(_upsert(table), *values)
        except _REJECTED as error:
            raise RowRejected(type(error).__name__) from error

    async def scan(self, table: Table, after: str | None, limit: int) -> Sequence[Row]:
        """See `RowsTx.scan`."""
        return await self.find(table, {}, after, limit)

    async def find(self, table: Table, where: Mapping[str, Any], after: str | None, limit: int) -> Sequence[Row]:
        """See `RowsTx.find`."""
        query = select(table).order_by(table.c.key).limit(limit)
        for name, wanted in where.items():
            column = table.c[name]
            query = query.where(column.in_(wanted) if isinstance(wanted, (list, tuple)) else column == wanted)
        if after is not None:
            query = query.where(table.c.key > after)
        return [_row(table, row) for row in await self._run(query)]

    async def select(self, statement: AnySelect) -> Sequence[Row]:
        """See `RowsTx.select`. JSON columns come back as objects when they are selected under their own name."""
        json_names = {column.name for column in statement.selected_columns if isinstance(column.type, JSON)}
        return [
            {name: _decoded(value) if name in json_names else value for name, value in row.items()}
            for row in await self._run(statement)
        ]

    async def _run(self, statement: AnySelect) -> "list[asyncpg.Record]":
        compiled = statement.compile(dialect=_DIALECT, compile_kwargs={"render_postcompile": True})
        return await self._connection.fetch(
            str(compiled), *(compiled.params[name] for name in compiled.positiontup or ())
        )


def _name(table: Table) -> str:
    return f"{SCHEMA}.{_quoted(table.name)}"


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


@lru_cache(maxsize=256)
def _upsert(table: Table) -> str:
    names = [_quoted(column.name) for column in table.columns]
    types = [f"${n}::{_array(column)}" for n, column in enumerate(table.columns, start=1)]
    changes = ", ".join(f"{name} = excluded.{name}" for name in names if name != '"key"')
    return (  # names and types are those of the declaration, nothing comes from outside
        f"INSERT INTO {_name(table)} ({', '.join(names)}) SELECT * FROM unnest({', '.join(types)}) "  # noqa: S608
        f"ON CONFLICT (key) DO {'UPDATE SET ' + changes if changes else 'NOTHING'}"
    )


def _array(column: Column[Any]) -> str:
    """The type of a column's values as an array. Texts without their length: a cast to varchar(n) cuts off silently."""
    return "text[]" if isinstance(column.type, String) else f"{column.type.compile(dialect=_DIALECT)}[]"


def _value(column: Column[Any], value: Any) -> Any:
    if value is not None and isinstance(column.type, JSON):
        return canonical(value).decode()
    return value


def _row(table: Table, row: "asyncpg.Record") -> Row:
    found = dict(row)
    for column in table.columns:
        if isinstance(column.type, (JSON, postgresql.JSONB)):
            found[column.name] = _decoded(found[column.name])
    return found


def _decoded(value: Any) -> Any:
    return json.loads(value, parse_float=Decimal) if isinstance(value, str) else value
