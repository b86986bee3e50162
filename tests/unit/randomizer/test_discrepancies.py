"""Errors after the fact, decided: what may be said of a randomization, and that nothing said changes an allocation."""

from dataclasses import replace
from datetime import date, timedelta
from uuid import UUID

import pytest
from hypothesis import given as for_all
from hypothesis import settings
from hypothesis import strategies as st

from contracts.events.enrolment import FactorLevel, Input
from contracts.events.fact import Fact
from contracts.events.randomization import (
    Annotation,
    DiscrepancyKind,
    DiscrepancyOpened,
    DiscrepancyResolved,
    RandomizationAnnotated,
    StrataVerified,
    StratumLevel,
)
from services.chassis.refusal import Refused
from services.randomizer.domain import discrepancies, refusals
from services.randomizer.domain.discrepancies import EMPTY, Annotate, Derived, Resolve, evolve
from services.randomizer.domain.facts import Observed
from services.randomizer.domain.late import Basis, FindingsHeard, Heard, is_late
from services.randomizer.domain.state import Randomized
from services.randomizer.domain.strategies import strategy
from tests.unit.given import event_id, given, history

from .exact import COINS, design
from .world import CONFIGURATION, RELUTH, STRATUM, STUDY, TODAY, Story, activation, strata_of, subject, words_of
from .world import given as given_allocation
from .world import randomize as randomizing

A, B, C = subject(1), subject(2), subject(1, site=2)
NEXT_DAY = TODAY + timedelta(days=1)
LATER = TODAY + timedelta(days=30)


def one(of: str, on: date = TODAY) -> Randomized:
    return Randomized(of, 1, on, STRATUM, UUID(int=7), UUID(int=8), "A")


RANDOMIZED = {A: one(A), B: one(B, NEXT_DAY)}


def annotate(
    annotation: Annotation, of: str = A, other: str | None = None, on: date = LATER, today: date = LATER
) -> Annotate:
    return Annotate(STUDY, of, annotation, on, other, today)


def said(annotation: Annotation, of: str = A, other: str | None = None, on: date = LATER) -> RandomizationAnnotated:
    return RandomizationAnnotated(study=STUDY, subject=of, annotation=annotation, discovered_on=on, other_subject=other)


def when(cmd: Annotate, *facts: Fact):
    return given(EMPTY, evolve, *facts).when(lambda queue: discrepancies.annotate(queue, RANDOMIZED, cmd))


# --- annotations


@pytest.mark.parametrize("kind", [Annotation.INELIGIBLE, Annotation.WRONG_STRATUM, Annotation.WRONG_PERSON])
def test_an_error_is_written_down_beside_the_randomization(kind):
    when(annotate(kind)).then(said(kind))


def test_who_was_randomized_twice_is_annotated_under_both_numbers():
    when(annotate(Annotation.RANDOMIZED_TWICE, A, B)).then(
        said(Annotation.RANDOMIZED_TWICE, A, B), said(Annotation.RANDOMIZED_TWICE, B, A)
    )


def test_the_person_who_was_meant_may_be_named_and_is_not_annotated():
    when(annotate(Annotation.WRONG_PERSON, A, C)).then(said(Annotation.WRONG_PERSON, A, C))


@pytest.mark.parametrize(
    ("cmd", "refusal", "detail"),
    [
        (annotate(Annotation.INELIGIBLE, C), refusals.NOT_RANDOMIZED, {"subject": C}),
        (annotate(Annotation.INELIGIBLE, on=LATER + timedelta(days=1)), refusals.IN_THE_FUTURE, {}),
        (annotate(Annotation.INELIGIBLE, on=TODAY - timedelta(days=1)), refusals.BEFORE_RANDOMIZATION, {}),
        (annotate(Annotation.RANDOMIZED_TWICE), refusals.OTHER_SUBJECT_UNUSABLE, {"fault": "missing"}),
        (annotate(Annotation.RANDOMIZED_TWICE, A, A), refusals.OTHER_SUBJECT_UNUSABLE, {"fault": "itself"}),
        (annotate(Annotation.WRONG_PERSON, A, A), refusals.OTHER_SUBJECT_UNUSABLE, {"fault": "itself"}),
        (annotate(Annotation.INELIGIBLE, A, B), refusals.OTHER_SUBJECT_UNUSABLE, {"fault": "not-expected"}),
        (annotate(Annotation.WRONG_STRATUM, A, B), refusals.OTHER_SUBJECT_UNUSABLE, {"fault": "not-expected"}),
        (annotate(Annotation.RANDOMIZED_TWICE, A, C), refusals.OTHER_NOT_RANDOMIZED, {"other_subject": C}),
        (annotate(Annotation.RANDOMIZED_TWICE, A, B, on=TODAY), refusals.BEFORE_RANDOMIZATION, {}),
    ],
)
def test_what_cannot_be_so_is_refused(cmd, refusal, detail):
    when(cmd).then_refused(refusal, **detail)


