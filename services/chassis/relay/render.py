"""From a stored message to what travels: the contract's bytes, with the provenance of the event they belong to."""

import json
from datetime import date

from contracts.events.envelope import Provenance
from contracts.events.wire import Message
from services.chassis.log.port import StoredMessage


def render(stored: StoredMessage, source: str) -> Message:
    """The message as it is sent. The event's own payload, which may hold sealed texts, is not used."""
    event, meta = stored.event, json.loads(stored.event.meta)
    occurred_on = meta.get("occurred_on")
    return Message(
        topic=stored.topic,
        topic_pos=stored.topic_pos,
        key=stored.key,
        key_seq=stored.key_seq,
        out_pos=stored.out_pos,
        source=source,
        event_id=event.event_id,
        type=event.type,
        schema=event.schema,
        stream=event.stream,
        version=event.version,
        position=event.position,
        recorded_at=event.recorded_at,
        chain=event.hash.hex(),
        provenance=Provenance(
            actor=meta["actor"],
            roles=tuple(meta.get("roles", ())),
            site=meta.get("site"),
            correlation_id=meta.get("correlation_id"),
            causation_id=meta.get("causation_id"),
            traceparent=meta.get("traceparent"),
        ),
        value=stored.value,
        occurred_on=date.fromisoformat(occurred_on) if occurred_on else None,
    )
