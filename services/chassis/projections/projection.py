"""What a projection is: a name, a version, and a pure fold from facts to rows."""

import re
from collections.abc import Mapping, Sequence
from typing import Any, Final, Protocol, TypeVar

from sqlalchemy import ARRAY, Column, Index, MetaData, Table, Text

from contracts.events.envelope import Envelope
from contracts.events.fact import Fact
from services.chassis.projections.port import SCHEMA, FeedName, Generation

S = TypeVar("S")

_NAME: Final = re.compile(r"[a-z][a-z0-9_]{0,39}")


class Projection(Protocol[S]):
    """Facts folded into one state per row key; a row is the state as columns.

    Everything here is pure: no clock, no I/O, no memory of its own. The order of facts is that of their key within
    their topic (of their stream, for the own log); between topics and keys it is not defined, and a fold that depends
    on it gives other rows at the next rebuild. Whoever changes what the fold gives, changes `version`.
    """

    @property
    def name(self) -> str:
        """Lower-case letters, digits and underscores: part of the table's name."""
        ...

    @property
    def version(self) -> int:
        """From 1 on."""
        ...

    @property
    def feed(self) -> FeedName:
        """What it is folded from."""
        ...

    @property
    def handles(self) -> tuple[type[Fact], ...]:
        """The facts that the fold wants to see."""
        ...

    def key(self, envelope: Envelope[Fact]) -> str | None:
        """The row that the fact belongs to; None: none."""
        ...

    def initial(self, key: str) -> S:
        """The state of a row before its first fact."""
        ...

    def fold(self, state: S, envelope: Envelope[Fact]) -> S:
        """The state after the fact."""
        ...

    def columns(self) -> Sequence[Column[Any]]:
        """The columns besides `key`, new objects at each call. Nested parts are JSONB; arrays are not possible."""
        ...

    def to_row(self, state: S) -> Mapping[str, Any]:
        """A value for each column. JSON columns take what `contracts.events.registry.canonical` takes: no floats."""
        ...

    def from_row(self, row: Mapping[str, Any]) -> S:
        """The state again: `from_row(to_row(state)) == state`. `row` has `key` too."""
        ...


AnyProjection = Projection[Any]


def table_of(projection: AnyProjection, generation: Generation) -> Table:
    """The table of a generation. Columns declared with `index=True` are indexed.

    The key is compared by code points (collation "C"), so that its order, and with it the checksum, is the same on
    every server.
    """
    columns = list(projection.columns())
    for column in columns:
        if isinstance(column.type, ARRAY):
            raise TypeError(f"{projection.name}.{column.name}: arrays are not possible, use JSONB")
    indexed = [column for column in columns if column.index]
    for column in indexed:
        column.index = None  # SQLAlchemy would name it after the column alone
    table = Table(
        generation.table, MetaData(schema=SCHEMA), Column("key", Text(collation="C"), primary_key=True), *columns
    )
    for column in indexed:
        Index(f"{generation.table}_{column.name}", column)
    return table


def check(projection: AnyProjection) -> None:
    """Raise ValueError for a declaration that cannot work."""
    if not _NAME.fullmatch(projection.name):
        raise ValueError(f"{projection.name!r} is not a name for a projection: it becomes part of a table's name")
    if projection.version < 1:
        raise ValueError(f"{projection.name}: versions count from 1")
    if not projection.handles:
        raise ValueError(f"{projection.name} handles no facts")


def handled(projection: AnyProjection) -> frozenset[str]:
    """The contract names of what it handles."""
    return frozenset(fact.type_name for fact in projection.handles)
