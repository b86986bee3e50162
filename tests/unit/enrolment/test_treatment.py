"""Treatment: which cycle may be given to whom and when, delays and omissions, surveillance, the end, and deviations."""

from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal
from uuid import UUID

import pytest

from contracts.events.course import (
    ConsentWithdrawn,
    EndOfStudyReached,
    LostToFollowUpDeclared,
    ProgressionNoted,
    ProtocolDeviationRecorded,
    SubjectRecontacted,
)
from contracts.events.enrolment import CycleAdministered, Finding, FindingsRecorded
from contracts.events.fact import Fact
from contracts.events.treatment import (
    CycleDelayed,
    CycleDosed,
    CycleOmitted,
    SurveillanceStarted,
    TreatmentConsentWithdrawn,
    TreatmentCycleAdministered,
    TreatmentDeviationRecorded,
    TreatmentDiscontinued,
)
from contracts.vocabulary.course import CycleReason, DeviationKind, EndReason, TreatmentStop, WithdrawalScope
from services.chassis.refusal import Refusal
from services.enrolment.domain import refusals
from services.enrolment.domain.deviations import deviations
from services.enrolment.domain.facts import TreatmentAssigned
from services.enrolment.domain.setting import Setting
from services.enrolment.domain.state import Subject
from services.enrolment.domain.subject.cycles import AdministerCycle
from services.enrolment.domain.subject.decisions import decide
from services.enrolment.domain.subject.delays import DelayCycle, OmitCycle
from services.enrolment.domain.subject.treatment import (
    DiscontinueTreatment,
    Phase,
    StartSurveillance,
    assigned,
    phase,
)

from .test_decide import SITE, TODAY, UNTIL_INCLUSION, S, asked, dead, dose, given, randomized, site
from .test_dose import START, measured
from .world import C1, C2, INCLUDED, PROTOCOL, SCAN, STUDY

R = SCAN + timedelta(days=7)
C3 = R
C4 = C3 + timedelta(days=56)
RUN_IN = (*UNTIL_INCLUSION, dose(1, C1), dose(2, C2))
TREATED_DAY = START.date()
Step = Callable[[Subject], tuple[Fact, ...]]
DAY = timedelta(days=1)


def arm(code: str = "A") -> TreatmentAssigned:
    cycles = (3, 4) if code == "A" else ()
    return TreatmentAssigned(study=STUDY, subject=S, arm=code, cycles=cycles, assigned_on=R)


def treated(cycle: int, on: date, mbq: str = "7400") -> TreatmentCycleAdministered:
    return TreatmentCycleAdministered(
        study=STUDY,
        subject=S,
        cycle=cycle,
        given_on=on,
        prescribed_mbq=Decimal(7400),
        administered_mbq=Decimal(mbq),
    )


def findings(cycles: int) -> FindingsRecorded:
    value = Finding(field="first_prrt_cycles", value=str(cycles), observed_on=INCLUDED)
    return FindingsRecorded(study=STUDY, subject=S, findings=(value,))


def give(cycle: int, on: date, mbq: str | None = "7400", **more: object) -> Step:
    administered = Decimal(mbq) if mbq is not None else None
    return asked(AdministerCycle(STUDY, S, cycle, on, None, administered, **more))  # type: ignore[arg-type]


def delay(cycle: int, until: date, on: date = R) -> Step:
    return asked(DelayCycle(STUDY, S, cycle, on, until, CycleReason.HAEMATOLOGICAL_TOXICITY))


def omit(cycle: int, on: date = R) -> Step:
    return asked(OmitCycle(STUDY, S, cycle, on, CycleReason.OTHER_TOXICITY))


def stop(on: date = R) -> Step:
    return asked(DiscontinueTreatment(STUDY, S, on, TreatmentStop.TOXICITY))


def watch(on: date = R) -> Step:
    return asked(StartSurveillance(STUDY, S, on))


ARM_A = (*RUN_IN, randomized(R), arm("A"))
ARM_B = (*RUN_IN, randomized(R), arm("B"))
DELAYED = CycleDelayed(
    study=STUDY, subject=S, cycle=4, delayed_on=C3, planned_on=C4 + DAY, reason=CycleReason.HAEMATOLOGICAL_TOXICITY
)
OMITTED = CycleOmitted(study=STUDY, subject=S, cycle=3, omitted_on=R, reason=CycleReason.OTHER_TOXICITY)
STOPPED = TreatmentDiscontinued(study=STUDY, subject=S, reason=TreatmentStop.TOXICITY, discontinued_on=C3)
LOST = LostToFollowUpDeclared(study=STUDY, subject=S, declared_on=C3 + DAY, attempts=())


