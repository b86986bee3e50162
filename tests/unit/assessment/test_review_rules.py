"""The rules of the central review hold whatever is asked in whatever order."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import reduce
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from contracts.events.fact import Fact
from contracts.events.lesions import Seen, TargetLesion
from contracts.events.review import CentralReadLocked, CentralResponseSettled, Discordance
from contracts.vocabulary.clinical import Modality
from contracts.vocabulary.lesions import Organ
from contracts.vocabulary.response import Response
from services.assessment.domain.review import decide
from services.assessment.domain.review.case import ADJUDICATOR, INITIAL, READERS, Case, evolve
from services.assessment.domain.review.decide import About, Charter, Reading, Submission
from services.assessment.shown.review import CaseView, tasks
from services.chassis.refusal import Refused
from tests.unit.given import history

from .world import IMAGES, INCLUDED, PROTOCOL, STUDY, SUBJECT, TIMEPOINTS, TODAY

ABOUT = About(STUDY, SUBJECT, UUID("01936b2e-5d2c-4b1a-9a53-00000000000a"))
assert PROTOCOL.central_review
assert PROTOCOL.tumour_response
CHARTER = Charter(PROTOCOL.central_review, PROTOCOL.tumour_response, TIMEPOINTS, TODAY)
ACCOUNTS = ("reader-a", "reader-b", "reader-c", "reader-d")
TARGET = TargetLesion(lesion="T1", organ=Organ.LIVER, tenths=300)
Asked = Callable[[Case], Sequence[Fact]]


@dataclass(frozen=True)
class Story:
    """The facts so far."""

    facts: tuple[Fact, ...] = ()

    @property
    def case(self) -> Case:
        return reduce(evolve, history(*self.facts), INITIAL)

    def then(self, asked: Asked) -> "Story":
        """With what is decided and what it settles; without either if it is refused."""
        try:
            decided = asked(self.case)
        except Refused:
            return self
        story = replace(self, facts=(*self.facts, *decided))
        return replace(story, facts=(*story.facts, *decide.settled(story.case, ABOUT)))


def submit(number: int) -> Asked:
    sent = Submission(
        TIMEPOINTS[number], date(2022, 2, 1) + timedelta(days=60 * number), Modality.CT, f"2.25.{number + 1}"
    )
    return lambda case: decide.submit(case, INCLUDED, ABOUT, sent, CHARTER)


def claim(account: str, adjudicate: bool) -> Asked:
    return lambda case: decide.claim(case, ABOUT, account, adjudicate=adjudicate)


def choose(account: str) -> Asked:
    return lambda case: decide.choose(case, ABOUT, account, (TARGET,), (), CHARTER)


def read(account: str, sequence: int, tenths: int, response: Response) -> Asked:
    said = Reading(sequence, Seen(targets={"T1": tenths}), response, explained=True)
    return lambda case: decide.read(case, ABOUT, account, said, CHARTER)


def adjudicate(account: str, sequence: int, chosen: int) -> Asked:
    return lambda case: decide.adjudicate(case, ABOUT, account, sequence, chosen, Discordance.MEASUREMENT)


def reopen(sequence: int, place: int) -> Asked:
    return lambda case: decide.reopen(case, ABOUT, sequence, place)


ACCOUNT, SEQUENCE = st.sampled_from(ACCOUNTS), st.integers(0, 3)
COMMANDS = st.one_of(
    st.builds(submit, SEQUENCE),
    st.builds(claim, ACCOUNT, st.booleans()),
    st.builds(choose, ACCOUNT),
    st.builds(read, ACCOUNT, SEQUENCE, st.integers(0, 600), st.sampled_from([Response.SD, Response.PD])),
    st.builds(adjudicate, ACCOUNT, SEQUENCE, st.sampled_from(READERS)),
    st.builds(reopen, SEQUENCE, st.sampled_from(READERS)),
)
BEGUN = (
    submit(0),
    submit(1),
    claim("reader-a", False),
    claim("reader-b", False),
    choose("reader-a"),
    choose("reader-b"),
)


@given(st.lists(COMMANDS, max_size=25), st.booleans())
@settings(max_examples=300)
def test_no_order_of_commands_breaks_a_rule(commands: list[Asked], begun: bool) -> None:
    story = Story()
    for command in (*(BEGUN if begun else ()), *commands):
        before, story = story, story.then(command)
        _places_are_of_different_people(story.case)
        _nothing_is_settled_without_two_reads(before.case, story)
        _nobody_sees_the_others_read(story.case)
        _reads_go_in_order(story.case)


def _places_are_of_different_people(case: Case) -> None:
    places, accounts = zip(*case.accounts, strict=True) if case.accounts else ((), ())
    assert len(set(accounts)) == len(accounts)
    assert len(set(places)) == len(places)
    assert set(places) <= {*READERS, ADJUDICATOR}


def _nothing_is_settled_without_two_reads(before: Case, story: Story) -> None:
    case = story.case
    for fact in story.facts:
        if isinstance(fact, CentralResponseSettled):
            locked = {one.place for one in story.facts if isinstance(one, CentralReadLocked)}
            assert locked == set(READERS)
    for settled in case.settled:
        if settled not in before.settled:
            pair = case.pair(settled.sequence)
            assert pair is not None
            assert settled.response in {one.response for one in pair}


def _nobody_sees_the_others_read(case: Case) -> None:
    for account in ACCOUNTS:
        place = case.place_of(account)
        if place not in READERS:
            continue
        shown = CaseView.of(case, account, CHARTER, IMAGES)
        assert shown.differences == []
        for scan in shown.scans:
            own = case.read(place, scan.sequence)
            assert (scan.read.response if scan.read else None) == (own.response if own else None)
        assert shown.next is None or max(scan.sequence for scan in shown.scans) == shown.next
        other = 3 - place
        without = replace(
            case,
            reads=tuple(one for one in case.reads if one.place == place),
            lesions=tuple(one for one in case.lesions if one.place == place),
            settled=(),
            adjudicated=(),
            accounts=tuple((p, a) for p, a in case.accounts if p != other),
        )
        assert CaseView.of(without, account, CHARTER, IMAGES) == shown
        assert list(tasks(without, account, CHARTER, IMAGES)) == list(tasks(case, account, CHARTER, IMAGES))


def _reads_go_in_order(case: Case) -> None:
    for place in READERS:
        ever = sorted(one.sequence for one in case.reads if one.place == place)
        assert ever == list(range(1, len(ever) + 1))


def _given(*commands: Asked) -> Story:
    story = Story()
    for command in commands:
        story = story.then(command)
    return story


def test_two_who_agree_settle_a_scan() -> None:
    story = _given(*BEGUN, read("reader-a", 1, 300, Response.SD), read("reader-b", 1, 310, Response.SD))
    (settled,) = story.case.settled
    assert (settled.response, settled.basis.value, story.case.discordant) == (Response.SD, "AGREED", ())


def test_two_who_differ_wait_for_a_third_and_a_read_made_again_settles_anew() -> None:
    story = _given(*BEGUN, read("reader-a", 1, 300, Response.SD), read("reader-b", 1, 400, Response.PD))
    assert (story.case.settled, story.case.discordant) == ((), (1,))
    assert story.then(claim("reader-a", True)) == story
    story = story.then(claim("reader-c", True)).then(adjudicate("reader-c", 1, 2))
    assert [(one.response, one.basis.value) for one in story.case.settled] == [(Response.PD, "ADJUDICATED")]
    story = story.then(reopen(1, 2))
    assert [one.response for one in story.case.settled] == [Response.PD]
    story = story.then(read("reader-b", 1, 300, Response.SD))
    assert [(one.response, one.basis.value) for one in story.case.settled] == [(Response.SD, "AGREED")]


def test_another_response_than_the_derived_one_needs_a_reason() -> None:
    story = _given(*BEGUN)
    said = Reading(1, Seen(targets={"T1": 400}), Response.SD, explained=False)
    refused: Any = None
    try:
        decide.read(story.case, ABOUT, "reader-a", said, CHARTER)
    except Refused as raised:
        refused = raised
    assert refused.refusal.code == "stated-response-differs"
    assert refused.detail["derived"] == "PD"
    (fact,) = decide.read(story.case, ABOUT, "reader-a", replace(said, explained=True), CHARTER)
    assert (fact.response, fact.derived) == (Response.SD, Response.PD)


def _refused(asked: Asked, story: Story) -> str:
    with pytest.raises(Refused) as caught:
        asked(story.case)
    return caught.value.refusal.code


def test_nobody_adjudicates_what_nobody_disputes() -> None:
    agreed = _given(*BEGUN, read("reader-a", 1, 300, Response.SD), read("reader-b", 1, 310, Response.SD))
    assert _refused(claim("reader-c", True), agreed) == "nothing-to-adjudicate"


def test_the_adjudicator_alone_chooses_and_only_where_two_differ() -> None:
    differing = _given(
        *BEGUN,
        submit(2),
        read("reader-a", 1, 300, Response.SD),
        read("reader-b", 1, 400, Response.PD),
        claim("reader-c", True),
    )
    for account in ("reader-a", "reader-d"):
        assert _refused(adjudicate(account, 1, 1), differing) == "case-unknown"
    assert _refused(adjudicate("reader-c", 2, 1), differing) == "scan-not-due"
    done = differing.then(adjudicate("reader-c", 1, 1))
    assert _refused(adjudicate("reader-c", 1, 2), done) == "scan-not-due"


def test_a_scan_of_a_later_timepoint_is_later_by_its_day() -> None:
    sent = Submission(TIMEPOINTS[1], date(2022, 2, 1), Modality.CT, "2.25.99")
    again = _given(submit(0))
    assert _refused(lambda case: decide.submit(case, INCLUDED, ABOUT, sent, CHARTER), again) == (
        "review-scans-out-of-order"
    )


def test_what_the_adjudicator_chose_between_reads_that_are_others_now_counts_no_more() -> None:
    story = _given(
        *BEGUN,
        read("reader-a", 1, 300, Response.SD),
        read("reader-b", 1, 400, Response.PD),
        claim("reader-c", True),
        adjudicate("reader-c", 1, 2),
        reopen(1, 1),
    )
    assert story.case.adjudicated == ()
    story = story.then(read("reader-a", 1, 310, Response.SD))
    assert story.case.discordant == (1,)
