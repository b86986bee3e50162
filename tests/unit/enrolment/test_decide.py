"""What enrolment accepts and refuses, told in facts. Numbers are those of the invariants of the digest (5.5)."""

import json
from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal
from uuid import UUID

import pytest
from hypothesis import given as for_all
from hypothesis import settings
from hypothesis import strategies as st

from contracts import generate
from contracts.events.enrolment import (
    ConsentSigned,
    CycleAdministered,
    DeathRecorded,
    NewAnticancerTherapyStarted,
    RandomizationAuthorized,
    RunInEnded,
    SiteActivated,
    SubjectIncluded,
    SubjectScreened,
    SurvivalContactRecorded,
    VisitsScheduled,
)
from contracts.events.fact import Fact
from contracts.events.registry import canonical
from contracts.vocabulary.clinical import DeathCause, RunInExit, Sex, TherapyClass
from services.enrolment.consumers import REGISTRY
from services.enrolment.domain import refusals
from services.enrolment.domain.facts import SubjectNumberIssued
from services.enrolment.domain.findings import Submission
from services.enrolment.domain.participation import Participation
from services.enrolment.domain.setting import Setting, SubjectCommand
from services.enrolment.domain.site import Site, evolve_site
from services.enrolment.domain.state import Subject, evolve
from services.enrolment.domain.subject.cycles import AdministerCycle
from services.enrolment.domain.subject.decisions import decide
from services.enrolment.domain.subject.dose_deviations import cycle_deviations
from services.enrolment.domain.subject.entry import RecordFindings, ScreenSubject, SignConsent
from services.enrolment.domain.subject.entry import screen as enter
from services.enrolment.domain.subject.exits import EndRunIn, RecordDeath
from services.enrolment.domain.subject.followup import RecordSurvivalContact, StartNewTherapy
from tests.unit.given import Given, event_id
from tests.unit.given import given as folded

from .world import C1, C2, CONSENTED, INCLUDED, OBSERVED, OPENED, PROTOCOL, SCREENED, STUDY, submissions

TODAY = date(2022, 12, 1)
LATER = TODAY + timedelta(days=1)
S = "01-001"

SITE = SiteActivated(study=STUDY, site="01", name="Centre 01", activated_on=OPENED, consent_versions=("1.0",))
SCREENING = SubjectScreened(
    study=STUDY, subject=S, site="01", sex=Sex.FEMALE, birth_month="1956-04", screened_on=SCREENED
)
CONSENT = ConsentSigned(study=STUDY, subject=S, version="1.0", signed_on=CONSENTED)
INCLUSION = SubjectIncluded(study=STUDY, subject=S, included_on=INCLUDED, assessment=UUID(int=1))
UNTIL_INCLUSION = (SCREENING, CONSENT, INCLUSION)


def given(*facts: Fact) -> Given[Subject]:
    return folded(Subject(), evolve, *facts)


def site(*facts: Fact) -> Given[Site]:
    return folded(Site(), evolve_site, *facts)


def dose(cycle: int, on: date, administered: str = "7400", prescribed: str = "7400") -> CycleAdministered:
    return CycleAdministered(
        study=STUDY,
        subject=S,
        cycle=cycle,
        given_on=on,
        prescribed_mbq=Decimal(prescribed),
        administered_mbq=Decimal(administered),
    )


def asked(cmd: SubjectCommand, at: Site | None = None) -> Callable[[Subject], tuple[Fact, ...]]:
    where = site(SITE).state if at is None else at
    return lambda subject: decide(subject, Setting(PROTOCOL, where, TODAY), cmd)


def give(cycle: int, on: date) -> Callable[[Subject], tuple[Fact, ...]]:
    return asked(AdministerCycle(STUDY, S, cycle, on, Decimal(7400), Decimal(7350)))


def exit_from(reason: RunInExit, on: date) -> RunInEnded:
    return RunInEnded(study=STUDY, subject=S, reason=reason, ended_on=on)


def dead(on: date) -> DeathRecorded:
    return DeathRecorded(study=STUDY, subject=S, died_on=on, cause=DeathCause.TUMOUR)


def die(on: date) -> Callable[[Subject], tuple[Fact, ...]]:
    return asked(RecordDeath(STUDY, S, on, DeathCause.TUMOUR))