class TestTheArm:
    def test_it_says_which_cycles_there_are(self) -> None:
        state = given(*RUN_IN).state
        assert assigned(state, PROTOCOL, "A", R) == (arm("A"),)
        assert assigned(state, PROTOCOL, "B", R) == (arm("B"),)

    def test_it_is_kept_once_and_of_nobody_unknown(self) -> None:
        assert assigned(given(*ARM_A).state, PROTOCOL, "B", R) == ()
        assert assigned(Subject(), PROTOCOL, "A", R) == ()

    def test_an_arm_that_the_protocol_does_not_have_holds_the_subject_back(self) -> None:
        given(*RUN_IN).when(lambda state: assigned(state, PROTOCOL, "Z", R)).then_refused(
            refusals.treatment.UNKNOWN_ARM
        )

    @pytest.mark.parametrize("first", [0, 1])
    def test_it_may_be_heard_before_the_randomization_or_after_it(self, first: int) -> None:
        heard = [randomized(R), arm("A")]
        state = given(*RUN_IN, heard[first], heard[1 - first])
        assert len(state.when(give(3, C3)).facts) == 1


class TestCyclesAfterRandomization:
    def test_the_arm_with_two_more_cycles_gets_them(self) -> None:
        given(*ARM_A).when(give(3, C3)).then(treated(3, C3))
        given(*ARM_A, treated(3, C3)).when(give(4, C4)).then(treated(4, C4))

    def test_invariant_7_no_cycle_in_the_arm_without_and_the_remedy_is_a_new_therapy(self) -> None:
        given(*ARM_B).when(give(3, C3)).then_refused(refusals.treatment.ARM_HAS_NO_CYCLE, cycle=3)
        assert "new anticancer therapy" in refusals.treatment.ARM_HAS_NO_CYCLE.remedy

    def test_invariant_7_no_cycle_for_who_is_not_randomized(self) -> None:
        given(*RUN_IN).when(give(3, C3)).then_refused(refusals.treatment.NOT_RANDOMIZED)

    def test_before_the_arm_is_heard_waiting_helps(self) -> None:
        given(*RUN_IN, randomized(R)).when(give(3, C3)).then_refused(refusals.treatment.ARM_NOT_HEARD)
        assert refusals.treatment.ARM_NOT_HEARD.retry_after is not None

    def test_not_before_the_randomization(self) -> None:
        given(*ARM_A).when(give(3, R - DAY)).then_refused(refusals.treatment.BEFORE_RANDOMIZATION, randomized_on=R)

    def test_invariant_8_in_order_and_once(self) -> None:
        given(*ARM_A).when(give(4, C4)).then_refused(refusals.treatment.CYCLE_OUT_OF_ORDER, expected=3)
        given(*ARM_A, treated(3, C3)).when(give(3, C4)).then_refused(refusals.treatment.CYCLE_OUT_OF_ORDER, expected=4)
        done = given(*ARM_A, treated(3, C3), treated(4, C4))
        done.when(give(4, C4)).then_refused(refusals.treatment.CYCLE_OUT_OF_ORDER, expected=None)
        done.when(give(5, C4)).then_refused(refusals.standing.ALREADY_RANDOMIZED)

    def test_invariant_8_at_least_49_days_after_the_last_infusion(self) -> None:
        earliest = C3 + timedelta(days=49)
        one = given(*ARM_A, treated(3, C3))
        one.when(give(4, earliest - DAY)).then_refused(refusals.treatment.CYCLE_TOO_EARLY, earliest_on=earliest)
        assert len(one.when(give(4, earliest)).facts) == 1

    def test_after_an_omitted_cycle_the_interval_counts_from_the_last_one_given(self) -> None:
        omitted = given(*ARM_A, OMITTED)
        omitted.when(give(3, C3)).then_refused(refusals.treatment.CYCLE_OUT_OF_ORDER, expected=4)
        assert len(omitted.when(give(4, R)).facts) == 1
        soon = (*UNTIL_INCLUSION, dose(1, C1), dose(2, R - 20 * DAY), randomized(R), arm("A"), OMITTED)
        given(*soon).when(give(4, R)).then_refused(refusals.treatment.CYCLE_TOO_EARLY, earliest_on=R + 29 * DAY)

    @pytest.mark.parametrize(
        ("earlier", "number", "refused"), [(4, 4, False), (5, 4, True), (5, 3, False), (6, 3, True), (12, 3, True)]
    )
    def test_invariant_8_at_most_eight_cycles_in_a_lifetime(self, earlier: int, number: int, refused: bool) -> None:
        before = (treated(3, C3),) if number == 4 else ()
        when = given(*ARM_A, findings(earlier), *before).when(give(number, C3 if number == 3 else C4))
        if refused:
            when.then_refused(refusals.treatment.LIFETIME_REACHED, limit=8, earlier=earlier, in_study=number - 1)
        else:
            assert len(when.facts) == 1

    def test_invariant_8_the_lifetime_counts_in_the_run_in_too(self) -> None:
        given(*UNTIL_INCLUSION, findings(8)).when(give(1, C1)).then_refused(refusals.treatment.LIFETIME_REACHED)
        assert given(*UNTIL_INCLUSION, findings(7)).when(give(1, C1)).refused is None

    @pytest.mark.parametrize(
        ("fact", "refusal"),
        [
            (dead(C3), refusals.standing.DEAD),
            (
                ProgressionNoted(study=STUDY, subject=S, progressed_on=C3, timepoint="M2", assessment=UUID(int=1)),
                refusals.treatment.PROGRESSED,
            ),
            (
                TreatmentConsentWithdrawn(study=STUDY, subject=S, withdrawn_on=C3 + DAY),
                refusals.standing.CONSENT_WITHDRAWN,
            ),
            (
                ConsentWithdrawn(study=STUDY, subject=S, scope=WithdrawalScope.FOLLOW_UP, withdrawn_on=C3 + DAY),
                refusals.standing.CONSENT_WITHDRAWN,
            ),
            (STOPPED, refusals.treatment.TREATMENT_OVER),
            (
                EndOfStudyReached(study=STUDY, subject=S, ended_on=C3, reason=EndReason.STUDY_CLOSED),
                refusals.standing.STUDY_OVER,
            ),
        ],
    )
    def test_invariants_10_and_12_none_after_what_ends_treatment(self, fact: Fact, refusal: Refusal) -> None:
        over = given(*ARM_A, fact)
        over.when(give(3, C3 + DAY)).then_refused(refusal)
        assert over.when(give(3, C3)).refused is None  # what was given by then can still be recorded

    def test_none_while_nobody_can_reach_the_subject(self) -> None:
        day = C3 + 2 * DAY
        given(*ARM_A, LOST).when(give(3, day)).then_refused(refusals.standing.SUBJECT_LOST)
        found = SubjectRecontacted(study=STUDY, subject=S, recontacted_on=day)
        assert given(*ARM_A, LOST, found).when(give(3, day)).refused is None


