"""What follows from another's fact is written once, and says what it follows from."""

from dataclasses import replace

import pytest

from contracts.events.catalogue import registry
from contracts.events.enrolment import ConsentSigned
from contracts.events.envelope import Envelope, Provenance
from contracts.events.fact import Fact
from services.chassis.facts import Answer, Facts, Unit
from services.chassis.log.memory import MemoryLog
from services.chassis.log.port import KeyReused
from services.chassis.reactions.unit import react
from tests.unit.given import event_id, history

CONSENT = ConsentSigned(study="RELUTH", subject="01-001", version="3.1", signed_on="2022-02-14")
ORIGIN = Provenance(actor="dr-7", roles=("investigator",), site="01", correlation_id="c-1", traceparent="00-aa-bb-01")
HEARD = replace(history(CONSENT, source="enrolment")[0], provenance=ORIGIN)


def evolve(state: int, envelope: Envelope[Fact]) -> int:
    return state + 1


async def noted(unit: Unit) -> Answer:
    await unit.load("s", 0, evolve)
    unit.append("s", [CONSENT])
    return Answer(200, {})


async def test_what_follows_is_done_by_the_service_because_of_the_fact_in_the_trace_of_who_began_it() -> None:
    facts = Facts(MemoryLog(), registry(), "safety")
    await react(facts, HEARD, "k", noted, in_turn="s")
    (followed,) = await facts.history("s")
    assert followed.provenance == Provenance(
        actor="service:safety", correlation_id="c-1", causation_id=str(event_id(1)), traceparent="00-aa-bb-01"
    )


async def test_a_fact_heard_again_leads_to_nothing_more_and_another_fact_cannot_take_its_key() -> None:
    facts = Facts(MemoryLog(), registry(), "safety")
    for _ in range(3):
        await react(facts, HEARD, "k", noted, in_turn="s")
    with pytest.raises(KeyReused):
        await react(facts, replace(HEARD, event_id=event_id(2)), "k", noted, in_turn="s")
    assert len(await facts.history("s")) == 1
