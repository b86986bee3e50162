"""Subjects and their facts, as short as a sentence, for the tests of analytics."""

from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime, timedelta
from uuid import UUID

from contracts.events.assessment import TumourAssessed
from contracts.events.enrolment import (
    ConsentSigned,
    CriterionRow,
    CycleAdministered,
    DeathRecorded,
    EligibilityAssessed,
    NewAnticancerTherapyStarted,
    RunInEnded,
    SiteActivated,
    SubjectIncluded,
    SubjectScreened,
)
from contracts.events.envelope import Envelope, Provenance
from contracts.events.fact import Fact
from contracts.events.questionnaires import QuestionnaireCompleted
from contracts.events.randomization import (
    AllocationActivated,
    Annotation,
    ArmAllocated,
    DiscrepancyKind,
    DiscrepancyOpened,
    DiscrepancyResolved,
    RandomizationAnnotated,
    StrataVerified,
    StratumLevel,
    SubjectRandomized,
)
from contracts.events.safety import AdverseEventReported, AlertEpisodeClosed, AlertRaised
from contracts.protocol.load import load
from contracts.vocabulary.clinical import (
    Causality,
    DeathCause,
    Modality,
    Reader,
    RunInExit,
    Seriousness,
    Sex,
    TherapyClass,
    Verdict,
)
from contracts.vocabulary.grade import Grade
from contracts.vocabulary.identifiers import site_of
from contracts.vocabulary.logic import Truth
from contracts.vocabulary.response import Response
from services.analytics.domain.dossier import Dossier, Scan

PROTOCOL = load()
STUDY = "RELUTH"
DAY_0 = date(2024, 1, 1)
SHA = "ab" * 32
ID = UUID("0195b2c4-7e10-7abc-8def-000000000001")


def day(number: int) -> date:
    """So many days after randomization, which is day 0."""
    return DAY_0 + timedelta(number)


def scan(number: int, response: str, timepoint: str = "M6") -> Scan:
    return Scan(timepoint, day(number), Reader.INVESTIGATOR, Response(response))


def randomized(
    *scans: Scan, died: int | None = None, therapy: int | None = None, subject: str = "01-001", on: int = 0
) -> Dossier:
    """A randomized subject, told in days after randomization."""
    return Dossier(
        STUDY,
        subject,
        screened_on=day(-150),
        consented_on=day(-149),
        gate_1=Verdict.ELIGIBLE,
        included_on=day(-140),
        cycles={1: day(-130), 2: day(-74)},
        randomized_on=day(on),
        randomization_number=1,
        scans=scans,
        died_on=None if died is None else day(died),
        new_therapy_on=None if therapy is None else day(therapy),
    )


def recorded(facts: Iterable[Fact], *, start: int = 1) -> list[Envelope[Fact]]:
    """Facts as one owner recorded them, from this position on."""
    return [
        Envelope(
            fact=fact,
            event_id=UUID(int=ID.int + position),
            source=str(fact.topic).removeprefix("reluth."),
            stream=fact.key,
            version=position,
            position=position,
            recorded_at=datetime(2024, 1, 1, tzinfo=UTC) + timedelta(seconds=position),
            chain=SHA,
            provenance=Provenance(actor="test"),
        )
        for position, fact in enumerate(facts, start)
    ]


def site_activated(site: str = "01") -> SiteActivated:
    return SiteActivated(
        study=STUDY, site=site, name=f"Centre {site}", activated_on=day(-400), consent_versions=("1.0",)
    )


def allocation_activated(cap: int = 146) -> AllocationActivated:
    return AllocationActivated(
        study=STUDY,
        activated_on=day(-300),
        strategy="stratified_permuted_blocks",
        configuration_sha256=SHA,
        commitment=SHA,
        cap=cap,
    )


def screened(subject: str = "01-001") -> SubjectScreened:
    return SubjectScreened(
        study=STUDY,
        subject=subject,
        site=site_of(subject),
        sex=Sex.FEMALE,
        birth_month="1960-05",
        screened_on=day(-150),
    )


def consented(subject: str = "01-001", on: int = -149) -> ConsentSigned:
    return ConsentSigned(study=STUDY, subject=subject, version="1.0", signed_on=day(on))


def assessed_at_gate(
    subject: str = "01-001", verdict: Verdict = Verdict.ELIGIBLE, gate: str = "inclusion", **outcomes: Truth
) -> EligibilityAssessed:
    return EligibilityAssessed(
        study=STUDY,
        subject=subject,
        gate=gate,
        assessed_on=day(-141),
        criteria_version="1.0",
        protocol_sha256=SHA,
        verdict=verdict,
        rows=tuple(CriterionRow(criterion=name, outcome=outcome) for name, outcome in outcomes.items()),
    )


def included(subject: str = "01-001") -> SubjectIncluded:
    return SubjectIncluded(study=STUDY, subject=subject, included_on=day(-140), assessment=ID)


def cycle(number: int, subject: str = "01-001") -> CycleAdministered:
    return CycleAdministered(
        study=STUDY,
        subject=subject,
        cycle=number,
        given_on=day(-130 if number == 1 else -74),
        prescribed_mbq="7400",
        administered_mbq="7390",
    )


def run_in_ended(subject: str = "01-001", reason: RunInExit = RunInExit.PROGRESSION, on: int = -10) -> RunInEnded:
    return RunInEnded(study=STUDY, subject=subject, reason=reason, ended_on=day(on))


