"""An override lets one criterion pass and changes no outcome; the end of a screening is final."""

from collections.abc import Callable
from datetime import date, timedelta
from uuid import UUID

import pytest
from hypothesis import given as for_all
from hypothesis import settings
from hypothesis import strategies as st

from contracts.events.course import (
    ConsentWithdrawn,
    EligibilityOverridden,
    NotIncluded,
    ProtocolDeviationRecorded,
)
from contracts.events.enrolment import (
    ConsentSigned,
    DeathRecorded,
    EligibilityAssessed,
    SiteActivated,
    SubjectIncluded,
    SubjectScreened,
    VisitsScheduled,
)
from contracts.events.fact import Fact
from contracts.events.treatment import TreatmentConsentWithdrawn
from contracts.vocabulary.clinical import DeathCause, Sex, Verdict
from contracts.vocabulary.course import DeviationKind, Severity, WithdrawalScope
from contracts.vocabulary.logic import Truth
from services.chassis.refusal import Refused
from services.enrolment.domain import refusals
from services.enrolment.domain.criteria import evaluate
from services.enrolment.domain.gates import IncludeSubject, assess_first
from services.enrolment.domain.known import known
from services.enrolment.domain.setting import Setting, SubjectCommand
from services.enrolment.domain.site import Site, evolve_site
from services.enrolment.domain.state import Subject, evolve
from services.enrolment.domain.subject.decisions import decide
from services.enrolment.domain.subject.overrides import OverrideEligibility, deviation_of
from services.enrolment.domain.subject.screening_end import EndScreening
from services.enrolment.handlers import overrides, subjects
from tests.unit.given import Given
from tests.unit.given import given as folded

from .test_criteria import GATE_1, held
from .world import CONSENTED, INCLUDED, OPENED, PROTOCOL, REQUESTED, SCREENED, STUDY, World, recorded, submissions

ON = INCLUDED - timedelta(days=1)
TODAY = date(2022, 12, 1)
S = "01-001"
SITE = SiteActivated(study=STUDY, site="01", name="Centre 01", activated_on=OPENED, consent_versions=("1.0",))
SCREENING = SubjectScreened(
    study=STUDY, subject=S, site="01", sex=Sex.FEMALE, birth_month="1956-04", screened_on=SCREENED
)
CONSENT = ConsentSigned(study=STUDY, subject=S, version="1.0", signed_on=CONSENTED)
INCLUSION = SubjectIncluded(study=STUDY, subject=S, included_on=INCLUDED, assessment=UUID(int=1))
RANDOMIZED = VisitsScheduled(study=STUDY, subject=S, anchor="randomization", anchor_on=REQUESTED, visits=())
DEATH = DeathRecorded(study=STUDY, subject=S, died_on=CONSENTED, cause=DeathCause.TUMOUR)
UNTIL_INCLUSION = (SCREENING, CONSENT, INCLUSION)


def given(*facts: Fact) -> Given[Subject]:
    return folded(Subject(), evolve, *facts)


def asked(cmd: SubjectCommand) -> Callable[[Subject], tuple[Fact, ...]]:
    return lambda subject: decide(subject, Setting(PROTOCOL, _site(), TODAY), cmd)


def _site() -> Site:
    return folded(Site(), evolve_site, SITE).state


def override(criterion: str = "I12", on: date = ON, gate: int = 1) -> Callable[[Subject], tuple[Fact, ...]]:
    return asked(OverrideEligibility(STUDY, S, gate, criterion, on))


def overridden(criterion: str = "I12", on: date = ON) -> EligibilityOverridden:
    return EligibilityOverridden(study=STUDY, subject=S, gate=1, criterion=criterion, overridden_on=on, reason=None)


def end_screening(on: date = ON) -> Callable[[Subject], tuple[Fact, ...]]:
    return asked(EndScreening(STUDY, S, on))


def ended(on: date = ON, assessment: UUID | None = None) -> NotIncluded:
    return NotIncluded(study=STUDY, subject=S, decided_on=on, assessment=assessment)


def withdrawn(on: date, scope: WithdrawalScope = WithdrawalScope.FOLLOW_UP) -> Fact:
    if scope is WithdrawalScope.TREATMENT:
        return TreatmentConsentWithdrawn(study=STUDY, subject=S, withdrawn_on=on)
    return ConsentWithdrawn(study=STUDY, subject=S, scope=scope, withdrawn_on=on)