@pytest.mark.parametrize("day", [TODAY, LATER], ids=["the day of randomization", "today"])
def test_an_error_is_discovered_from_the_day_of_randomization_until_today(day):
    when(annotate(Annotation.INELIGIBLE, on=day)).then(said(Annotation.INELIGIBLE, on=day))


@pytest.mark.parametrize(
    ("before", "cmd"),
    [
        ([said(Annotation.INELIGIBLE, on=TODAY)], annotate(Annotation.INELIGIBLE)),
        ([said(Annotation.RANDOMIZED_TWICE, B, A)], annotate(Annotation.RANDOMIZED_TWICE, B, A)),
        ([said(Annotation.WRONG_PERSON)], annotate(Annotation.WRONG_PERSON)),
    ],
)
def test_the_same_annotation_is_not_made_twice_on_whatever_day(before, cmd):
    when(cmd, *before).then_refused(refusals.ANNOTATED_ALREADY, annotation=cmd.annotation)


def test_twice_randomized_is_said_once_from_whichever_number():
    both = (said(Annotation.RANDOMIZED_TWICE, A, B), said(Annotation.RANDOMIZED_TWICE, B, A))
    when(annotate(Annotation.RANDOMIZED_TWICE, B, A), *both).then_refused(refusals.ANNOTATED_ALREADY)


def test_another_error_of_the_same_subject_and_the_same_error_of_another_are_no_repetition():
    before = [said(Annotation.INELIGIBLE), said(Annotation.WRONG_PERSON)]
    when(annotate(Annotation.WRONG_STRATUM), *before).then(said(Annotation.WRONG_STRATUM))
    when(annotate(Annotation.WRONG_PERSON, A, B), *before).then(said(Annotation.WRONG_PERSON, A, B))
    when(annotate(Annotation.INELIGIBLE, B), *before).then(said(Annotation.INELIGIBLE, B))


# --- strata as verified


def level(factor: str, code: str, *sources: int | None) -> FactorLevel:
    inputs = tuple(Input(field="f", value="1", event_id=None if n is None else UUID(int=n)) for n in sources)
    return FactorLevel(factor=factor, level=code, inputs=inputs)


def derived(*levels: FactorLevel) -> Derived:
    return Derived(STUDY, A, TODAY, RELUTH.criteria_version, RELUTH.sha256, levels)


AS_RANDOMIZED = tuple(level(each.factor, each.level) for each in STRATUM)


def other(level: StratumLevel) -> str:
    (factor,) = [factor for factor in CONFIGURATION.factors if factor.id == level.factor]
    return next(code for code in factor.levels if code != level.level)


@pytest.mark.parametrize("moved", [set(), {0}, {2}, {0, 3}, {0, 1, 2, 3}], ids=str)
def test_the_verified_strata_name_the_factors_that_differ(moved):
    levels = [level(s.factor, other(s) if n in moved else s.level, 40 + n) for n, s in enumerate(STRATUM)]
    fact = discrepancies.verify(one(A), CONFIGURATION, derived(*reversed(levels)), LATER)
    assert fact.differs == tuple(STRATUM[n].factor for n in sorted(moved))
    assert [each.factor for each in fact.stratum] == [factor.id for factor in CONFIGURATION.factors]
    assert {each.level for each in fact.stratum} == {each.level for each in levels}
    assert (fact.verified_on, fact.criteria_version) == (LATER, RELUTH.criteria_version)


def test_the_sources_are_enrolments_facts_each_once_and_none_where_the_trial_itself_knew():
    first, *rest = AS_RANDOMIZED
    fact = discrepancies.verify(one(A), CONFIGURATION, derived(level(*key(first), 5, None, 3, 5), *rest), LATER)
    assert fact.sources == (UUID(int=5), UUID(int=3))


def key(given: FactorLevel) -> tuple[str, str]:
    return given.factor, given.level


@pytest.mark.parametrize(
    "levels",
    [
        AS_RANDOMIZED[1:],
        (*AS_RANDOMIZED, AS_RANDOMIZED[0]),
        (level(AS_RANDOMIZED[0].factor, "UNHEARD_OF"), *AS_RANDOMIZED[1:]),
        (level("F9", "YES"), *AS_RANDOMIZED[1:]),
        (),
    ],
    ids=["one missing", "one twice", "unknown level", "unknown factor", "none"],
)
def test_strata_that_cannot_be_compared_are_not_recorded_as_verified(levels):
    with pytest.raises(Refused) as caught:
        discrepancies.verify(one(A), CONFIGURATION, derived(*levels), LATER)
    assert caught.value.refusal == refusals.STRATA_NOT_COMPARABLE


