"""What was so on a clinical day: every fact has a rule, corrected facts count as corrected."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID, uuid4

import pytest

from contracts.events import course, enrolment, treatment
from contracts.events.course import RecordAnnulled, SubjectErased
from contracts.events.enrolment import (
    ConsentSigned,
    CycleAdministered,
    Finding,
    FindingsRecorded,
    ScheduledVisit,
    SubjectScreened,
    SurvivalContactRecorded,
    VisitsScheduled,
)
from contracts.events.envelope import Envelope, Provenance
from contracts.events.fact import Fact, SiteFact, SubjectFact
from contracts.vocabulary.clinical import Sex
from services.enrolment.domain import valid_time
from services.enrolment.domain.facts import PRIVATE
from services.enrolment.domain.state import Subject, evolve

from .world import C1, CONSENTED, SCREENED

RECORDED = datetime(2023, 1, 1, tzinfo=UTC)
WHO: dict[str, Any] = {"study": "RELUTH", "subject": "01-001"}
RULES = (valid_time.DAYS.keys(), valid_time.BESIDE, valid_time.EVERY_DAY, valid_time.ONE_BY_ONE)


def folded(*facts: Fact, ids: tuple[UUID, ...] = ()) -> Subject:
    subject = Subject()
    for n, fact in enumerate(facts, start=1):
        event_id = ids[n - 1] if n <= len(ids) else uuid4()
        subject = evolve(subject, Envelope(fact, event_id, "enrolment", "s", n, n, RECORDED, "", Provenance("acc-1")))
    return subject


def screened() -> SubjectScreened:
    return SubjectScreened(**WHO, site="01", sex=Sex.FEMALE, birth_month="1956-04", screened_on=SCREENED)


@pytest.mark.parametrize(
    "fact", [*enrolment.FACTS, *course.FACTS, *treatment.FACTS, *PRIVATE], ids=lambda fact: fact.__name__
)
def test_every_fact_of_a_subject_or_a_site_has_one_rule(fact: type[Fact]) -> None:
    assert issubclass(fact, SubjectFact | SiteFact)
    assert sum(fact in rule for rule in RULES) == 1


def test_what_is_not_ours_has_no_rule() -> None:
    ours = {*enrolment.FACTS, *course.FACTS, *treatment.FACTS, *PRIVATE}
    assert {fact for rule in RULES for fact in rule} <= ours


def test_a_day_named_by_a_rule_is_a_field_of_its_fact() -> None:
    for fact, rule in valid_time.DAYS.items():
        days = {name: date(2000, 1, 1) + timedelta(days=n) for n, name in enumerate(fact.model_fields)}
        assert rule(fact.model_construct(**days)) in days.values(), fact


def test_findings_count_one_by_one() -> None:
    days = [C1, C1 + timedelta(days=1), C1 + timedelta(days=2)]
    findings = tuple(Finding(field="alt", value=str(n), observed_on=day) for n, day in enumerate(days))
    subject = folded(screened(), FindingsRecorded(**WHO, findings=findings))
    for n in range(3):
        held = valid_time.on(subject, days[n]).findings.by_field["alt"]
        assert [one.finding.value for one in held] == [str(m) for m in range(n + 1)]
    assert "alt" not in valid_time.on(subject, days[0] - timedelta(days=1)).findings.by_field


def test_the_day_itself_counts_and_the_day_before_does_not() -> None:
    subject = folded(screened(), ConsentSigned(**WHO, version="1.0", signed_on=CONSENTED))
    assert valid_time.on(subject, CONSENTED).consent is not None
    assert valid_time.on(subject, CONSENTED - timedelta(days=1)).consent is None
    assert valid_time.on(subject, SCREENED - timedelta(days=1)).screening is None


def test_what_was_recorded_late_was_so_on_its_day() -> None:
    late = SurvivalContactRecorded(**WHO, last_alive_on=CONSENTED)
    mbq = Decimal(7400)
    cycle = CycleAdministered(**WHO, cycle=1, given_on=C1, prescribed_mbq=mbq, administered_mbq=mbq)
    subject = folded(screened(), cycle, late)
    then = valid_time.on(subject, CONSENTED)
    assert (then.contacts, then.cycles) == ((CONSENTED,), ())


def test_what_was_annulled_was_so_on_no_day() -> None:
    contact, when = SurvivalContactRecorded(**WHO, last_alive_on=CONSENTED), uuid4()
    subject = folded(screened(), contact, RecordAnnulled(**WHO, annulled=when), ids=(uuid4(), when))
    assert valid_time.on(subject, C1).contacts == ()


def test_a_schedule_that_was_replaced_was_so_on_no_day() -> None:
    """A corrected scan moves what follows from it: the old dates were an error, not an earlier truth."""

    def schedule(day: date) -> VisitsScheduled:
        visit = ScheduledVisit(visit="V3", target_on=day, earliest_on=day, latest_on=day)
        return VisitsScheduled(**WHO, anchor="post_c2_scan", anchor_on=day, visits=(visit,))

    subject = folded(screened(), schedule(C1), schedule(C1 + timedelta(days=10)))
    assert valid_time.on(subject, C1 + timedelta(days=5)).schedules == ()
    assert [one.anchor_on for one in valid_time.on(subject, C1 + timedelta(days=10)).schedules] == [
        C1 + timedelta(days=10)
    ]


def test_who_was_erased_is_erased_on_every_day() -> None:
    subject = folded(screened(), SubjectErased(**WHO, erased_on=C1))
    assert valid_time.on(subject, SCREENED).erased_on == C1


def test_every_day_is_no_filter() -> None:
    subject = folded(screened(), ConsentSigned(**WHO, version="1.0", signed_on=CONSENTED))
    assert valid_time.on(subject, None) is subject
