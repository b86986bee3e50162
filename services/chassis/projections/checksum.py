"""A fingerprint of a read model: equal for equal rows, wherever and in whatever order they were written."""

import hashlib
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import Table

from contracts.events.registry import canonical
from services.chassis.inbox.port import Tx

PAGE = 2_000


async def checksum(tx: Tx, table: Table) -> tuple[str, int]:
    """SHA-256 in hexadecimal over the rows in the order of their keys, and how many rows there are."""
    digest, count, after = hashlib.sha256(), 0, None
    while page := await tx.rows.scan(table, after, PAGE):
        for row in page:
            line = canonical({column.name: _plain(row[column.name]) for column in table.columns})
            digest.update(len(line).to_bytes(8, "big"))
            digest.update(line)
        count += len(page)
        after = page[-1]["key"]
    return digest.hexdigest(), count


def _plain(value: Any) -> Any:
    match value:
        case datetime():
            return value.astimezone(UTC).isoformat(timespec="microseconds")
        case date():
            return value.isoformat()
        case Decimal() | UUID():
            return str(value)
        case bytes():
            return value.hex()
        case dict():
            return {name: _plain(item) for name, item in value.items()}
        case list() | tuple():
            return [_plain(item) for item in value]
        case _:
            return value
