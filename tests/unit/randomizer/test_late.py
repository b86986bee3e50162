"""Findings that came too late, folded: what was heard of a subject, and what its stratum rested on."""

from datetime import date
from uuid import UUID

from contracts.events.enrolment import FactorLevel, Finding, FindingsRecorded, Input
from contracts.events.fact import Fact
from contracts.events.randomization import SubjectRandomized
from services.randomizer.domain.facts import AuthorizationHeard, EvidenceBound, FindingsHeard, Observed
from services.randomizer.domain.late import (
    NO_BASES,
    NOTHING,
    Bases,
    Basis,
    Heard,
    as_heard,
    evolve,
    evolve_bases,
    heard_stream,
    is_late,
)
from tests.unit.given import given, history

from .world import STRATUM, STUDY, TODAY, activation, authorization, randomize, subject
from .world import given as given_allocation

A, B = subject(1), subject(2)
FIRST, SECOND = UUID(int=91), UUID(int=92)


def heard(*facts: Fact) -> Heard:
    return given(NOTHING, evolve, *facts).state


def verdict(authorization: UUID, version: int) -> AuthorizationHeard:
    return AuthorizationHeard(study=STUDY, subject=A, authorization=authorization, version=version)


def findings(version: int, *fields: str, on: date = TODAY) -> FindingsHeard:
    observed = tuple(Observed(field=field, on=on) for field in fields)
    return FindingsHeard(study=STUDY, subject=A, event=UUID(int=version), version=version, observed=observed)


def randomized(who: str, verdict: UUID, number: int = 1) -> SubjectRandomized:
    return SubjectRandomized(
        study=STUDY,
        subject=who,
        randomization_number=number,
        stratum=STRATUM,
        randomization_date=TODAY,
        authorization=verdict,
        configuration_sha256="0" * 64,
    )


def bound(who: str, *inputs: tuple[str, ...]) -> EvidenceBound:
    """Evidence of levels, each derived from these fields."""
    levels = tuple(
        FactorLevel(factor=one.factor, level=one.level, inputs=tuple(Input(field=name, value="1") for name in fields))
        for one, fields in zip(STRATUM, inputs, strict=False)
    )
    story = given_allocation(activation())
    told = story.decided(randomize(who))
    (evidence,) = [fact for fact in told if isinstance(fact, EvidenceBound)]
    return evidence.model_copy(update={"strata": levels})


# --- what was heard


def test_every_verdict_and_every_finding_that_was_heard_of_is_remembered():
    known = heard(verdict(FIRST, 7), findings(8, "ecog"), verdict(SECOND, 9), findings(10, "age"))
    assert known == Heard({FIRST: 7, SECOND: 9}, (findings(8, "ecog"), findings(10, "age")))


def test_other_facts_change_nothing_of_what_was_heard():
    before = (verdict(FIRST, 7), findings(8, "ecog"))
    assert heard(*before, randomized(A, FIRST)) == heard(*before)
    assert heard(randomized(A, FIRST)) == NOTHING


def test_each_subject_of_each_study_is_heard_of_apart():
    streams = [heard_stream(study, who) for study in (STUDY, "OTHER") for who in (A, B)]
    assert len(set(streams)) == 4
    assert streams[0] == "heard-RELUTH-01-001"


def test_findings_are_remembered_by_field_and_day_and_place_without_their_values():
    recorded = FindingsRecorded(
        study=STUDY,
        subject=A,
        findings=(
            Finding(field="creatinine", value="83.5", unit="umol/L", observed_on=date(2022, 2, 1)),
            Finding(field="ecog", value="1", observed_on=TODAY),
        ),
    )
    _, envelope = history(verdict(FIRST, 1), recorded)
    told = as_heard(envelope)
    assert told == FindingsHeard(
        study=STUDY,
        subject=A,
        event=envelope.event_id,
        version=2,
        observed=(Observed(field="creatinine", on=date(2022, 2, 1)), Observed(field="ecog", on=TODAY)),
    )
    assert "83.5" not in told.model_dump_json()


# --- what a stratum rested on


def bases(*facts: Fact) -> Bases:
    return given(NO_BASES, evolve_bases, *facts).state


def test_the_basis_of_an_allocation_is_its_day_its_verdict_and_every_field_of_every_level():
    known = bases(bound(A, ("creatinine", "age"), (), ("ecog",)), randomized(A, FIRST))
    assert known.of == {A: Basis(TODAY, FIRST, frozenset({"creatinine", "age", "ecog"}))}


def test_each_subject_has_its_own_basis():
    known = bases(
        bound(A, ("creatinine",)),
        randomized(A, FIRST),
        bound(B, ("ecog",)),
        randomized(B, SECOND, 2),
    )
    assert known.of == {
        A: Basis(TODAY, FIRST, frozenset({"creatinine"})),
        B: Basis(TODAY, SECOND, frozenset({"ecog"})),
    }


def test_an_allocation_without_bound_evidence_says_that_any_field_may_matter():
    assert bases(randomized(A, FIRST)).of == {A: Basis(TODAY, FIRST, None)}
    assert bases(bound(B, ("ecog",)), randomized(A, FIRST)).of[A].fields is None
    assert bases(bound(A), randomized(A, FIRST)).of[A].fields == frozenset(), "bound, and to no field"


def test_other_facts_change_no_basis():
    before = (bound(A, ("ecog",)), randomized(A, FIRST))
    assert bases(*before, verdict(FIRST, 7), findings(8, "ecog")) == bases(*before)


def test_the_bases_of_allocations_as_they_are_recorded_are_those_of_their_authorizations():
    story = given_allocation(activation(), randomize(A), randomize(B))
    known = NO_BASES
    for envelope in story.envelopes:
        known = evolve_bases(known, envelope)
    assert {who: basis.authorization for who, basis in known.of.items()} == {
        who: authorization(who).event_id for who in (A, B)
    }


# --- late


def test_one_field_of_the_stratum_among_those_recorded_is_enough():
    basis = Basis(TODAY, FIRST, frozenset({"ecog"}))
    known = heard(verdict(SECOND, 2), verdict(FIRST, 7))
    assert is_late(known, basis, findings(8, "age", "ecog"))
    assert not is_late(known, basis, findings(6, "age", "ecog")), "the verdict knew it, if an earlier one did not"
    assert not is_late(known, basis, findings(8, "age"))
    assert not is_late(known, basis, findings(8))
