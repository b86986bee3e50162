"""What an allocation rested on is bound into it, and everything recorded before it as well."""

import dataclasses
import json
from collections.abc import Sequence
from datetime import date
from uuid import UUID

import pytest
from hypothesis import given as for_all
from hypothesis import settings
from hypothesis import strategies as st
from pydantic import ValidationError

from contracts.events.enrolment import FactorLevel, Input
from contracts.events.registry import canonical
from services.chassis.log.chain import GENESIS, linked
from services.chassis.log.port import StoredEvent
from services.chassis.refusal import Refused
from services.randomizer.domain.commands import Authorization
from services.randomizer.domain.facts import EvidenceBound

from .service import NOT_AUTHORIZED, Service
from .world import STRATUM, activation, authorization, given, randomize, subject

STREAM = "allocation-RELUTH"


def unbound(events: Sequence[StoredEvent]) -> list[int]:
    """Positions of evidence that does not name the hash of the fact before it in the stream of allocations."""
    found, before = [], None
    for event in (event for event in events if event.stream == STREAM):
        if event.type == EvidenceBound.type_name:
            assert before is not None
            if json.loads(event.payload)["previous"] != before.hash.hex():
                found.append(event.position)
        before = event
    return found


def rebuilt(events: Sequence[StoredEvent], position: int, payload: bytes) -> list[StoredEvent]:
    """The log with another payload there and every hash from there on made to fit, as a superuser could."""
    forged, before = [], GENESIS
    for event in events:
        new = dataclasses.replace(event, payload=payload) if event.position == position else event
        before = linked(before, new)
        forged.append(dataclasses.replace(new, hash=before))
    return forged


def test_evidence_names_every_fact_that_the_authorization_rests_on():
    given_ = authorization("01-001")
    evidence = given(activation()).decided(randomize("01-001"))[0]
    assert isinstance(evidence, EvidenceBound)
    named = {field.name for field in dataclasses.fields(Authorization)} - {"event_id", "authorized_on"}
    assert {name: getattr(evidence, name) for name in named} == {name: getattr(given_, name) for name in named}
    assert evidence.authorization == given_.event_id
    assert evidence.requested_by == "dr-7"


def test_evidence_holds_the_values_behind_the_strata_with_their_days_and_facts():
    day = date(2022, 2, 28)
    said = Input(field="gfr", value="59.99999999999999", unit="mL/min", observed_on=day, event_id=UUID(int=7))
    values = tuple(FactorLevel(factor=one.factor, level=one.level, inputs=(said,)) for one in STRATUM)
    evidence = given(activation()).decided(randomize("01-001", strata=values))[0]
    stored = json.loads(canonical(evidence.model_dump(mode="json")))
    assert evidence.strata == values
    assert [one["inputs"] for one in stored["strata"]] == [[json.loads(said.model_dump_json())]] * 4
    assert stored["strata"][0]["inputs"][0]["value"] == "59.99999999999999"


@pytest.mark.parametrize(
    "name", sorted(name for name in EvidenceBound.model_fields if name not in ("study", "strata", "previous"))
)
def test_evidence_with_a_gap_is_no_evidence(name):
    whole = given(activation()).decided(randomize("01-001"))[0].model_dump()
    if name == "tumour_assessment":  # there is none in a trial that assesses no tumour before randomization
        assert EvidenceBound.model_validate({**whole, name: None}).tumour_assessment is None
    else:
        with pytest.raises(ValidationError):
            EvidenceBound.model_validate({**whole, name: None})
    with pytest.raises(ValidationError):
        EvidenceBound.model_validate({key: value for key, value in whole.items() if key != name})


def test_in_a_trial_without_a_scan_before_randomization_there_is_none_to_bind():
    evidence = given(activation()).decided(randomize("01-001", tumour_assessment=None))[0]
    assert isinstance(evidence, EvidenceBound)
    assert evidence.tumour_assessment is None


def test_the_first_allocation_binds_the_stamp_on_the_commitment_and_each_later_one_the_arm_before():
    story = given(activation(), randomize("01-001"), randomize("01-002"))
    bound = [(n, e) for n, e in enumerate(story.envelopes) if isinstance(e.fact, EvidenceBound)]
    assert [e.fact.previous for _, e in bound] == [story.envelopes[n - 1].chain for n, _ in bound]
    before = [story.envelopes[n - 1].fact.type_name for n, _ in bound]
    assert before == ["randomization.commitment-stamped", "randomization.arm-allocated"]


async def acted(steps: Sequence[int]) -> Service:
    """Subjects and, between them, caps, pauses, amendments, drafts and refusals in streams of their own."""
    service, version = Service(), 1
    await service.activate()
    for n, step in enumerate(steps, start=1):
        match step:
            case 0:
                await service.change_cap(146 + n, f"cap {n}")
            case 1:
                await service.change("pause", key=f"pause {n}")
                await service.change("resume", key=f"resume {n}")
            case 2:
                version += 1
                await service.activate(f"amend {n}", version)
            case 3:
                service.enrolment.refusal = Refused(NOT_AUTHORIZED, reasons=["PD"])
                with pytest.raises(Refused):
                    await service.randomize(subject(500 + n))
                service.enrolment.refusal = None
            case 4:
                version += 1
                await service.draft(f"only drafted {n}")
            case _:
                await service.randomize(subject(n))
    return service


STEPS = st.lists(st.integers(0, 9), max_size=14)


@settings(deadline=None, max_examples=40)
@for_all(STEPS)
async def test_each_allocation_names_the_hash_of_the_fact_before_it(steps):
    events = await (await acted(steps)).log.read(0, 10_000)
    assert unbound(events) == []
    assert sum(event.type == EvidenceBound.type_name for event in events) == sum(step > 4 for step in steps)


@settings(deadline=None, max_examples=40)
@for_all(STEPS, st.data())
async def test_who_changes_what_was_before_an_allocation_and_rebuilds_every_hash_is_found_by_it(steps, data):
    service = await acted([*steps, 9, 9])
    events = list(await service.log.read(0, 10_000))
    last = max(event.position for event in events if event.type == EvidenceBound.type_name)
    position = data.draw(st.integers(1, last - 1))
    original = events[position - 1]
    other = original.payload.replace(b"RELUTH", b"RELUTG", 1)
    assert other != original.payload
    forged = rebuilt(events, position, other)
    assert [event.hash for event in rebuilt(events, position, original.payload)] == [event.hash for event in events]
    assert last in unbound(forged), "the last allocation names another past"