class TestDelaysAndOmissions:
    def test_a_cycle_is_put_off_to_a_later_day_until_the_last_one(self) -> None:
        after_c3 = given(*ARM_A, treated(3, C3))
        after_c3.when(delay(4, C4, C3)).then_refused(refusals.treatment.DELAY_NOT_LATER, planned_on=C4)
        after_c3.when(delay(4, C4 + DAY, C3)).then(DELAYED)
        last = C3 + timedelta(days=112)
        assert after_c3.when(delay(4, last, C3)).refused is None
        after_c3.when(delay(4, last + DAY, C3)).then_refused(refusals.treatment.DELAY_BEYOND_LATEST, latest_on=last)

    def test_a_second_delay_is_later_than_the_first(self) -> None:
        delayed = given(*ARM_A, treated(3, C3), DELAYED)
        delayed.when(delay(4, C4 + DAY, C3)).then_refused(refusals.treatment.DELAY_NOT_LATER, planned_on=C4 + DAY)
        assert delayed.when(delay(4, C4 + 2 * DAY, C3)).refused is None

    def test_a_delayed_cycle_can_be_given(self) -> None:
        assert given(*ARM_A, treated(3, C3), DELAYED).when(give(4, C4 + DAY)).refused is None

    def test_a_cycle_of_the_run_in_can_be_put_off_and_not_left_out(self) -> None:
        one = given(*UNTIL_INCLUSION, dose(1, C1))
        assert one.when(delay(2, C2 + DAY, C1)).refused is None
        one.when(omit(2, C1)).then_refused(refusals.treatment.RUN_IN_CYCLE_NOT_OMITTED)

    def test_only_the_next_cycle_is_put_off_or_left_out(self) -> None:
        for step in (delay(4, C4 + DAY), omit(4)):
            given(*ARM_A).when(step).then_refused(refusals.treatment.CYCLE_OUT_OF_ORDER, expected=3)
        for step in (delay(3, C3 + DAY), omit(3)):
            given(*ARM_B).when(step).then_refused(refusals.treatment.ARM_HAS_NO_CYCLE)

    def test_an_omission(self) -> None:
        given(*ARM_A).when(omit(3)).then(OMITTED)


