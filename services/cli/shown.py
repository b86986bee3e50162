"""A fact as one line of `reluth events tail`. Who may look into the databases may still not be told an arm by us."""

import json
from typing import Final

from contracts.events import dosimetry, treatment
from contracts.events.envelope import Envelope
from contracts.events.fact import Fact
from contracts.events.randomization import ALLOCATION_TOPIC

_KEEPS_ITS_OWN: Final = frozenset({"randomizer", "enrolment"})
_TELLS: Final = frozenset({ALLOCATION_TOPIC, treatment.TOPIC, dosimetry.TOPIC})
WITHHELD: Final = "withheld: it tells an arm, or foretells one"


def withheld(envelope: Envelope[Fact]) -> bool:
    """Whether only that it was recorded is shown: the arm of a subject, what it leads to, and how it came about.

    Somebody on call who watches the facts of a service must not be unblinded by it; those who may know an arm ask the
    API, which knows who they are.
    """
    topic = envelope.fact.topic
    return topic in _TELLS or (topic is None and envelope.source in _KEEPS_ITS_OWN)


def line(envelope: Envelope[Fact], as_json: bool) -> str:
    """The fact in words, or whole as a JSON object. Sealed texts stay sealed."""
    kept_back, fact = withheld(envelope), envelope.fact
    if not as_json:
        return (
            f"{envelope.position:>7} {envelope.recorded_at:%Y-%m-%d %H:%M:%S} {fact.type_name:<45} "
            f"{envelope.stream} by {envelope.provenance.actor}{f' ({WITHHELD})' if kept_back else ''}"
        )
    return json.dumps(
        {
            "position": envelope.position,
            # With it, the chain's hash could be tried against the few things that such a fact can say.
            "event_id": None if kept_back else str(envelope.event_id),
            "type": fact.type_name,
            "version": fact.type_version,
            "stream": envelope.stream,
            "stream_version": envelope.version,
            "recorded_at": envelope.recorded_at.isoformat(),
            "actor": envelope.provenance.actor,
            "chain": envelope.chain,
            "fact": WITHHELD if kept_back else fact.model_dump(mode="json"),
        }
    )