def leave(on: date, reason: RunInExit = RunInExit.PHYSICIAN) -> Callable[[Subject], tuple[Fact, ...]]:
    return asked(EndRunIn(STUDY, S, reason, on))


def treat(on: date) -> Callable[[Subject], tuple[Fact, ...]]:
    return asked(StartNewTherapy(STUDY, S, on, TherapyClass.CHEMOTHERAPY))


def alive(on: date) -> Callable[[Subject], tuple[Fact, ...]]:
    return asked(RecordSurvivalContact(STUDY, S, on))


def sign(on: date = CONSENTED, version: str = "1.0", at: Site | None = None) -> Callable[[Subject], tuple[Fact, ...]]:
    return asked(SignConsent(STUDY, S, version, on), at)


def note(*findings: Submission) -> Callable[[Subject], tuple[Fact, ...]]:
    return asked(RecordFindings(STUDY, S, findings))


def randomized(on: date) -> VisitsScheduled:
    return VisitsScheduled(study=STUDY, subject=S, anchor="randomization", anchor_on=on, visits=())


class TestSites:
    def screen(self, on: date = SCREENED, born: str = "1956-04") -> Callable[[Site], tuple[Fact, ...]]:
        return lambda where: enter(where, ScreenSubject(STUDY, "01", Sex.FEMALE, born, on), TODAY)

    def test_the_first_subject_of_a_site_has_the_number_one(self) -> None:
        number = SubjectNumberIssued(study=STUDY, site="01", subject=S, sequence=1)
        site(SITE).when(self.screen()).then(number, SCREENING)

    def test_numbers_go_on_where_the_site_stands(self) -> None:
        issued = SubjectNumberIssued(study=STUDY, site="01", subject="01-041", sequence=41)
        decided = site(SITE, issued).when(self.screen())
        assert [getattr(fact, "subject", None) for fact in decided.facts] == ["01-042", "01-042"]

    def test_a_closed_site_screens_nobody(self) -> None:
        site().when(self.screen()).then_refused(refusals.sites.SITE_NOT_ACTIVE)

    def test_nobody_is_screened_before_the_site_opens(self) -> None:
        site(SITE).when(self.screen(on=OPENED)).then(
            SubjectNumberIssued(study=STUDY, site="01", subject=S, sequence=1),
            SCREENING.model_copy(update={"screened_on": OPENED}),
        )
        site(SITE).when(self.screen(on=OPENED - timedelta(days=1))).then_refused(
            refusals.sites.SITE_NOT_ACTIVE, activated_on=OPENED
        )

    def test_nobody_is_screened_before_birth_or_tomorrow(self) -> None:
        assert len(site(SITE).when(self.screen(born="2022-02")).facts) == 2
        site(SITE).when(self.screen(born="2022-03")).then_refused(refusals.entry.BEFORE_BIRTH)
        site(SITE).when(self.screen(on=LATER)).then_refused(refusals.common.IN_THE_FUTURE)


class TestConsent:
    def test_a_consent_is_signed_in_an_approved_version(self) -> None:
        given(SCREENING).when(sign()).then(CONSENT)
        given(SCREENING).when(sign(version="9.9")).then_refused(
            refusals.entry.CONSENT_VERSION_NOT_APPROVED, approved=["1.0"]
        )

    def test_a_consent_is_signed_once(self) -> None:
        given(SCREENING, CONSENT).when(sign()).then_refused(refusals.entry.CONSENT_ALREADY_SIGNED, version="1.0")

    def test_a_consent_needs_a_screened_subject_and_an_open_site(self) -> None:
        given().when(sign()).then_refused(refusals.standing.UNKNOWN_SUBJECT)
        given(SCREENING).when(sign(on=OPENED - timedelta(days=1))).then_refused(refusals.sites.SITE_NOT_ACTIVE)

    def test_invariant_16_no_consent_is_signed_tomorrow(self) -> None:
        given(SCREENING).when(sign(on=LATER)).then_refused(refusals.common.IN_THE_FUTURE, field="signed_on")