def assessed(verdict: Verdict, gate: str = "inclusion") -> EligibilityAssessed:
    return EligibilityAssessed(
        study=STUDY, subject=S, gate=gate, assessed_on=ON, criteria_version="1.0", protocol_sha256="0" * 64,
        verdict=verdict, rows=(),
    )  # fmt: skip


@pytest.fixture
def world() -> World:
    return World()


async def refused(doing: object, refusal: object) -> Refused:
    with pytest.raises(Refused) as caught:
        await doing  # type: ignore[misc]
    assert caught.value.refusal is refusal
    return caught.value


class TestWhatMayBeOverridden:
    def test_what_fails_or_is_not_known_may_be(self) -> None:
        given(SCREENING, CONSENT).when(override()).then(overridden())

    @pytest.mark.parametrize("criterion", ["I16"])
    def test_consent_may_not(self, criterion: str) -> None:
        given(SCREENING, CONSENT).when(override(criterion)).then_refused(refusals.gates.NOT_OVERRIDABLE)

    @pytest.mark.parametrize("criterion", [criterion.id for criterion in PROTOCOL.gate(2)])
    def test_nothing_of_the_second_gate_may_be(self, criterion: str) -> None:
        given(*UNTIL_INCLUSION).when(override(criterion, INCLUDED, gate=2)).then_refused(refusals.gates.NOT_OVERRIDABLE)

    def test_every_criterion_of_the_first_gate_but_consent_may_be(self) -> None:
        assert {c.id for c in PROTOCOL.criteria if c.overridable} == {c.id for c in PROTOCOL.gate(1)} - {"I16"}

    def test_another_gates_criterion_or_a_slot_is_unknown(self) -> None:
        for criterion in ("E02", "X01", "I99"):
            given(SCREENING, CONSENT).when(override(criterion)).then_refused(refusals.gates.UNKNOWN_CRITERION)

    def test_a_criterion_is_overridden_once(self) -> None:
        given(SCREENING, CONSENT, overridden()).when(override()).then_refused(refusals.gates.ALREADY_OVERRIDDEN)
        given(SCREENING, CONSENT, overridden("I11")).when(override()).then(overridden())

    async def test_what_passes_needs_no_override(self, world: World) -> None:
        subject = await world.eligible()
        cmd = OverrideEligibility(STUDY, subject, 1, "I12", INCLUDED)
        await refused(overrides.override(world.ctx, world.call(), cmd, "why"), refusals.gates.NOTHING_TO_OVERRIDE)

    def test_it_comes_before_the_inclusion_and_within_the_screening(self) -> None:
        given().when(override()).then_refused(refusals.standing.UNKNOWN_SUBJECT)
        given(*UNTIL_INCLUSION).when(override()).then_refused(refusals.standing.ALREADY_INCLUDED)
        given(
            *UNTIL_INCLUSION,
            RANDOMIZED,
        ).when(override()).then_refused(refusals.standing.ALREADY_RANDOMIZED)
        given(SCREENING, CONSENT, ended()).when(override()).then_refused(refusals.standing.SCREENING_OVER)
        early = SCREENED - timedelta(days=1)
        given(SCREENING, CONSENT).when(override(on=early)).then_refused(refusals.standing.BEFORE_SCREENING)
        given(SCREENING).when(override()).then_refused(refusals.standing.NO_CONSENT)
        given(SCREENING, CONSENT, withdrawn(ON)).when(override()).then_refused(refusals.standing.CONSENT_WITHDRAWN)
        given(SCREENING, CONSENT, DEATH).when(override()).then_refused(refusals.standing.DEAD)
        later = TODAY + timedelta(days=1)
        given(SCREENING, CONSENT).when(override(on=later)).then_refused(refusals.common.IN_THE_FUTURE)


