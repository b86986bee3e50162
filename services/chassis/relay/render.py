"""From a stored message to what travels: the contract's bytes, with the provenance of the event they belong to."""

from contracts.events.wire import Message
from services.chassis.log.port import StoredMessage
from services.chassis.meta import Meta


def render(stored: StoredMessage, source: str) -> Message:
    """The message as it is sent. The event's own payload, which may hold sealed texts, is not used."""
    event, meta = stored.event, Meta.decode(stored.event.meta)
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
        # Not the version of the stream: it would count what is published to others, or to nobody.
        version=stored.key_seq,
        position=event.position,
        recorded_at=event.recorded_at,
        chain=event.hash.hex(),
        provenance=meta.provenance,
        value=stored.value,
        occurred_on=meta.occurred_on,
    )