def verified(*moved: int) -> StrataVerified:
    levels = [level(s.factor, other(s) if n in moved else s.level) for n, s in enumerate(STRATUM)]
    return discrepancies.verify(one(A), CONFIGURATION, derived(*levels), LATER)


@pytest.mark.parametrize(
    ("before", "now", "news"),
    [
        ([], verified(), False),
        ([], verified(0), True),
        ([verified()], verified(0), True),
        ([verified(0)], verified(0), False),
        ([verified(0)], verified(1), True),
        ([verified(0)], verified(), False),
        ([verified(0), verified()], verified(0), True),
    ],
)
def test_a_difference_makes_somebody_look_once_until_another_one_is_found(before, now, news):
    queue = given(EMPTY, evolve, *before).state
    assert discrepancies.is_news(queue, now) is news


# --- the queue


def opening(because: int, kind: DiscrepancyKind = DiscrepancyKind.INELIGIBLE, of: str = A) -> DiscrepancyOpened:
    return discrepancies.opened(STUDY, of, kind, UUID(int=because), LATER)


def test_one_cause_opens_one_discrepancy_however_often_it_is_heard_of():
    assert opening(1) == opening(1)
    different = [opening(1), opening(2), opening(1, DiscrepancyKind.STRATUM_TO_VERIFY), opening(1, of=B)]
    assert len({each.discrepancy for each in different}) == 4
    queue = given(EMPTY, evolve, opening(1)).state
    assert discrepancies.new(queue, [opening(1), opening(2)]) == [opening(2)]


def test_discrepancies_are_numbered_in_the_order_of_opening_and_stay_after_they_are_resolved():
    resolved = DiscrepancyResolved(study=STUDY, subject=A, discrepancy=opening(1).discrepancy, resolved_on=LATER)
    queue = given(EMPTY, evolve, opening(1), opening(2), resolved, opening(3)).state
    assert [each.number for each in queue.discrepancies.values()] == [1, 2, 3]
    assert [each.resolution is not None for each in queue.discrepancies.values()] == [True, False, False]


def test_what_came_of_it_is_what_was_said_when_it_was_resolved():
    opened, resolved = history(
        opening(1),
        DiscrepancyResolved(study=STUDY, subject=A, discrepancy=opening(1).discrepancy, resolved_on=LATER),
    )
    queue = evolve(evolve(EMPTY, replace(opened, reason="not this one")), replace(resolved, reason="Level is right"))
    (found,) = queue.discrepancies.values()
    assert found.resolution == discrepancies.Resolution(LATER, "Level is right")


def test_a_discrepancy_is_resolved_once_and_only_if_there_is_one():
    cmd = Resolve(STUDY, opening(1).discrepancy, LATER)
    resolved = DiscrepancyResolved(study=STUDY, subject=A, discrepancy=cmd.discrepancy, resolved_on=LATER)
    given(EMPTY, evolve).when(lambda q: discrepancies.resolve(q, cmd)).then_refused(refusals.UNKNOWN_DISCREPANCY)
    given(EMPTY, evolve, opening(1)).when(lambda q: discrepancies.resolve(q, cmd)).then(resolved)
    given(EMPTY, evolve, opening(1), resolved).when(lambda q: discrepancies.resolve(q, cmd)).then_refused(
        refusals.RESOLVED_ALREADY, resolved_on=LATER
    )


# --- findings that came too late

VERDICT, OTHER_VERDICT = UUID(int=91), UUID(int=92)


