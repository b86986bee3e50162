"""Corrections of what is recorded: losses and the contacts that ended them, readings that were wrong."""

from datetime import timedelta
from uuid import uuid4

import pytest
from hypothesis import given as for_all
from hypothesis import settings
from hypothesis import strategies as st

from contracts.events.course import LostToFollowUpDeclared, RecordAnnulled, SubjectRecontacted
from contracts.events.fact import Fact
from contracts.vocabulary.response import Response
from services.chassis.refusal import Refused
from services.enrolment.domain.state import Subject
from services.enrolment.domain.subject.corrections import annulments
from services.enrolment.handlers.entries import grown

from .course import (
    CONSENT,
    IN_RUN_IN,
    LETTERS,
    RANDOMIZED,
    SETTING,
    Step,
    after,
    allocate,
    correct,
    cycle,
    include,
    last,
    scanned,
)
from .test_decide import S
from .world import C1, C2, STUDY

LOST = (*IN_RUN_IN, LETTERS["declare lost"])
FOUND = (*LOST, LETTERS["find again"])


def test_a_loss_is_annulled_only_after_the_contact_that_ended_it() -> None:
    found = after(*FOUND)
    loss, contact = last(found, LostToFollowUpDeclared), last(found, SubjectRecontacted)
    with pytest.raises(Refused) as caught:
        after(correct(loss.event_id), start=found)
    assert (caught.value.refusal.code, caught.value.detail["event_id"]) == ("record-stood-on", str(contact.event_id))
    again = after(correct(contact.event_id), correct(loss.event_id), start=found)
    assert (again.losses, again.participation.value) == ((), "RUN_IN")


@settings(max_examples=100, deadline=None)
@for_all(
    st.sampled_from([(), IN_RUN_IN, (*RANDOMIZED, allocate("A")), (*RANDOMIZED, allocate("B"))]),
    st.lists(st.sampled_from(sorted(LETTERS)), max_size=12),
)
def test_a_course_is_folded_whatever_of_it_is_annulled(start: tuple[Step, ...], letters: list[str]) -> None:
    subject = after(*start)
    for letter in letters:
        try:
            subject = LETTERS[letter](subject, SETTING)
        except Refused:
            continue
    for one in subject.history:
        left = _without(subject, RecordAnnulled(study=STUDY, subject=S, annulled=one.event_id))
        assert one.event_id not in {kept.event_id for kept in left.history}
        try:
            gone = annulments(subject, one.event_id)
        except Refused:
            continue
        left = _without(subject, *gone)
        assert (left.screening is None) or left.participation


def _without(subject: Subject, *gone: Fact) -> Subject:
    return grown(subject, [(uuid4(), fact) for fact in gone])


def test_a_cycle_after_a_progression_that_was_read_wrongly_is_recorded_once_it_is_read_again() -> None:
    ended = after(CONSENT, include, cycle(1, C1), scanned_before(Response.PD))
    with pytest.raises(Refused) as caught:
        after(cycle(2, C2), start=ended)
    assert caught.value.refusal.code == "run-in-over"
    assert "read again" in caught.value.refusal.remedy
    assert len(after(scanned_before(Response.SD), cycle(2, C2), start=ended).cycles) == 2


def scanned_before(response: Response) -> Step:
    return scanned("POST_C2", C2 - timedelta(days=2), response)