class TestWhatAnOverrideDoes:
    async def test_it_lets_a_failed_criterion_pass_and_leaves_its_outcome(self, world: World) -> None:
        subject = await world.consented()
        await world.findings(subject, submissions(lesions_total=1))
        await refused(world.include(subject), refusals.gates.NOT_ELIGIBLE)
        cmd = OverrideEligibility(STUDY, subject, 1, "I12", INCLUDED)
        done = await overrides.override(world.ctx, world.call(), cmd, "read again as two by the radiologist")
        made, deviation = (e for e in (await world.history(subject))[-2:])
        assert isinstance(made.fact, EligibilityOverridden)
        assert isinstance(deviation.fact, ProtocolDeviationRecorded)
        assert (deviation.fact.deviation, deviation.fact.severity) == (
            DeviationKind.ELIGIBILITY_OVERRIDDEN, Severity.MAJOR,
        )  # fmt: skip
        assert (deviation.fact.about, deviation.fact.criterion) == (made.event_id, "I12")
        assert deviation.position == made.position + 1
        assert recorded(done)["reason"] is None  # nobody is sent the sealed text
        await world.include(subject)
        fact = [e.fact for e in await world.history(subject) if isinstance(e.fact, EligibilityAssessed)][-1]
        assert fact.verdict is Verdict.ELIGIBLE
        row = next(row for row in fact.rows if row.criterion == "I12")
        assert (row.outcome, row.overridden) == (Truth.FALSE, made.event_id)
        assert [row.criterion for row in fact.rows if row.overridden] == ["I12"]

    async def test_its_reason_is_sealed_for_that_purpose_alone(self, world: World) -> None:
        subject = await world.consented()
        cmd = OverrideEligibility(STUDY, subject, 1, "I12", INCLUDED)
        await overrides.override(world.ctx, world.call(), cmd, "the lesion of the left lobe")
        stored = await world.log.read(0, 1000)
        assert any(event.type == EligibilityOverridden.type_name for event in stored)
        assert not any(b"left lobe" in event.payload for event in stored)
        fact = next(e.fact for e in await world.history(subject) if isinstance(e.fact, EligibilityOverridden))
        assert fact.reason is not None
        opened = await world.ctx.sealer.unseal(fact.reason, purpose=overrides.REASON)
        assert opened == "the lesion of the left lobe"

    async def test_nothing_is_sealed_for_what_is_refused(self, world: World) -> None:
        subject = await world.included()
        cmd = OverrideEligibility(STUDY, subject, 1, "I12", INCLUDED)
        await refused(overrides.override(world.ctx, world.call(), cmd, "why"), refusals.standing.ALREADY_INCLUDED)
        assert await world.ctx.sealer._keys.get(f"{STUDY}/{subject}") is None

    async def test_a_repeated_override_is_one(self, world: World) -> None:
        subject = await world.consented()
        cmd = OverrideEligibility(STUDY, subject, 1, "I12", INCLUDED)
        first = await overrides.override(world.ctx, world.call("once"), cmd, "why it is")
        again = await overrides.override(world.ctx, world.call("once"), cmd, "why it is")
        assert (again.answer, again.replayed) == (first.answer, True)
        assert [type(fact) for fact in await world.facts()].count(EligibilityOverridden) == 1

    async def test_it_does_not_reach_back_before_its_day(self, world: World) -> None:
        subject = await world.consented()
        await world.findings(subject, submissions(lesions_total=1))
        cmd = OverrideEligibility(STUDY, subject, 1, "I12", INCLUDED)
        await overrides.override(world.ctx, world.call(), cmd, "why it is")
        no = await refused(world.include(subject, on=INCLUDED - timedelta(days=1)), refusals.gates.NOT_ELIGIBLE)
        assert [row["criterion"] for row in no.detail["rows"]] == ["I12"]  # type: ignore[index, call-overload, union-attr]
        await world.include(subject, on=INCLUDED)

    @settings(max_examples=60, deadline=None)
    @for_all(
        st.sets(st.sampled_from([c.id for c in PROTOCOL.gate(1)])),
        st.sets(st.sampled_from(["haemoglobin", "ecog", "board", "creatinine", "lesions_total", "brain_metastases"])),
        st.booleans(),
    )
    def test_an_override_changes_no_outcome_and_lets_only_its_own_criterion_pass(
        self, criteria: set[str], forgotten: set[str], low: bool
    ) -> None:
        changes = {**dict.fromkeys(forgotten), **({"platelets": "1 10*9/L"} if low else {})}
        by = {criterion: UUID(int=n) for n, criterion in enumerate(sorted(criteria), start=1)}
        plain = evaluate(1, PROTOCOL, held(1, changes), [], GATE_1)
        with_them = evaluate(1, PROTOCOL, held(1, changes), [], GATE_1, by)
        for before, after in zip(plain.rows, with_them.rows, strict=True):
            assert (after.outcome, after.inputs, after.missing) == (before.outcome, before.inputs, before.missing)
            allowed = before.criterion in by and before.criterion != "I16"
            assert after.overridden == (by[before.criterion] if allowed else None)
            assert after.passes is (Truth.TRUE if allowed else before.passes)


