"""Somebody withdrew from any use of the data: counted for ever, and nothing else is kept."""

from collections.abc import Sequence
from datetime import date
from functools import reduce

from hypothesis import given
from hypothesis import strategies as st

from contracts.events.course import SubjectErased
from contracts.events.envelope import Envelope
from contracts.events.fact import Fact
from contracts.vocabulary.clinical import Reader
from services.analytics.domain import alerts, dossier
from services.analytics.domain.alerts import Alerts
from services.analytics.domain.dossier import Dossier
from services.analytics.domain.flow import flow

from .world import PROTOCOL, alert_raised, recorded, whole_journey

ERASED = SubjectErased(study="RELUTH", subject="01-001", erased_on=date(2023, 1, 1))


def interleaved(topics: Sequence[Sequence[Envelope[Fact]]], order: list[int]) -> list[Envelope[Fact]]:
    """The facts of each topic in their order, the topics in any."""
    left = [list(topic) for topic in topics]
    mixed = [left[n % len(left)].pop(0) for n in order if left[n % len(left)]]
    return [*mixed, *(envelope for topic in left for envelope in topic)]


@given(st.lists(st.integers(0, 20), max_size=60))
def test_whatever_arrives_first_the_same_little_is_kept(order: list[int]) -> None:
    journey = whole_journey()
    by_topic: dict[str | None, list[Fact]] = {}
    for fact in (fact for facts in journey.values() for fact in facts):
        by_topic.setdefault(fact.topic, []).append(fact)
    by_topic["reluth.enrolment"].append(ERASED)
    topics = [recorded(facts) for facts in by_topic.values()]
    kept = reduce(dossier.fold, interleaved(topics, order), Dossier("RELUTH", "01-001"))
    assert (kept.screened_on, kept.included_on, kept.randomized_on) != (None, None, None)
    assert None not in (kept.screened_on, kept.consented_on, kept.included_on, kept.randomized_on)
    assert (kept.scans, kept.adverse_events, kept.noted, kept.gate_1_rows, kept.cycles) == ((), {}, (), {}, {})
    assert (kept.died_on, kept.new_therapy_on, kept.gate_1, kept.run_in_ended_on) == (None, None, None, None)
    assert kept.erased_on == ERASED.erased_on


def test_alerts_are_forgotten_before_and_after() -> None:
    facts = recorded([alert_raised(), ERASED, alert_raised()])
    assert reduce(alerts.fold, facts, Alerts("RELUTH", "01-001")) == Alerts("RELUTH", "01-001", erased=True)


def test_the_flow_adds_up_as_before_and_says_how_many_withdrew_their_data() -> None:
    journey = [fact for facts in whole_journey().values() for fact in facts]
    before = reduce(dossier.fold, recorded(journey), Dossier("RELUTH", "01-001"))
    after = reduce(dossier.fold, recorded([*journey, ERASED]), Dossier("RELUTH", "01-001"))
    with_data, without = (flow([one], PROTOCOL, Reader.INVESTIGATOR) for one in (before, after))
    for count in ("screened", "consented", "included", "randomized", "in_run_in", "exits"):
        assert getattr(without, count) == getattr(with_data, count)
    assert (with_data.data_withdrawn, without.data_withdrawn) == (0, 1)
    assert (sum(with_data.assessed.values()) > 0, sum(without.assessed.values())) == (True, 0)