class TestFindings:
    PLATELETS = Submission("platelets", "210", OBSERVED, "10*9/L")

    def test_invariant_1_no_finding_is_recorded_before_the_consent(self) -> None:
        given(SCREENING).when(note(self.PLATELETS)).then_refused(refusals.standing.NO_CONSENT)
        assert len(given(SCREENING, CONSENT).when(note(self.PLATELETS)).facts) == 1

    def test_every_fault_is_named_at_once_and_nothing_is_recorded(self) -> None:
        given(SCREENING, CONSENT).when(
            note(
                Submission("platelets", "210", OBSERVED, "furlong"),
                self.PLATELETS,
                Submission("no_such_field", "x", OBSERVED),
                Submission("ecog", "nine", OBSERVED),
                Submission("included_on", "2022-03-01", OBSERVED),
                Submission("reimbursed", True, LATER),
            )
        ).then_refused(refusals.entry.FINDINGS_NOT_ACCEPTED)
        decided = given(SCREENING, CONSENT).when(
            note(Submission("platelets", "210", OBSERVED, "furlong"), Submission("ecog", "nine", OBSERVED))
        )
        assert decided.refused is not None
        errors = decided.refused.detail["errors"]
        assert isinstance(errors, list)
        assert [error["pointer"] for error in errors if isinstance(error, dict)] == [
            "/findings/0/unit",
            "/findings/1/value",
        ]

    def test_a_fault_never_repeats_what_was_typed(self) -> None:
        decided = given(SCREENING, CONSENT).when(note(Submission("primary_site", "Mrs Dupont, ward 3", OBSERVED)))
        assert decided.refused is not None
        assert "Dupont" not in str(dict(decided.refused.detail))

    def test_invariant_12_no_finding_is_dated_after_death(self) -> None:
        alive = given(SCREENING, CONSENT, dead(OBSERVED))
        assert len(alive.when(note(self.PLATELETS)).facts) == 1
        given(SCREENING, CONSENT, dead(OBSERVED - timedelta(days=1))).when(note(self.PLATELETS)).then_refused(
            refusals.entry.FINDINGS_NOT_ACCEPTED
        )

    def test_what_the_trial_itself_knows_cannot_be_told_by_a_caller(self) -> None:
        for name in ("included_on", "consent_signed_on", "cycle_1_on", "post_c2_response", "alive", "birth_month"):
            given(SCREENING, CONSENT).when(note(Submission(name, "2022-01-01", OBSERVED))).then_refused(
                refusals.entry.FINDINGS_NOT_ACCEPTED
            )


