"""Participant flow: every step counted, and the counts add up whatever has arrived."""

from dataclasses import replace

from hypothesis import given as for_all
from hypothesis import strategies as st

from contracts.vocabulary.clinical import Reader, RunInExit, Verdict
from contracts.vocabulary.logic import Truth
from services.analytics.domain import dossier as dossiers
from services.analytics.domain.dossier import Dossier
from services.analytics.domain.flow import Flow, NotIncluded, arm_flow, flow

from .world import PROTOCOL, STUDY, day, randomized, recorded, scan, whole_journey


def flow_of(*subjects: Dossier) -> Flow:
    return flow(subjects, PROTOCOL, Reader.INVESTIGATOR)


SCREENED = Dossier(STUDY, "02-001", screened_on=day(-150))
CONSENTED = replace(SCREENED, consented_on=day(-149))
INCLUDED = replace(CONSENTED, gate_1=Verdict.ELIGIBLE, included_on=day(-140))


def test_a_whole_cohort() -> None:
    found = flow_of(
        SCREENED,
        CONSENTED,
        replace(CONSENTED, gate_1=Verdict.PENDING, gate_1_rows={"I13": Truth.UNKNOWN}),
        replace(
            CONSENTED,
            gate_1=Verdict.NOT_ELIGIBLE,
            gate_1_rows={"I13": Truth.FALSE, "I14": Truth.TRUE, "E05": Truth.TRUE, "E06": Truth.FALSE},
        ),
        replace(CONSENTED, died_on=day(-145)),
        INCLUDED,
        replace(INCLUDED, cycles={1: day(-130)}, run_in_exit=RunInExit.TOXICITY),
        replace(INCLUDED, cycles={1: day(-130)}, run_in_exit=RunInExit.DEATH, died_on=day(-100)),
        replace(
            INCLUDED,
            cycles={1: day(-130), 2: day(-70)},
            scans=(scan(-10, "PD", "POST_C2"),),
            run_in_exit=RunInExit.PROGRESSION,
        ),
        randomized(scan(-10, "SD", "POST_C2"), scan(61, "NE", "M2"), scan(183, "SD", "M6")),
        randomized(scan(-10, "SD", "POST_C2"), scan(61, "SD", "M2"), scan(70, "PD", "M2"), died=90),
    )
    assert (found.screened, found.consented, found.included, found.randomized) == (11, 10, 6, 2)
    assert found.not_included == {
        NotIncluded.DIED: 1,
        NotIncluded.NOT_CONSENTED: 1,
        NotIncluded.NOT_ELIGIBLE: 1,
        NotIncluded.NOT_YET_DECIDED: 2,
    }
    assert found.criteria_not_met == {"I13": 1, "E05": 1}
    assert found.cycles == {1: 5, 2: 3}
    assert {reason: n for reason, n in found.exits.items() if n} == {
        RunInExit.TOXICITY: 1,
        RunInExit.DEATH: 1,
        RunInExit.PROGRESSION: 1,
    }
    assert found.in_run_in == 1
    assert found.assessed == {"POST_C2": 3, "M2": 2, "M4": 0, "M6": 1}
    assert (found.deaths.not_included, found.deaths.not_randomized, found.deaths.randomized) == (1, 1, 1)
    assert found.ahead == 0


def test_subjects_whose_enrolment_is_on_its_way_are_counted_apart() -> None:
    found = flow_of(
        Dossier(STUDY, "01-009", randomized_on=day(0)),
        replace(CONSENTED, randomized_on=day(0)),
        Dossier(STUDY, "01-010", scans=(scan(1, "SD"),)),
        randomized(),
    )
    assert (found.screened, found.randomized, found.ahead) == (1, 1, 3)


def test_an_arm_counts_randomized_subjects_alone() -> None:
    found = arm_flow([randomized(scan(61, "SD", "M2"), died=90), randomized(), INCLUDED], PROTOCOL, Reader.INVESTIGATOR)
    assert (found.randomized, found.assessed, found.deaths) == (2, {"M2": 1, "M4": 0, "M6": 0}, 1)


@for_all(st.lists(st.lists(st.integers(0, 10), min_size=5, max_size=5), max_size=12))
def test_the_counts_add_up_whatever_part_of_each_topic_has_arrived(cuts: list[list[int]]) -> None:
    subjects = []
    for number, cut in enumerate(cuts, 1):
        subject = Dossier(STUDY, f"01-{number:03d}")
        for facts, n in zip(whole_journey(subject.subject).values(), cut, strict=True):
            for envelope in recorded(facts[:n]):
                subject = dossiers.fold(subject, envelope)
        subjects.append(subject)
    found = flow_of(*subjects)
    assert found.screened == found.included + sum(found.not_included.values())
    assert found.included == found.randomized + sum(found.exits.values()) + found.in_run_in
    assert found.screened + found.ahead == len(subjects)
    assert found.screened >= found.consented >= found.included >= found.cycles[1] >= found.cycles[2]
