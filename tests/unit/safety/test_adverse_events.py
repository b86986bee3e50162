"""Which adverse events are accepted under which grade, date and seriousness."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from contracts.vocabulary.clinical import Seriousness
from contracts.vocabulary.sealed import SealedText
from services.chassis.refusal import Refusal
from services.safety.domain import refusals
from services.safety.domain.commands import ReportAdverseEvent

from .world import CONSENTED, DEAD, NOW, PLATELETS, RULES, VOMITING, adverse_event, given

DEATH = frozenset({Seriousness.DEATH})
SKIN_OTHER = next(
    t.code for t in RULES.terms.terms if t.term == "Skin and subcutaneous tissue disorders - Other, specify"
)


@pytest.mark.parametrize("term", RULES.terms.terms, ids=lambda term: term.term)
def test_a_term_takes_the_grades_that_exist_for_it_and_no_other(term: Any) -> None:
    for grade in range(1, 6):
        seriousness = DEATH if grade == 5 else frozenset[Seriousness]()
        attempt = given().when(adverse_event(term.code, grade, seriousness=seriousness, described=term.specify))
        if grade in term.grades:
            assert attempt.then_reported().grade == grade
        else:
            exist = [int(g) for g in term.grades]
            attempt.then_refused(refusals.GRADE_DOES_NOT_EXIST, grade=grade, exist=exist)


@pytest.mark.parametrize(
    ("command", "refusal", "detail"),
    [
        (adverse_event(10099999), refusals.TERM_UNKNOWN, {"term": 10099999, "dictionary": "CTCAE-5.0"}),
        (adverse_event(SKIN_OTHER), refusals.TERM_NEEDS_NARRATIVE, {"term": SKIN_OTHER}),
        (adverse_event(PLATELETS, 5, seriousness=DEATH), refusals.GRADE_DOES_NOT_EXIST, {"exist": [1, 2, 3, 4]}),
        (adverse_event(VOMITING, 5), refusals.FATAL_IS_GRADE_5, {"grade": 5}),
        (adverse_event(VOMITING, 4, seriousness=DEATH), refusals.FATAL_IS_GRADE_5, {"seriousness": ["DEATH"]}),
        (adverse_event(aware_at=NOW + timedelta(seconds=1)), refusals.AWARE_IN_FUTURE, {}),
        (adverse_event(onset_on=date(2022, 3, 3)), refusals.ONSET_AFTER_AWARENESS, {"aware_on": "2022-03-02"}),
        (adverse_event(onset_on=date(2022, 1, 9)), refusals.ONSET_BEFORE_CONSENT, {"consent_on": "2022-01-10"}),
    ],
)
def test_an_event_is_refused(command: ReportAdverseEvent, refusal: Refusal, detail: dict[str, Any]) -> None:
    given().when(command).then_refused(refusal, **detail)


def test_nothing_is_reported_of_somebody_unheard_of() -> None:
    given(known=None).when(adverse_event()).then_refused(refusals.SUBJECT_NOT_HEARD_OF, subject="01-001")


def test_nothing_is_reported_before_the_consent_is_heard_of() -> None:
    given(known=replace(CONSENTED, consents=())).when(adverse_event()).then_refused(refusals.CONSENT_NOT_HEARD_OF)


def test_an_event_may_be_learnt_of_after_the_death_but_not_begin_after_it() -> None:
    late = adverse_event(onset_on=date(2022, 6, 1), aware_at=datetime(2022, 6, 10, tzinfo=UTC))
    given(known=DEAD).when(late).then_reported()
    given(known=DEAD).when(replace(late, onset_on=date(2022, 6, 2))).then_refused(refusals.ONSET_AFTER_DEATH)


def test_the_day_of_awareness_is_that_of_the_trial() -> None:
    just_after_midnight_in_paris = datetime(2022, 3, 1, 23, 30, tzinfo=UTC)
    event = adverse_event(onset_on=date(2022, 3, 2), aware_at=just_after_midnight_in_paris)
    assert given().when(event).then_reported().onset_on == date(2022, 3, 2)


def test_seriousness_is_recorded_in_one_order() -> None:
    both = frozenset({Seriousness.OTHER_MEDICALLY_IMPORTANT, Seriousness.HOSPITALISATION})
    reported = given().when(adverse_event(seriousness=both)).then_reported()
    assert reported.seriousness == (Seriousness.HOSPITALISATION, Seriousness.OTHER_MEDICALLY_IMPORTANT)


def test_the_narrative_is_not_published() -> None:
    sealed = SealedText(key_id="k", nonce="AAAA", ciphertext="AAAA")
    reported = given().when(adverse_event()).then_reported().model_copy(update={"narrative": sealed})
    assert reported.published().narrative is None
