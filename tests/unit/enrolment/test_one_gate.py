"""A trial without criteria for randomization still randomizes nobody who is not included, alive, and in a stratum."""

from datetime import timedelta
from typing import Any

import pytest

from contracts.events.enrolment import RandomizationAuthorized
from contracts.protocol.model import Protocol
from contracts.protocol.versions import Versions
from contracts.vocabulary.clinical import Verdict
from services.chassis.refusal import Refused
from services.enrolment.domain import refusals
from services.enrolment.domain.gates import first, second
from services.enrolment.domain.obstacles import Requester, run_in_timepoints
from services.enrolment.domain.reasons import Reason
from services.enrolment.domain.site import Site
from services.enrolment.handlers.context import site_of

from .world import INCLUDED, PROTOCOL, REQUESTED, SCAN, STUDY, World, recorded, scan, submissions

WHO = Requester("acc-1", ("randomizer",))


def trial(**changed: Any) -> Protocol:
    """ReLUTH with parts of it replaced."""
    return Protocol(**{**{name: getattr(PROTOCOL, name) for name in Protocol.model_fields}, **changed})


FIRST_ALONE = tuple(criterion for criterion in PROTOCOL.criteria if criterion.gate == 1)
NO_SCAN = tuple(visit for visit in PROTOCOL.visits if visit.anchor == "randomization")
ONE_GATE = trial(criteria=FIRST_ALONE)
PLAIN = trial(criteria=FIRST_ALONE, visits=NO_SCAN, cycles=tuple(c for c in PROTOCOL.cycles if c.phase != "run_in"))


def world_of(protocol: Protocol) -> World:
    world = World()
    world.ctx.protocols[STUDY] = Versions.of(protocol)  # type: ignore[index]
    return world


async def reasons_of(world: World, subject: str) -> list[str]:
    with pytest.raises(Refused) as caught:
        await world.authorize(subject)
    assert caught.value.refusal is refusals.gates.RANDOMIZATION_NOT_AUTHORIZED
    assert caught.value.detail["rows"] == []
    found: list[str] = caught.value.detail["reasons"]  # type: ignore[assignment]
    return found


async def test_an_included_subject_is_authorized_without_a_scan_and_the_evidence_says_so() -> None:
    world = world_of(PLAIN)
    subject = await world.included()
    outcome = await world.authorize(subject)
    fact = RandomizationAuthorized.model_validate(recorded(outcome))
    assert (fact.tumour_assessment, fact.tumour_assessment_position, fact.rows) == (None, None, ())
    assert [level.factor for level in fact.strata] == ["F1", "F2", "F3", "F4"]
    assert world.assessments.asked == 0
    assert None not in (fact.consent, fact.inclusion_assessment, fact.site_activation, fact.delegation)
    assert fact.protocol_sha256 == PLAIN.sha256


async def test_where_there_is_a_run_in_its_cycles_and_its_scan_are_still_asked_for() -> None:
    world = world_of(ONE_GATE)
    subject = await world.included()
    assert await reasons_of(world, subject) == [Reason.CYCLES_INCOMPLETE, Reason.NO_POST_C2]


async def test_who_is_not_included_is_not_authorized() -> None:
    world = world_of(PLAIN)
    subject = await world.eligible()
    # The levels of F1, F2 and F4 are facts of an inclusion that there is not.
    assert await reasons_of(world, subject) == [Reason.NOT_INCLUDED, Reason.STRATA_INCOMPLETE]


async def test_a_stratum_that_is_not_known_keeps_it_out() -> None:
    world = world_of(PLAIN)
    subject = await world.consented()
    await world.findings(subject, submissions(without=("intercurrent_therapies",)))
    await world.include(subject)
    assert await reasons_of(world, subject) == [Reason.STRATA_INCOMPLETE]


async def test_a_death_a_pause_and_a_missing_delegation_keep_it_out() -> None:
    world = world_of(PLAIN)
    subject = await world.included()
    await world.end_delegation(world.delegation, REQUESTED)
    await world.pause(REQUESTED)
    await world.death(subject, REQUESTED)
    found = await reasons_of(world, subject)
    assert {Reason.SITE_CLOSED, Reason.NOT_DELEGATED, Reason.NOT_ALIVE} <= set(found)


@pytest.mark.parametrize("protocol", [PLAIN, ONE_GATE], ids=["plain", "with a run-in"])
async def test_the_dry_run_says_what_the_command_says(protocol: Protocol) -> None:
    world = world_of(protocol)
    subject = await world.eligible()
    state = await world.subject(subject)
    site: Site = await site_of(world.ctx, STUDY, state)
    dry = second(protocol, state, site, None, WHO, REQUESTED)
    assert (dry.verdict, dry.rows, dry.left_out) == (Verdict.NOT_ELIGIBLE, (), ())
    assert list(dry.reasons) == await reasons_of(world, subject)


async def test_a_scan_of_progression_still_counts_where_there_is_one() -> None:
    world = world_of(ONE_GATE)
    subject = await world.treated()
    authorized = RandomizationAuthorized.model_validate(recorded(await world.authorize(subject)))
    assert authorized.tumour_assessment is not None
    assert authorized.tumour_assessment_position == 7
    state = await world.subject(subject)
    site = await site_of(world.ctx, STUDY, state)
    early = scan(on=SCAN - timedelta(days=60))
    assert Reason.NO_POST_C2 in second(ONE_GATE, state, site, early, WHO, REQUESTED).reasons


async def test_a_trial_without_a_first_gate_includes_nobody() -> None:
    world = World()
    subject = await world.eligible()
    state = await world.subject(subject)
    site = await site_of(world.ctx, STUDY, state)
    second_alone = trial(criteria=tuple(c for c in PROTOCOL.criteria if c.gate == 2))
    with pytest.raises(Refused) as caught:
        first(second_alone, state, site, INCLUDED)
    assert caught.value.refusal is refusals.gates.UNKNOWN_GATE


@pytest.mark.parametrize(("protocol", "timepoints"), [(PROTOCOL, ("POST_C2",)), (PLAIN, ())])
def test_the_timepoints_of_the_run_in_are_those_of_the_file(protocol: Protocol, timepoints: tuple[str, ...]) -> None:
    assert run_in_timepoints(protocol) == timepoints
