"""What projections need from their keeper: rows, and a registry of generations."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any, Protocol

from sqlalchemy import Select, Table

Row = Mapping[str, Any]
"""Column name to value; `key` is always there."""

AnySelect = Select[*tuple[Any, ...]]
"""A query with any columns."""

SCHEMA = "projections"
"""The database schema in which a service may create and drop tables. It holds nothing that cannot be rebuilt."""


class FeedName(StrEnum):
    """What a projection is folded from: what others said, or the service's own log."""

    INBOX = "inbox"
    LOG = "log"


class GenerationStatus(StrEnum):
    """BUILDING: catching up for the first time. READY: complete, kept up, not read. SERVING: what readers get.

    CANCELLED and RETIRED ones are not kept up any more; their tables go with the next rebuild.
    """

    BUILDING = "building"
    READY = "ready"
    SERVING = "serving"
    CANCELLED = "cancelled"
    RETIRED = "retired"


KEPT_UP = (GenerationStatus.BUILDING, GenerationStatus.READY, GenerationStatus.SERVING)
COMPLETE = (GenerationStatus.READY, GenerationStatus.SERVING)


@dataclass(frozen=True, slots=True)
class Generation:
    """One build of one version of a projection. `position` is where it stands in its feed."""

    name: str
    version: int
    number: int
    feed: FeedName
    status: GenerationStatus
    position: int
    started_at: datetime
    ready_at: datetime | None = None
    checksum: str | None = None

    @property
    def table(self) -> str:
        """Its table, which is also its name as a follower."""
        return f"p_{self.name}_v{self.version}_g{self.number}"


class RowRejected(Exception):
    """A row that can never be stored: a value does not fit its column."""


class GenerationsTx(Protocol):
    """The registry of generations within a transaction."""

    async def all(self) -> Sequence[Generation]:
        """Every generation, by name, version and number."""
        ...

    async def lock(self, feed: FeedName | None = None) -> Sequence[Generation]:
        """Like `all`, and nobody else changes them until the transaction ends.

        Of one feed if given: then without those that are being built, whose builder holds them for long.
        """
        ...

    async def lock_one(self, table: str) -> Generation | None:
        """One generation, locked; None if it is gone."""
        ...

    async def put(self, generations: Sequence[Generation]) -> None:
        """Add or replace, in this order."""
        ...

    async def remove(self, generation: Generation) -> None:
        """Forget it."""
        ...


class RowsTx(Protocol):
    """The tables of projections within a transaction."""

    async def create(self, table: Table) -> None:
        """Create the table if it does not exist, with its indexes."""
        ...

    async def drop(self, name: str) -> None:
        """Drop the table, if it exists."""
        ...

    async def get(self, table: Table, keys: Collection[str]) -> Sequence[Row]:
        """The rows of these keys that exist."""
        ...

    async def put(self, table: Table, rows: Sequence[Row]) -> None:
        """Insert or replace. Raises `RowRejected`; then the transaction is only good for its savepoint."""
        ...

    async def scan(self, table: Table, after: str | None, limit: int) -> Sequence[Row]:
        """Rows with a key greater than `after`, by code points of the key."""
        ...

    async def find(self, table: Table, where: Mapping[str, Any], after: str | None, limit: int) -> Sequence[Row]:
        """Like `scan`, of rows whose columns equal these values only; a list or tuple means any of its items."""
        ...

    async def select(self, statement: AnySelect) -> Sequence[Row]:
        """Any query over the tables. The model in memory has no SQL and raises NotImplementedError."""
        ...
