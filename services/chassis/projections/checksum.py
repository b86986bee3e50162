"""A fingerprint of a read model: equal for equal rows, wherever and in whatever order they were written."""

import hashlib
import json
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import Table

from services.chassis.inbox.port import Tx
from services.chassis.projections.port import Row

PAGE = 2_000


async def checksum(tx: Tx, table: Table) -> tuple[str, int]:
    """SHA-256 in hexadecimal over the rows in the order of their keys, and how many rows there are."""
    digest, count, after = hashlib.sha256(), 0, None
    while page := await tx.rows.scan(table, after, PAGE):
        for row in page:
            line = _line(row).encode()
            digest.update(len(line).to_bytes(8, "big"))
            digest.update(line)
        count += len(page)
        after = page[-1]["key"]
    return digest.hexdigest(), count


def _line(row: Row) -> str:
    """The row as canonical JSON. Within a JSON column there are no floats: those are refused when it is written."""
    if any(isinstance(value, float) for value in row.values()):
        raise TypeError("a float has no exact text")
    return json.dumps(row, sort_keys=True, separators=(",", ":"), ensure_ascii=False, default=_plain)


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
        case _:
            raise TypeError(f"{type(value).__name__} has no exact text")