def died(subject: str = "01-001", on: int = 100) -> DeathRecorded:
    return DeathRecorded(study=STUDY, subject=subject, died_on=day(on), cause=DeathCause.TUMOUR)


def therapy(subject: str = "01-001", on: int = 100) -> NewAnticancerTherapyStarted:
    return NewAnticancerTherapyStarted(
        study=STUDY, subject=subject, started_on=day(on), therapy=TherapyClass.RADIOLIGAND_OFF_PROTOCOL
    )


def subject_randomized(subject: str = "01-001", number: int = 1, on: int = 0) -> SubjectRandomized:
    return SubjectRandomized(
        study=STUDY,
        subject=subject,
        randomization_number=number,
        stratum=(StratumLevel(factor="F1", level="GE18"), StratumLevel(factor="F3", level="LT60")),
        randomization_date=day(on),
        authorization=ID,
        configuration_sha256=SHA,
    )


def arm_allocated(subject: str = "01-001", arm: str = "A", number: int = 1) -> ArmAllocated:
    return ArmAllocated(study=STUDY, subject=subject, randomization_number=number, arm=arm)


def said_later(subject: str, annotation: Annotation) -> tuple[Fact, ...]:
    """What the randomizer publishes of an error that was found later, and of strata that turned out to differ."""
    other = "01-999" if annotation is Annotation.RANDOMIZED_TWICE else None
    return (
        RandomizationAnnotated(
            study=STUDY, subject=subject, annotation=annotation, discovered_on=day(30), other_subject=other
        ),
        StrataVerified(
            study=STUDY,
            subject=subject,
            stratum=(StratumLevel(factor="F1", level="LT18"), StratumLevel(factor="F3", level="GE60")),
            differs=("F1", "F3"),
            verified_on=day(31),
            criteria_version="1.0",
            sources=(ID,),
        ),
        DiscrepancyOpened(
            study=STUDY, subject=subject, discrepancy=ID, kind=DiscrepancyKind(annotation), opened_on=day(31)
        ),
        DiscrepancyResolved(study=STUDY, subject=subject, discrepancy=ID, resolved_on=day(32)),
    )


def tumour_assessed(
    number: int, response: str = "SD", timepoint: str = "M6", subject: str = "01-001"
) -> TumourAssessed:
    return TumourAssessed(
        study=STUDY,
        subject=subject,
        timepoint=timepoint,
        scan_on=day(number),
        modality=Modality.CT,
        reader=Reader.INVESTIGATOR,
        response=Response(response),
    )


def questionnaire(
    occasion: str = "M6", on: int = 183, which: str = "QLQ_C30", subject: str = "01-001"
) -> QuestionnaireCompleted:
    return QuestionnaireCompleted(
        study=STUDY,
        subject=subject,
        questionnaire=which,
        edition="3.0",
        occasion=occasion,
        completed_on=day(on),
        answers={1: 2},
    )


def adverse_event(
    subject: str = "01-001", grade: int = 2, serious: bool = False, event: UUID = ID
) -> AdverseEventReported:
    return AdverseEventReported(
        study=STUDY,
        subject=subject,
        adverse_event=event,
        dictionary="CTCAE-5.0",
        term=10035528,
        grade=Grade(grade),
        onset_on=day(-60),
        aware_at=datetime(2024, 1, 1, tzinfo=UTC),
        seriousness=(Seriousness.HOSPITALISATION,) if serious else (),
        causality=Causality.POSSIBLE,
    )


def alert_raised(subject: str = "01-001", alert: UUID = ID, priority: int = 1) -> AlertRaised:
    return AlertRaised(
        study=STUDY,
        subject=subject,
        alert=alert,
        rule="PLATELETS_G3",
        rule_version=1,
        priority=priority,
        term=10035528,
        grade=Grade.G3,
        evidence=ID,
        raised_at=datetime(2024, 1, 2, tzinfo=UTC),
    )


def alert_closed(subject: str = "01-001", alert: UUID = ID) -> AlertEpisodeClosed:
    return AlertEpisodeClosed(
        study=STUDY,
        subject=subject,
        alert=alert,
        raised_at=datetime(2024, 1, 2, tzinfo=UTC),
        rule="PLATELETS_G3",
        term=10035528,
        evidence=ID,
    )


def whole_journey(subject: str = "01-001", arm: str = "A", number: int = 1) -> dict[str, Sequence[Fact]]:
    """Every topic's facts about one subject, each in its owner's order."""
    return {
        "reluth.enrolment": (
            screened(subject),
            consented(subject),
            assessed_at_gate(subject, Verdict.PENDING, I13=Truth.UNKNOWN),
            assessed_at_gate(subject, I13=Truth.TRUE),
            included(subject),
            cycle(1, subject),
            cycle(2, subject),
            assessed_at_gate(subject, Verdict.NOT_ELIGIBLE, gate="randomization", R03=Truth.FALSE),
            therapy(subject, 220),
            died(subject, 300),
        ),
        "reluth.randomization": (subject_randomized(subject, number),),
        "reluth.allocation": (arm_allocated(subject, arm, number),),
        "reluth.assessment": (
            tumour_assessed(-10, "SD", "POST_C2", subject),
            tumour_assessed(61, "PR", "M2", subject),
            tumour_assessed(122, "SD", "M4", subject),
            tumour_assessed(183, "SD", "M6", subject),
            questionnaire("M6", 183, subject=subject),
        ),
        "reluth.safety": (
            adverse_event(subject, 2),
            alert_raised(subject),
            adverse_event(subject, 3, serious=True),
            alert_closed(subject),
        ),
    }