class TestSurveillanceAndTheEnd:
    def test_surveillance_starts_once_in_the_arm_without_cycles(self) -> None:
        started = SurveillanceStarted(study=STUDY, subject=S, started_on=R)
        given(*ARM_B).when(watch()).then(started)
        given(*ARM_B, started).when(watch()).then_refused(refusals.treatment.SURVEILLANCE_STARTED, started_on=R)
        given(*ARM_A).when(watch()).then_refused(refusals.treatment.ARM_HAS_CYCLES)
        given(*ARM_B).when(watch(R - DAY)).then_refused(refusals.treatment.BEFORE_RANDOMIZATION)
        given(*RUN_IN, randomized(R)).when(watch()).then_refused(refusals.treatment.ARM_NOT_HEARD)

    def test_treatment_ends_once_and_not_before_its_last_cycle(self) -> None:
        given(*ARM_A, treated(3, C3)).when(stop(C3)).then(STOPPED)
        given(*ARM_A, treated(3, C3)).when(stop(C3 - DAY)).then_refused(refusals.treatment.BEFORE_RANDOMIZATION)
        later = given(*ARM_A, treated(3, C3 + DAY))
        later.when(stop(C3)).then_refused(refusals.treatment.STOP_BEFORE_CYCLE, given_on=C3 + DAY)
        given(*ARM_A, STOPPED).when(stop(C4)).then_refused(refusals.treatment.TREATMENT_OVER)

    def test_what_is_complete_or_never_was_cannot_be_ended(self) -> None:
        given(*ARM_B).when(stop()).then_refused(refusals.treatment.NO_TREATMENT_TO_STOP)
        given(*ARM_A, treated(3, C3), treated(4, C4)).when(stop(C4)).then_refused(
            refusals.treatment.NO_TREATMENT_TO_STOP
        )

    @pytest.mark.parametrize(
        ("facts", "expected"),
        [
            ((), None),
            ((randomized(R), arm("A")), Phase.AWAITED),
            ((randomized(R), arm("A"), treated(3, C3)), Phase.ON_TREATMENT),
            ((randomized(R), arm("A"), treated(3, C3), treated(4, C4)), Phase.ASSESSMENT),
            ((randomized(R), arm("A"), OMITTED), Phase.AWAITED),
            ((randomized(R), arm("A"), STOPPED), Phase.ASSESSMENT),
            ((randomized(R), arm("B")), Phase.AWAITED),
            (
                (randomized(R), arm("B"), SurveillanceStarted(study=STUDY, subject=S, started_on=R)),
                Phase.ASSESSMENT,
            ),
        ],
    )
    def test_the_phase_follows_from_what_was_given(self, facts: tuple[Fact, ...], expected: Phase | None) -> None:
        assert phase(given(*RUN_IN, *facts).state) is expected


class TestActivities:
    def test_the_activity_follows_from_what_was_measured(self) -> None:
        administered, dosed, _ = given(*UNTIL_INCLUSION).when(give(1, TREATED_DAY, None, measured=measured())).facts
        assert isinstance(administered, CycleAdministered)
        assert isinstance(dosed, CycleDosed)
        assert (administered.administered_mbq, dosed.dose.batch) == (Decimal("7388.487"), "LU-2203-07")

    def test_stated_and_measured_have_to_agree(self) -> None:
        included = given(*UNTIL_INCLUSION)
        agreeing = included.when(give(1, TREATED_DAY, "7400", measured=measured())).facts[0]
        assert isinstance(agreeing, CycleAdministered)
        assert agreeing.administered_mbq == Decimal("7388.487")
        included.when(give(1, TREATED_DAY, "7000", measured=measured())).then_refused(
            refusals.treatment.ACTIVITIES_DISAGREE, calculated_mbq="7388.487"
        )

    def test_one_of_them_is_needed_and_it_is_more_than_nothing(self) -> None:
        given(*UNTIL_INCLUSION).when(give(1, C1, None)).then_refused(refusals.treatment.ACTIVITY_MISSING)
        nothing = measured(residual_mbq=Decimal(7450))
        given(*UNTIL_INCLUSION).when(give(1, TREATED_DAY, None, measured=nothing)).then_refused(
            refusals.treatment.NOTHING_ADMINISTERED
        )

    def test_a_trial_without_a_half_life_states_its_activities(self) -> None:
        protocol = PROTOCOL.model_copy(update={"radiopharmaceutical": None})
        cmd = AdministerCycle(STUDY, S, 1, TREATED_DAY, None, None, measured())
        given(*UNTIL_INCLUSION).when(asked_in(protocol, cmd)).then_refused(refusals.treatment.DRUG_NOT_DESCRIBED)