def test_an_override_is_always_a_major_deviation_about_itself() -> None:
    event = UUID(int=9)
    made = deviation_of(overridden(), event)
    assert (made.severity, made.about, made.occurred_on) == (Severity.MAJOR, event, ON)


class TestTheEndOfAScreening:
    def test_it_names_the_evaluation_that_said_no(self) -> None:
        given(SCREENING, CONSENT).when(end_screening()).then(ended())
        history = given(SCREENING, CONSENT, assessed(Verdict.NOT_ELIGIBLE))
        said_no = history.state.assessment
        assert said_no is not None
        history.when(end_screening()).then(ended(assessment=said_no.event_id))

    def test_it_needs_no_consent(self) -> None:
        given(SCREENING).when(end_screening()).then(ended())

    def test_it_is_decided_once_and_never_after_an_inclusion(self) -> None:
        given().when(end_screening()).then_refused(refusals.standing.UNKNOWN_SUBJECT)
        given(SCREENING, ended()).when(end_screening()).then_refused(refusals.standing.SCREENING_OVER, decided_on=ON)
        given(*UNTIL_INCLUSION).when(end_screening()).then_refused(refusals.standing.ALREADY_INCLUDED)
        before = SCREENED - timedelta(days=1)
        given(SCREENING).when(end_screening(before)).then_refused(refusals.standing.BEFORE_SCREENING)
        given(SCREENING).when(end_screening(TODAY + timedelta(days=1))).then_refused(refusals.common.IN_THE_FUTURE)

    async def test_nobody_is_included_after_it(self, world: World) -> None:
        subject = await world.eligible()
        await subjects.record(world.ctx, world.call(), EndScreening(STUDY, subject, INCLUDED))
        await refused(world.include(subject), refusals.standing.SCREENING_OVER)
        assert not any(isinstance(fact, SubjectIncluded) for fact in await world.facts())

    async def test_a_failed_evaluation_ends_nothing_by_itself(self, world: World) -> None:
        subject = await world.consented()
        await world.findings(subject, submissions(ecog=3))
        await refused(world.include(subject), refusals.gates.NOT_ELIGIBLE)
        await world.findings(subject, submissions(ecog=2))
        await world.include(subject)
        assert (await world.subject(subject)).inclusion is not None


class TestConsentInForce:
    CMD = IncludeSubject(STUDY, S, INCLUDED)

    @pytest.mark.parametrize("scope", list(WithdrawalScope))
    def test_who_withdrew_by_that_day_is_not_included(self, scope: WithdrawalScope) -> None:
        def include(subject: Subject) -> tuple[Fact, ...]:
            return (assess_first(PROTOCOL, subject, _site(), self.CMD, TODAY)[0],)

        said = given(SCREENING, CONSENT, withdrawn(INCLUDED, scope)).when(include)
        said.then_refused(refusals.standing.CONSENT_WITHDRAWN, scope=scope.value, withdrawn_on=INCLUDED)
        later = given(SCREENING, CONSENT, withdrawn(INCLUDED + timedelta(days=1), scope)).when(include)
        assert len(later.facts) == 1

    @pytest.mark.parametrize(("days", "in_force"), [(-1, "false"), (0, "false"), (1, "true")])
    def test_gate_2_sees_a_withdrawal_from_its_day_on(self, days: int, in_force: str) -> None:
        subject = given(*UNTIL_INCLUSION, withdrawn(REQUESTED + timedelta(days=days))).state
        told = [o for o in known(subject, _site(), REQUESTED) if o.finding.field == "consent_in_force"]
        assert [o.finding.value for o in told] == [in_force]
        assert told[0].event_id is not None
