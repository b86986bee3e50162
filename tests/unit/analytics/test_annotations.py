"""Errors found after randomization: counted beside, and nobody leaves an analysis set because of one (Yelland 2015)."""

from dataclasses import asdict

import pytest
from hypothesis import given as for_all
from hypothesis import settings
from hypothesis import strategies as st

from contracts.events.fact import Fact
from contracts.events.randomization import ALLOCATION_TOPIC, TOPIC, Annotation
from contracts.vocabulary.clinical import Reader
from services.analytics.domain import allocation
from services.analytics.domain import dossier as dossiers
from services.analytics.domain.allocation import Allocated
from services.analytics.domain.dcr import count, randomized_by, rule_of
from services.analytics.domain.dossier import Dossier
from services.analytics.domain.flow import arm_flow, flow

from .world import PROTOCOL, STUDY, day, recorded, said_later, whole_journey

RULE = rule_of(PROTOCOL, "DCR6", Reader.INVESTIGATOR)
LONG_AFTER = day(400)
FIVE = [f"01-{number:03d}" for number in range(1, 6)]


def folded(subject: str, later: list[Annotation]) -> tuple[Dossier, Allocated]:
    """A subject's whole journey, with these errors found after its randomization."""
    dossier, allocated = Dossier(STUDY, subject), Allocated(STUDY, subject)
    for topic, facts in whole_journey(subject).items():
        told: list[Fact] = [*facts]
        if topic == TOPIC:
            told += [fact for annotation in later for fact in said_later(subject, annotation)]
        for envelope in recorded(told):
            if topic != ALLOCATION_TOPIC:
                dossier = dossiers.fold(dossier, envelope)
            allocated = allocation.fold(allocated, envelope)
    return dossier, allocated


@settings(deadline=None)
@for_all(st.lists(st.lists(st.sampled_from(Annotation), max_size=4), min_size=5, max_size=5))
def test_every_count_but_that_of_errors_is_what_it_was(errors: list[list[Annotation]]) -> None:
    plain = [folded(subject, []) for subject in FIVE]
    with_errors = [folded(subject, later) for subject, later in zip(FIVE, errors, strict=True)]
    before, after = ([dossier for dossier, _ in each] for each in (plain, with_errors))
    flows = [asdict(flow(each, PROTOCOL, Reader.INVESTIGATOR)) for each in (before, after)]
    annotated = [each.pop("annotated") for each in flows]
    assert flows[0] == flows[1]
    assert annotated[1] == {kind: sum(kind in later for later in errors) for kind in Annotation}
    assert not any(annotated[0].values())
    assert arm_flow(after, PROTOCOL, Reader.INVESTIGATOR) == arm_flow(before, PROTOCOL, Reader.INVESTIGATOR)
    assert count(after, RULE, LONG_AFTER) == count(before, RULE, LONG_AFTER)
    assert len(randomized_by(after, LONG_AFTER)) == len(FIVE)
    assert [one.stratum for _, one in with_errors] == [one.stratum for _, one in plain], "as randomized"
    assert [one.arm for _, one in with_errors] == [one.arm for _, one in plain]


@pytest.mark.parametrize("kind", list(Annotation))
def test_who_is_annotated_is_in_the_denominator_of_the_primary_endpoint(kind: Annotation) -> None:
    dossier, _ = folded("01-001", [kind])
    counts = count([dossier], RULE, LONG_AFTER)
    assert (counts.randomized, counts.settled) == (1, 1)


def test_the_same_error_said_twice_is_one_annotated_subject() -> None:
    """A person randomized twice may be annotated with two other numbers."""
    dossier, _ = folded("01-001", [Annotation.RANDOMIZED_TWICE, Annotation.INELIGIBLE, Annotation.RANDOMIZED_TWICE])
    assert dossier.annotations == (Annotation.INELIGIBLE, Annotation.RANDOMIZED_TWICE)
    found = flow([dossier], PROTOCOL, Reader.INVESTIGATOR).annotated
    assert {kind: n for kind, n in found.items() if n} == {Annotation.INELIGIBLE: 1, Annotation.RANDOMIZED_TWICE: 1}