@pytest.mark.parametrize(
    ("version", "field", "on", "verdicts", "late"),
    [
        (8, "creatinine", TODAY, {VERDICT: 7}, True),
        (8, "creatinine", TODAY - timedelta(days=300), {VERDICT: 7}, True),
        (6, "creatinine", TODAY, {VERDICT: 7}, False),
        (8, "platelets", TODAY, {VERDICT: 7}, False),
        (8, "creatinine", TODAY + timedelta(days=1), {VERDICT: 7}, False),
        (8, "creatinine", TODAY, {OTHER_VERDICT: 7}, False),
        (8, "creatinine", TODAY, {}, False),
        (8, "creatinine", TODAY, {OTHER_VERDICT: 7, VERDICT: 9}, False),
        (10, "creatinine", TODAY, {OTHER_VERDICT: 7, VERDICT: 9}, True),
    ],
    ids=[
        "recorded after the verdict",
        "long ago, but recorded after it",
        "the verdict knew it",
        "no stratum needs it",
        "observed after the randomization",
        "the verdict that counts comes after it",
        "no verdict before it",
        "between two verdicts, and the second one counts",
        "after both",
    ],
)
def test_a_finding_is_late_when_the_verdict_that_counts_could_not_know_it(version, field, on, verdicts, late):
    basis = Basis(TODAY, VERDICT, frozenset({"creatinine", "age"}))
    finding = FindingsHeard(
        study=STUDY,
        subject=A,
        event=event_id(1),
        version=version,
        observed=(Observed(field="ecog", on=TODAY), Observed(field=field, on=on)),
    )
    assert is_late(Heard(verdicts=verdicts), basis, finding) is late


def test_where_the_log_does_not_say_what_a_stratum_rested_on_any_field_may_matter():
    finding = FindingsHeard(
        study=STUDY, subject=A, event=event_id(1), version=8, observed=(Observed(field="ecog", on=TODAY),)
    )
    assert is_late(Heard(verdicts={VERDICT: 7}), Basis(TODAY, VERDICT, None), finding)
    assert not is_late(Heard(verdicts={VERDICT: 7}), Basis(TODAY, VERDICT, frozenset()), finding)


# --- nothing said steers an allocation

DESIGNS = [*(design(method, levels=(2, 2)) for method in COINS), design("stratified_permuted_blocks", levels=(2, 2))]


@st.composite
def after_the_fact(draw, story: Story) -> list[Fact]:
    """Facts about subjects of the story, of every kind that can be recorded."""
    who = draw(st.sampled_from(sorted(story.state.randomized)))
    assert story.state.configuration is not None
    stratum = draw(st.sampled_from(strata_of(story.state.configuration)))
    kind = draw(st.sampled_from(Annotation))
    opened = discrepancies.opened(STUDY, who, DiscrepancyKind(kind), UUID(int=draw(st.integers(1, 2**64))), LATER)
    return [
        RandomizationAnnotated(study=STUDY, subject=who, annotation=kind, discovered_on=LATER),
        StrataVerified(
            study=STUDY,
            subject=who,
            stratum=stratum,
            differs=tuple(each.factor for each in stratum),
            verified_on=LATER,
            criteria_version="1",
            sources=(),
        ),
        opened,
        DiscrepancyResolved(study=STUDY, subject=who, discrepancy=opened.discrepancy, resolved_on=LATER),
    ]


@settings(deadline=None)
@for_all(st.data())
def test_nothing_said_after_the_fact_moves_a_count_a_number_an_arm_or_the_next_chances(data):
    """Even if it stood in the allocation's own stream, where no command writes it."""
    config = data.draw(st.sampled_from(DESIGNS))
    order = data.draw(st.lists(st.sampled_from(strata_of(config)), min_size=1, max_size=8))
    plain = disturbed = given_allocation(activation(config, cap=len(order)))
    for n, stratum in enumerate(order, start=1):
        plain = plain.and_then(randomizing(subject(n), stratum))
        disturbed = disturbed.and_then(randomizing(subject(n), stratum))
        if data.draw(st.booleans()):
            disturbed = disturbed.followed_by(data.draw(after_the_fact(disturbed)))
    assert disturbed.arms == plain.arms
    assert disturbed.state.tallies == plain.state.tallies
    assert [(o.subject, o.number, o.stratum) for o in disturbed.state.randomized.values()] == [
        (o.subject, o.number, o.stratum) for o in plain.state.randomized.values()
    ]
    for stratum in strata_of(config):
        key = ",".join(f"{each.factor}={each.level}" for each in stratum)
        chosen = [strategy(config).next(s.state.tallies, key, words_of(config)) for s in (plain, disturbed)]
        assert chosen[0] == chosen[1]


@settings(deadline=None)
@for_all(st.data())
def test_whoever_is_annotated_stays_randomized_and_counts_towards_the_cap(data):
    config = data.draw(st.sampled_from(DESIGNS))
    stratum = data.draw(st.sampled_from(strata_of(config)))
    story = given_allocation(activation(config, cap=2), randomizing(A, stratum), randomizing(B, stratum))
    story = story.followed_by(data.draw(after_the_fact(story)))
    for again in (A, B):
        story.when(randomizing(again, stratum)).then_refused(refusals.ALREADY_RANDOMIZED, subject=again)
    story.when(randomizing(C, stratum)).then_refused(refusals.CAP_REACHED, cap=2)