class TestCycles:
    def test_a_cycle_brings_the_visits_that_follow_it(self) -> None:
        decided = given(*UNTIL_INCLUSION).when(give(1, C1))
        administered, due = decided.facts
        assert administered == dose(1, C1, "7350")
        assert isinstance(due, VisitsScheduled)
        assert {visit.visit: visit.target_on for visit in due.visits} == {
            "L1": C1 + timedelta(days=35),
            "V2": C1 + timedelta(days=56),
        }

    def test_invariant_1_no_cycle_before_the_consent(self) -> None:
        given(SCREENING).when(give(1, C1)).then_refused(refusals.standing.NO_CONSENT)
        given(SCREENING, CONSENT).when(give(1, CONSENTED - timedelta(days=1))).then_refused(
            refusals.standing.NO_CONSENT, signed_on=CONSENTED
        )

    def test_no_cycle_before_inclusion(self) -> None:
        given(SCREENING, CONSENT).when(give(1, C1)).then_refused(refusals.standing.NOT_INCLUDED)
        given(*UNTIL_INCLUSION).when(give(1, INCLUDED - timedelta(days=1))).then_refused(
            refusals.standing.NOT_INCLUDED, included_on=INCLUDED
        )

    def test_consent_inclusion_and_first_cycle_may_share_a_day(self) -> None:
        at_once = INCLUSION.model_copy(update={"included_on": CONSENTED})
        assert len(given(SCREENING, CONSENT, at_once).when(give(1, CONSENTED)).facts) == 2

    def test_invariant_8_cycles_come_in_order_and_once(self) -> None:
        given(*UNTIL_INCLUSION).when(give(2, C2)).then_refused(refusals.treatment.CYCLE_OUT_OF_ORDER, expected=1)
        given(*UNTIL_INCLUSION, dose(1, C1)).when(give(1, C2)).then_refused(
            refusals.treatment.CYCLE_OUT_OF_ORDER, expected=2
        )
        given(*UNTIL_INCLUSION, dose(1, C1), dose(2, C2)).when(give(2, C2)).then_refused(
            refusals.treatment.CYCLE_OUT_OF_ORDER, expected=None
        )

    def test_invariant_8_cycles_are_at_least_49_days_apart(self) -> None:
        earliest = C1 + timedelta(days=49)
        one = given(*UNTIL_INCLUSION, dose(1, C1))
        one.when(give(2, earliest - timedelta(days=1))).then_refused(
            refusals.treatment.CYCLE_TOO_EARLY, earliest_on=earliest
        )
        assert len(one.when(give(2, earliest)).facts) == 2

    @pytest.mark.parametrize("reason", [RunInExit.PROGRESSION, RunInExit.WITHDRAWAL])
    def test_invariant_10_no_cycle_after_the_run_in_ended(self, reason: RunInExit) -> None:
        ended = given(*UNTIL_INCLUSION, dose(1, C1), exit_from(reason, C2 - timedelta(days=1)))
        ended.when(give(2, C2)).then_refused(refusals.standing.RUN_IN_OVER, reason=reason)

    def test_a_cycle_given_before_the_run_in_ended_may_be_recorded_late(self) -> None:
        assert len(given(*UNTIL_INCLUSION, exit_from(RunInExit.TOXICITY, C1)).when(give(1, C1)).facts) == 2

    def test_invariant_12_no_cycle_after_death(self) -> None:
        died = given(*UNTIL_INCLUSION, dose(1, C1), dead(C2 - timedelta(days=1)))
        died.when(give(2, C2)).then_refused(refusals.standing.DEAD)

    def test_a_cycle_given_on_the_day_of_death_is_no_contradiction(self) -> None:
        assert len(given(*UNTIL_INCLUSION, dead(C1)).when(give(1, C1)).facts) == 2

    def test_no_run_in_cycle_is_added_to_a_randomized_subject(self) -> None:
        given(*UNTIL_INCLUSION, randomized(C2)).when(give(1, C2)).then_refused(refusals.standing.ALREADY_RANDOMIZED)

    def test_invariant_16_no_cycle_is_given_tomorrow(self) -> None:
        given(*UNTIL_INCLUSION).when(give(1, LATER)).then_refused(refusals.common.IN_THE_FUTURE, field="given_on")

    @pytest.mark.parametrize(
        ("administered", "flagged"), [("6660", False), ("6659.999", True), ("8140", False), ("8140.001", True)]
    )
    def test_invariant_9_an_activity_outside_ten_percent_is_flagged(self, administered: str, flagged: bool) -> None:
        found = cycle_deviations(given(*UNTIL_INCLUSION).state, PROTOCOL, dose(1, C1, administered))
        assert ("DOSE_OUTSIDE_TOLERANCE" in found) is flagged

    @pytest.mark.parametrize(
        ("days", "codes"),
        [(63, ()), (64, ("CYCLE_LATE",)), (112, ("CYCLE_LATE",)), (113, ("CYCLE_BEYOND_LATEST_DAY",))],
    )
    def test_a_late_cycle_is_flagged(self, days: int, codes: tuple[str, ...]) -> None:
        state = given(*UNTIL_INCLUSION, dose(1, C1)).state
        assert cycle_deviations(state, PROTOCOL, dose(2, C1 + timedelta(days=days))) == codes

    def test_a_reduced_prescription_is_flagged_but_within_its_own_tolerance(self) -> None:
        found = cycle_deviations(given(*UNTIL_INCLUSION).state, PROTOCOL, dose(1, C1, "3700", "3700"))
        assert found == ("DOSE_NOT_AS_IN_PROTOCOL",)


