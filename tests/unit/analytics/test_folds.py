"""The folds: what each fact changes, and that the order between topics never shows."""

import random
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from decimal import Decimal
from uuid import UUID

from hypothesis import given as for_all
from hypothesis import strategies as st

from contracts.events.course import RecordAnnulled
from contracts.events.envelope import Envelope
from contracts.events.fact import Fact
from contracts.events.randomization import CapChanged
from contracts.events.treatment import TreatmentCycleAdministered, TreatmentRecordAnnulled
from contracts.vocabulary.clinical import Verdict
from contracts.vocabulary.grade import Grade
from contracts.vocabulary.logic import Truth
from services.analytics.closed import exposure
from services.analytics.domain import alerts, allocation, conduct, dossier
from services.analytics.domain.alerts import Alerts
from services.analytics.domain.allocation import Allocated
from services.analytics.domain.conduct import Conduct
from services.analytics.domain.dossier import TOPICS, AdverseEvent, Dossier

from .world import (
    ID,
    PROTOCOL,
    STUDY,
    alert_closed,
    alert_raised,
    allocation_activated,
    arm_allocated,
    consented,
    day,
    died,
    recorded,
    site_activated,
    subject_randomized,
    therapy,
    tumour_assessed,
    whole_journey,
)


def folded(*facts: Fact) -> Dossier:
    state = Dossier(STUDY, "01-001")
    for envelope in recorded(facts):
        state = dossier.fold(state, envelope)
    return state


def test_a_scan_that_is_read_again_counts_once_as_read_last() -> None:
    found = folded(tumour_assessed(183, "PD"), tumour_assessed(61, "SD", "M2"), tumour_assessed(184, "SD"))
    assert [(s.timepoint, s.scan_on, s.response.value) for s in found.scans] == [
        ("M2", day(61), "SD"),
        ("M6", day(184), "SD"),
    ]


def test_a_whole_journey() -> None:
    journey = whole_journey()
    found = folded(*(fact for facts in journey.values() for fact in facts))
    assert (found.screened_on, found.consented_on, found.included_on) == (day(-150), day(-149), day(-140))
    assert found.cycles == {1: day(-130), 2: day(-74)}
    assert (found.randomized_on, found.randomization_number) == (day(0), 1)
    assert [(s.timepoint, s.response.value) for s in found.scans] == [
        ("POST_C2", "SD"),
        ("M2", "PR"),
        ("M4", "SD"),
        ("M6", "SD"),
    ]
    assert (found.new_therapy_on, found.died_on) == (day(220), day(300))
    assert found.positions == {
        "reluth.enrolment": 10,
        "reluth.randomization": 11,
        "reluth.assessment": 17,
        "reluth.safety": 21,
    }


def test_the_verdict_of_the_second_gate_does_not_replace_the_first() -> None:
    found = folded(*whole_journey()["reluth.enrolment"])
    assert (found.gate_1, found.gate_1_rows) == (Verdict.ELIGIBLE, {"I13": Truth.TRUE})


def test_an_adverse_event_reported_again_is_one_event() -> None:
    assert folded(*whole_journey()["reluth.safety"]).adverse_events == {
        ID: AdverseEvent(Grade.G3, serious=True, onset_on=day(-60))
    }


def test_the_first_consent_and_the_first_new_therapy_count() -> None:
    found = folded(consented(on=-10), consented(on=-20), therapy(on=90), therapy(on=40), therapy(on=200))
    assert (found.consented_on, found.new_therapy_on) == (day(-20), day(40))


def test_a_dossier_never_learns_the_arm_or_the_stratum() -> None:
    told = repr(folded(arm_allocated(arm="EXPERIMENTAL_ARM"), subject_randomized()))
    assert "EXPERIMENTAL_ARM" not in told
    assert "GE18" not in told
    assert folded(arm_allocated()) == Dossier(STUDY, "01-001")


def test_the_closed_record_holds_arm_and_stratum() -> None:
    state = Allocated(STUDY, "01-001")
    for envelope in recorded([arm_allocated(arm="B"), subject_randomized(), therapy()]):
        state = allocation.fold(state, envelope)
    assert (state.arm, state.stratum) == ("B", {"F1": "GE18", "F3": "LT60"})
    assert state.positions == {"reluth.allocation": 1, "reluth.randomization": 2}


