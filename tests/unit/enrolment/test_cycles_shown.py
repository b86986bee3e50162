"""The read of a subject's cycles: what was given, what is next, and who is told."""

import json
from datetime import timedelta
from decimal import Decimal

from services.enrolment.domain import refusals
from services.enrolment.shown.cycles import CyclesView, cycles_of
from services.enrolment.shown.subjects import SubjectView

from .test_decide import UNTIL_INCLUSION, given
from .test_treatment import ARM_A, ARM_B, C3, C4, DELAYED, R, arm, findings, treated
from .world import PROTOCOL, STUDY


def shown(*facts: object, day: object = C3) -> CyclesView:
    return cycles_of(given(*facts).state, PROTOCOL, day)  # type: ignore[arg-type]


def forbidding(view: CyclesView) -> list[str]:
    assert view.next is not None
    return [one.reason for one in view.next.forbidden_by]


def test_the_next_cycle_has_its_window_and_nothing_that_forbids_it() -> None:
    view = shown(*ARM_A, findings(4), treated(3, C3), DELAYED, day=C4)
    assert view.next is not None
    window = (view.next.earliest_on, view.next.target_on, view.next.latest_on)
    assert window == (C3 + timedelta(days=49), C3 + timedelta(days=56), C3 + timedelta(days=112))
    assert view.next.planned_on == DELAYED.planned_on
    assert forbidding(view) == []


def test_everything_that_forbids_it_is_named_at_once() -> None:
    early = shown(*ARM_A, findings(5), treated(3, C3), day=C3 + timedelta(days=1))
    assert forbidding(early) == [refusals.treatment.CYCLE_TOO_EARLY.code, refusals.treatment.LIFETIME_REACHED.code]


def test_what_is_not_known_is_no_permission() -> None:
    assert forbidding(shown(*ARM_A)) == [refusals.treatment.EARLIER_CYCLES_UNKNOWN.code]


def test_the_arm_without_cycles_has_no_next_one() -> None:
    assert shown(*ARM_B, findings(4)).next is None
    assert shown(*ARM_A, treated(3, C3), treated(4, C4), day=C4).next is None


def test_activity_adds_up_over_the_study_and_the_first_prrt_is_said_apart() -> None:
    total = shown(*ARM_A, findings(4), treated(3, C3, "7300.5")).cumulative
    assert (total.study_mbq, total.study_cycles) == (Decimal("22100.5"), 3)
    assert (total.earlier_cycles, total.earlier_mbq, total.lifetime_cycles) == (4, Decimal(29600), 8)


def test_a_subject_of_the_run_in_sees_its_next_cycle() -> None:
    view = shown(*UNTIL_INCLUSION, findings(4), day=R)
    assert view.next is not None
    assert (view.next.cycle, view.arm, view.phase) == (1, None, None)


def test_the_answer_for_everybody_is_the_same_in_both_arms() -> None:
    """Nothing that a subject's arm leads to stands in the answer that also those read who must not know it."""
    told = {
        json.dumps(SubjectView.of(STUDY, given(*facts).state).model_dump(mode="json"), sort_keys=True)
        for facts in (ARM_A, ARM_B, (*ARM_A, treated(3, C3)), (*ARM_A[:-1], arm("B")))
    }
    assert len(told) == 1