class TestExits:
    def test_an_included_subject_can_leave_the_run_in_once(self) -> None:
        given(*UNTIL_INCLUSION).when(leave(INCLUDED)).then(exit_from(RunInExit.PHYSICIAN, INCLUDED))
        given(*UNTIL_INCLUSION, exit_from(RunInExit.TOXICITY, C1)).when(leave(C1)).then_refused(
            refusals.standing.RUN_IN_OVER, reason=RunInExit.TOXICITY
        )

    def test_who_is_not_included_has_no_run_in_to_leave(self) -> None:
        given(SCREENING, CONSENT).when(leave(C1)).then_refused(refusals.standing.NOT_INCLUDED)
        given(*UNTIL_INCLUSION).when(leave(INCLUDED - timedelta(days=1))).then_refused(refusals.standing.NOT_INCLUDED)

    def test_a_randomized_subject_does_not_leave_the_run_in(self) -> None:
        given(*UNTIL_INCLUSION, randomized(C2)).when(leave(C2)).then_refused(refusals.standing.ALREADY_RANDOMIZED)

    def test_an_exit_is_not_dated_after_death_or_tomorrow(self) -> None:
        given(*UNTIL_INCLUSION, dead(C1)).when(leave(C2)).then_refused(refusals.standing.DEAD)
        given(*UNTIL_INCLUSION).when(leave(LATER)).then_refused(refusals.common.IN_THE_FUTURE)

    def test_an_exit_is_not_dated_before_the_last_cycle(self) -> None:
        given(*UNTIL_INCLUSION, dose(1, C1)).when(leave(C1)).then(exit_from(RunInExit.PHYSICIAN, C1))
        given(*UNTIL_INCLUSION, dose(1, C1)).when(leave(C1 - timedelta(days=1))).then_refused(
            refusals.course.EXIT_BEFORE_CYCLE, given_on=C1
        )

    def test_invariant_13_only_progression_is_a_screen_failure_and_everybody_stays_followed(self) -> None:
        for reason in RunInExit:
            gone = given(*UNTIL_INCLUSION, exit_from(reason, C1))
            screen_failure = gone.state.participation is Participation.SCREEN_FAILURE_PD
            assert screen_failure is (reason is RunInExit.PROGRESSION)
            assert len(gone.when(treat(C2)).facts) == len(gone.when(die(C2)).facts) == 1


class TestDeath:
    def test_a_death_in_the_run_in_ends_it(self) -> None:
        given(*UNTIL_INCLUSION).when(die(C1)).then(dead(C1), exit_from(RunInExit.DEATH, C1))

    def test_a_death_elsewhere_ends_no_run_in(self) -> None:
        given(SCREENING).when(die(C1)).then(dead(C1))
        given(*UNTIL_INCLUSION, randomized(C1)).when(die(C1)).then(dead(C1))
        given(*UNTIL_INCLUSION, exit_from(RunInExit.TOXICITY, C1)).when(die(C2)).then(dead(C2))

    def test_invariant_12_there_is_one_death(self) -> None:
        given(SCREENING, dead(C1)).when(die(C2)).then_refused(refusals.course.DEATH_ALREADY_RECORDED, died_on=C1)

    def test_invariant_12_a_death_is_not_before_the_last_sign_of_life(self) -> None:
        before = C1 - timedelta(days=1)
        for sign_of_life in (dose(1, C1), randomized(C1), therapy(C1)):
            given(*UNTIL_INCLUSION, sign_of_life).when(die(before)).then_refused(
                refusals.course.DEATH_BEFORE_LAST_CONTACT, last_contact_on=C1
            )

    def test_invariant_16_nobody_dies_tomorrow(self) -> None:
        given(SCREENING).when(die(LATER)).then_refused(refusals.common.IN_THE_FUTURE)


def therapy(on: date) -> NewAnticancerTherapyStarted:
    return NewAnticancerTherapyStarted(study=STUDY, subject=S, started_on=on, therapy=TherapyClass.CHEMOTHERAPY)


class TestNewTherapy:
    def test_a_new_therapy_is_recorded_of_whoever_is_included(self) -> None:
        given(*UNTIL_INCLUSION).when(treat(INCLUDED)).then(therapy(INCLUDED))
        given(*UNTIL_INCLUSION, randomized(C1)).when(treat(C1)).then(therapy(C1))

    def test_before_inclusion_it_is_history_and_no_new_therapy(self) -> None:
        given(SCREENING, CONSENT).when(treat(C1)).then_refused(refusals.standing.NOT_INCLUDED)
        given(*UNTIL_INCLUSION).when(treat(INCLUDED - timedelta(days=1))).then_refused(refusals.standing.NOT_INCLUDED)

    def test_no_therapy_after_death_or_tomorrow(self) -> None:
        given(*UNTIL_INCLUSION, dead(C1)).when(treat(C2)).then_refused(refusals.standing.DEAD)
        given(*UNTIL_INCLUSION).when(treat(LATER)).then_refused(refusals.common.IN_THE_FUTURE)