def asked_in(protocol: object, cmd: AdministerCycle) -> Step:
    setting = Setting(protocol, site(SITE).state, TODAY)  # type: ignore[arg-type]
    return lambda subject: decide(subject, setting, cmd)


class TestDeviations:
    def noticed(self, before: tuple[Fact, ...], step: Step) -> list[Fact]:
        state = given(*before)
        facts = [(UUID(int=n), fact) for n, fact in enumerate(state.when(step).facts, start=1)]
        assert facts
        return list(deviations(state.state, Setting(PROTOCOL, site(SITE).state, TODAY), facts))

    @pytest.mark.parametrize(("mbq", "so"), [("6660", False), ("6659.999", True), ("8140", False), ("8140.001", True)])
    def test_invariant_9_a_dose_outside_ten_percent(self, mbq: str, so: bool) -> None:
        found = self.noticed(ARM_A, give(3, C3, mbq))
        assert [type(one) for one in found] == ([TreatmentDeviationRecorded] if so else [])
        if so:
            assert (found[0].about, found[0].deviation) == (UUID(int=1), DeviationKind.DOSE_OUTSIDE_TOLERANCE)  # type: ignore[attr-defined]

    def test_the_activity_is_not_rounded_before_it_is_compared(self) -> None:
        """6659.9998 MBq were given and 6660.000 are kept: outside all the same."""
        moment = timedelta(milliseconds=20)
        just_below = measured(measured_at=START - moment, measured_mbq=Decimal(6660), residual_mbq=Decimal(0))
        cmd = AdministerCycle(STUDY, S, 1, TREATED_DAY, None, None, just_below)
        state = given(*UNTIL_INCLUSION)
        (administered, dosed, _) = state.when(asked(cmd)).facts
        assert isinstance(administered, CycleAdministered)
        assert administered.administered_mbq == Decimal("6660.000")
        found = deviations(
            state.state,
            Setting(PROTOCOL, site(SITE).state, TODAY),
            [(UUID(int=1), administered), (UUID(int=2), dosed)],
        )
        assert [one.deviation for one in found if isinstance(one, ProtocolDeviationRecorded)] == [
            DeviationKind.DOSE_OUTSIDE_TOLERANCE
        ]

    @pytest.mark.parametrize(
        ("prescribed", "reason", "kinds"),
        [
            ("3700", CycleReason.HAEMATOLOGICAL_TOXICITY, []),
            ("3700", None, [DeviationKind.DOSE_NOT_AS_IN_PROTOCOL]),
            ("5000", CycleReason.HAEMATOLOGICAL_TOXICITY, [DeviationKind.DOSE_NOT_AS_IN_PROTOCOL]),
        ],
    )
    def test_a_reduction_of_the_protocol_needs_its_reason(
        self, prescribed: str, reason: CycleReason | None, kinds: list[DeviationKind]
    ) -> None:
        cmd = AdministerCycle(STUDY, S, 3, C3, Decimal(prescribed), Decimal(prescribed), None, reason)
        found = self.noticed(ARM_A, asked(cmd))
        assert [one.deviation for one in found if isinstance(one, TreatmentDeviationRecorded)] == kinds

    def test_amino_acids_belong_to_every_cycle(self) -> None:
        step = give(1, TREATED_DAY, None, measured=measured(amino_acids=False))
        (found,) = self.noticed(UNTIL_INCLUSION, step)
        assert isinstance(found, ProtocolDeviationRecorded)
        assert found.deviation is DeviationKind.AMINO_ACIDS_NOT_GIVEN

    @pytest.mark.parametrize(
        ("days", "kinds"),
        [
            (63, []),
            (64, [DeviationKind.CYCLE_LATE]),
            (112, [DeviationKind.CYCLE_LATE]),
            (113, [DeviationKind.CYCLE_BEYOND_LATEST_DAY]),
        ],
    )
    def test_a_late_fourth_cycle_deviates_where_it_cannot_tell_the_arm(
        self, days: int, kinds: list[DeviationKind]
    ) -> None:
        found = self.noticed((*ARM_A, treated(3, C3)), give(4, C3 + timedelta(days=days)))
        assert [one.deviation for one in found if isinstance(one, TreatmentDeviationRecorded)] == kinds
        assert len(found) == len(kinds)
