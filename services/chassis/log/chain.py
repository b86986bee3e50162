"""The hash chain: each event is bound to all events before it, over the bytes as stored."""

import hashlib
from datetime import UTC, datetime, timedelta
from uuid import UUID

from services.chassis.log.port import StoredEvent

GENESIS = bytes(32)
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def microseconds(moment: datetime) -> int:
    """Whole microseconds since 1970 UTC: exact, where a float timestamp is not."""
    return (moment - _EPOCH) // timedelta(microseconds=1)


def link(
    previous: bytes,
    *,
    position: int,
    event_id: UUID,
    stream: str,
    version: int,
    type_: str,
    schema: int,
    recorded_at: datetime,
    meta: bytes,
    payload: bytes,
) -> bytes:
    """SHA-256 over the previous hash and every stored field.

    Each field is preceded by its length (8 bytes, big endian): without it, bytes could move from one field to
    its neighbour ("ab"+"c" against "a"+"bc") and leave the hash unchanged.
    """
    digest = hashlib.sha256(previous)
    for part in (
        str(position).encode(),
        event_id.bytes,
        stream.encode(),
        str(version).encode(),
        type_.encode(),
        str(schema).encode(),
        str(microseconds(recorded_at)).encode(),
        meta,
        payload,
    ):
        digest.update(len(part).to_bytes(8, "big"))
        digest.update(part)
    return digest.digest()


def linked(previous: bytes, event: StoredEvent) -> bytes:
    """The hash that a stored event must have after `previous`."""
    return link(
        previous,
        position=event.position,
        event_id=event.event_id,
        stream=event.stream,
        version=event.version,
        type_=event.type,
        schema=event.schema,
        recorded_at=event.recorded_at,
        meta=event.meta,
        payload=event.payload,
    )