class TestSurvivalContact:
    def test_whoever_is_included_can_be_known_to_be_alive(self) -> None:
        contact = SurvivalContactRecorded(study=STUDY, subject=S, last_alive_on=C2)
        given(*UNTIL_INCLUSION).when(alive(C2)).then(contact)
        given(*UNTIL_INCLUSION, exit_from(RunInExit.PROGRESSION, C1)).when(alive(C2)).then(contact)

    def test_not_before_inclusion_not_tomorrow_not_after_death(self) -> None:
        given(SCREENING, CONSENT).when(alive(C1)).then_refused(refusals.standing.NOT_INCLUDED)
        given(*UNTIL_INCLUSION).when(alive(INCLUDED - timedelta(days=1))).then_refused(refusals.standing.NOT_INCLUDED)
        given(*UNTIL_INCLUSION).when(alive(LATER)).then_refused(refusals.common.IN_THE_FUTURE)
        given(*UNTIL_INCLUSION, dead(C1)).when(alive(C2)).then_refused(refusals.standing.DEAD)

    def test_nobody_died_before_being_known_to_be_alive(self) -> None:
        contact = SurvivalContactRecorded(study=STUDY, subject=S, last_alive_on=C2)
        given(*UNTIL_INCLUSION, contact).when(die(C1)).then_refused(refusals.course.DEATH_BEFORE_LAST_CONTACT)


def test_a_randomization_outweighs_an_exit_that_crossed_it() -> None:
    crossed = given(*UNTIL_INCLUSION, exit_from(RunInExit.PROGRESSION, C1), randomized(C2)).state
    assert crossed.participation is Participation.RANDOMIZED


DAYS = st.integers(min_value=0, max_value=200).map(lambda days: INCLUDED + timedelta(days=days))
STEPS = st.one_of(
    st.builds(give, st.sampled_from([1, 2]), DAYS),
    st.builds(leave, DAYS, st.sampled_from([RunInExit.PROGRESSION, RunInExit.TOXICITY])),
    st.builds(die, DAYS),
    st.builds(treat, DAYS),
    st.builds(alive, DAYS),
    st.builds(lambda day: note(*submissions(day)), DAYS),
)


@settings(max_examples=150, deadline=None)
@for_all(st.lists(STEPS, max_size=8))
def test_whatever_is_asked_in_whatever_order_the_invariants_hold(steps: list[Callable[[Subject], object]]) -> None:
    facts: list[Fact] = list(UNTIL_INCLUSION)
    for step in steps:
        facts += given(*facts).when(step).facts  # type: ignore[arg-type]
    subject = given(*facts).state
    assert sum(isinstance(fact, DeathRecorded) for fact in facts) <= 1
    assert sum(isinstance(fact, RunInEnded) for fact in facts) <= 1
    assert [cycle.number for cycle in subject.cycles] == list(range(1, len(subject.cycles) + 1))
    if len(subject.cycles) == 2:
        assert (subject.cycles[1].given_on - subject.cycles[0].given_on).days >= 49
    if subject.exit is not None:
        assert all(cycle.given_on <= subject.exit.ended_on for cycle in subject.cycles)
    if subject.death is not None and subject.last_contact_on is not None:
        assert subject.last_contact_on <= subject.death.died_on


def test_evidence_is_the_fact_that_recorded_it() -> None:
    subject = given(*UNTIL_INCLUSION, dose(1, C1)).state
    assert subject.consent is not None
    assert (subject.consent.event_id, subject.cycles[0].event_id) == (event_id(2), event_id(4))


def test_an_authorization_of_before_sites_kept_delegations_still_replays() -> None:
    """Stored without the four fields that came later: they are absent, and nothing else is any different."""
    name = RandomizationAuthorized.type_name
    sample = json.loads((generate.SCHEMAS / "samples" / generate.file_name(RandomizationAuthorized)).read_text("utf-8"))
    later = {"inclusion_assessment", "site_activation", "delegation", "requested_by"}
    old = {field: value for field, value in sample.items() if field not in later}
    assert len(old) == len(sample) - 4
    fact = REGISTRY.decode(name, 1, canonical(old))
    assert isinstance(fact, RandomizationAuthorized)
    assert {getattr(fact, field) for field in later} == {None}
    assert fact.model_dump(exclude=later) == REGISTRY.decode(name, 1, canonical(sample)).model_dump(exclude=later)
    assert given(*UNTIL_INCLUSION, fact).state.authorizations == (event_id(4),)