def test_the_closed_record_counts_cycles_given_and_takes_back_those_entered_in_error() -> None:
    def given(cycle: int) -> TreatmentCycleAdministered:
        mbq = Decimal(7400)
        return TreatmentCycleAdministered(
            study=STUDY, subject="01-001", cycle=cycle, given_on=day(1), prescribed_mbq=mbq, administered_mbq=mbq
        )

    third, fourth = recorded([given(3), given(4)])
    gone = TreatmentRecordAnnulled(study=STUDY, subject="01-001", annulled=fourth.event_id)
    state = Allocated(STUDY, "01-001")
    for envelope in (third, fourth):
        state = allocation.fold(state, envelope)
    assert sorted(state.cycles.values()) == [3, 4]
    (annulment,) = recorded([gone])
    assert list(allocation.fold(state, annulment).cycles.values()) == [3]


def test_exposure_counts_subjects_by_cycle_after_randomization() -> None:
    dossiers = [Dossier(STUDY, f"01-00{n}") for n in (1, 2, 3)]
    treated = {"01-001": {3, 4}, "01-002": {3}, "02-001": {3}}
    assert exposure(dossiers, treated, PROTOCOL) == {3: 2, 4: 1}


def test_an_open_dossier_never_learns_of_a_cycle_after_randomization() -> None:
    assert "reluth.treatment" not in TOPICS


def test_an_alert_keeps_its_first_raising() -> None:
    first, again = recorded([alert_raised(priority=1), alert_raised(priority=4)])
    found = alerts.fold(alerts.fold(Alerts(STUDY, "01-001"), first), again)
    assert [(a.priority, a.position, a.raised_at) for a in found.raised.values()] == [
        (1, 1, datetime(2024, 1, 2, tzinfo=UTC))
    ]


def test_an_alert_is_open_until_its_episode_is_closed() -> None:
    state = Alerts(STUDY, "01-001")
    other = UUID(int=7)
    for envelope in recorded([alert_closed(), alert_raised(), alert_raised(alert=other), alert_closed()]):
        state = alerts.fold(state, envelope)
    assert {alert.alert: alert.open for alert in state.raised.values()} == {ID: False, other: True}


def test_the_conduct_of_a_study() -> None:
    state = Conduct(STUDY)
    facts = [site_activated("01"), allocation_activated(146), site_activated("02"), CapChanged(study=STUDY, cap=150)]
    for envelope in recorded(facts):
        state = conduct.fold(state, envelope)
    assert (sorted(state.sites), state.allocation_activated_on, state.cap) == (["01", "02"], day(-300), 150)


def _interleaved(topics: Mapping[str, Sequence[Envelope[Fact]]], seed: int) -> list[Envelope[Fact]]:
    """All facts in one order: each topic's own order is kept, which topic comes next is drawn."""
    draw = random.Random(seed)
    waiting = {topic: list(envelopes) for topic, envelopes in topics.items()}
    merged = []
    while waiting:
        topic = draw.choice(sorted(waiting))
        merged.append(waiting[topic].pop(0))
        if not waiting[topic]:
            del waiting[topic]
    return merged


@for_all(st.integers(), st.integers(), st.integers(1, 50))
def test_the_order_between_topics_never_shows(one: int, other: int, start: int) -> None:
    topics = {topic: recorded(facts, start=start) for topic, facts in whole_journey().items()}
    results = []
    for seed in (one, other):
        open_part, closed_part = Dossier(STUDY, "01-001"), Allocated(STUDY, "01-001")
        raised = Alerts(STUDY, "01-001")
        for envelope in _interleaved(topics, seed):
            open_part = dossier.fold(open_part, envelope)
            closed_part = allocation.fold(closed_part, envelope)
            raised = alerts.fold(raised, envelope)
        results.append((open_part, closed_part, raised))
    assert results[0] == results[1]


def test_what_enrolment_annulled_leaves_nothing_in_a_dossier() -> None:
    facts = [consented(), therapy(on=90), therapy(on=120), died(on=200)]
    ids = [envelope.event_id for envelope in recorded(facts)]
    annulled = [RecordAnnulled(study=STUDY, subject="01-001", annulled=ids[place]) for place in (1, 3)]
    found = folded(*facts, *annulled)
    assert (found.new_therapy_on, found.died_on) == (day(120), None)
    assert folded(*facts, *annulled, died(on=230)).died_on == day(230)
    assert found.consented_on == folded(*facts).consented_on
