"""What a subject has become: a fold of its stream."""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import date
from enum import StrEnum
from functools import reduce
from itertools import chain
from uuid import UUID

from contracts.events.course import (
    ConsentWithdrawn,
    EligibilityOverridden,
    EndOfStudyReached,
    LostToFollowUpDeclared,
    NotIncluded,
    ProgressionNoted,
    ProtocolDeviationRecorded,
    RecordAnnulled,
    SubjectErased,
    SubjectRecontacted,
)
from contracts.events.enrolment import (
    ConsentSigned,
    CycleAdministered,
    DeathRecorded,
    EligibilityAssessed,
    FindingsRecorded,
    NewAnticancerTherapyStarted,
    RandomizationAuthorized,
    RunInEnded,
    ScheduledVisit,
    SubjectIncluded,
    SubjectScreened,
    SurvivalContactRecorded,
    VisitsScheduled,
)
from contracts.events.envelope import Envelope
from contracts.events.fact import Fact
from contracts.events.treatment import (
    CycleDelayed,
    CycleOmitted,
    SurveillanceStarted,
    TreatmentConsentWithdrawn,
    TreatmentCycleAdministered,
    TreatmentDeviationRecorded,
    TreatmentDiscontinued,
    TreatmentRecordAnnulled,
    VisitPerformed,
)
from contracts.vocabulary.clinical import RunInExit
from contracts.vocabulary.course import WithdrawalScope
from services.enrolment.domain.facts import TreatmentAssigned
from services.enrolment.domain.findings import Observation, Observations
from services.enrolment.domain.records import (
    Assessment,
    Assigned,
    Consent,
    Cycle,
    Death,
    Deviation,
    End,
    Exit,
    Inclusion,
    Loss,
    Override,
    Performed,
    Put,
    Schedule,
    Screening,
    Stop,
    Therapy,
    Withdrawal,
)

RANDOMIZATION = "randomization"
"""The anchor of the visits that follow a randomization; scheduling them is how this service learns of it."""


def subject_stream(study: str, subject: str) -> str:
    """The stream of a subject."""
    return f"subject-{study}-{subject}"


class Participation(StrEnum):
    """How far a subject has come (digest 4, first region). Only `SCREEN_FAILURE_PD` is the paper's screen failure."""

    SCREENED = "SCREENED"
    CONSENTED = "CONSENTED"
    INCLUDED = "INCLUDED"
    RUNIN_C1 = "RUNIN_C1"
    RUNIN_C2 = "RUNIN_C2"
    SCREEN_FAILURE_PD = "SCREEN_FAILURE_PD"
    NOT_RANDOMIZED_OTHER = "NOT_RANDOMIZED_OTHER"
    RANDOMIZED = "RANDOMIZED"


def participation(
    *, consented: bool, included: bool, cycles: int, exit_reason: RunInExit | None, randomized: bool
) -> Participation:
    """How far somebody has come. A randomization outweighs an exit: it is final (invariant 19)."""
    if randomized:
        return Participation.RANDOMIZED
    if exit_reason is not None:
        progressed = exit_reason is RunInExit.PROGRESSION
        return Participation.SCREEN_FAILURE_PD if progressed else Participation.NOT_RANDOMIZED_OTHER
    if included:
        return (Participation.INCLUDED, Participation.RUNIN_C1, Participation.RUNIN_C2)[min(cycles, 2)]
    return Participation.CONSENTED if consented else Participation.SCREENED


def visits_to_come(
    schedules: Iterable[Schedule], *, ended_on: date | None, died_on: date | None
) -> tuple[tuple[Schedule, ScheduledVisit], ...]:
    """The visits that are still meant to be, by target date.

    None begins after a death; none of the run-in's begins after the run-in has ended.
    """

    def stands(schedule: Schedule, visit: ScheduledVisit) -> bool:
        over = [day for day in (died_on, None if schedule.anchor == RANDOMIZATION else ended_on) if day is not None]
        return all(visit.earliest_on <= day for day in over)

    found = [(s, v) for s in schedules for v in s.visits if stands(s, v)]
    return tuple(sorted(found, key=lambda pair: (pair[1].target_on, pair[1].visit)))


@dataclass(frozen=True, slots=True)
class Subject:
    """A subject. Nothing leaves it again: what is no longer so is followed by what is so now."""

    screening: Screening | None = None
    consents: tuple[Consent, ...] = ()
    not_included_on: date | None = None
    overrides: tuple[Override, ...] = ()
    findings: Observations = field(default_factory=Observations)
    assessment: Assessment | None = None
    inclusion: Inclusion | None = None
    cycles: tuple[Cycle, ...] = ()
    """Of the run-in, in their order."""
    treatment: tuple[Cycle, ...] = ()
    """After randomization, in their order."""
    authorizations: tuple[UUID, ...] = ()
    exit: Exit | None = None
    death: Death | None = None
    therapies: tuple[Therapy, ...] = ()
    contacts: tuple[date, ...] = ()
    schedules: tuple[Schedule, ...] = ()
    visits: tuple[Performed, ...] = ()
    deviations: tuple[Deviation, ...] = ()
    progressed_on: date | None = None
    assigned: Assigned | None = None
    put_off: tuple[Put, ...] = ()
    stop: Stop | None = None
    surveillance_since: date | None = None
    withdrawals: tuple[Withdrawal, ...] = ()
    losses: tuple[Loss, ...] = ()
    end: End | None = None
    erased_on: date | None = None
    history: tuple[Envelope[Fact], ...] = ()
    """Every fact that this was folded from and that stands, oldest first: what a correction folds again."""

    @property
    def consent(self) -> Consent | None:
        """The consent signed last."""
        return self.consents[-1] if self.consents else None

    @property
    def randomized_on(self) -> date | None:
        """The day of randomization, once this service has heard of it."""
        return next((s.anchor_on for s in self.schedules if s.anchor == RANDOMIZATION), None)

    @property
    def participation(self) -> Participation:
        """How far a screened subject has come."""
        return participation(
            consented=self.consent is not None,
            included=self.inclusion is not None,
            cycles=len(self.cycles),
            exit_reason=self.exit.reason if self.exit else None,
            randomized=self.randomized_on is not None,
        )

    @property
    def in_run_in(self) -> bool:
        """Included, and neither ended nor randomized as far as this service knows."""
        return self.inclusion is not None and self.exit is None and self.randomized_on is None

    @property
    def last_contact_on(self) -> date | None:
        """The last day on which something was recorded of the living subject."""
        days = [
            *([self.screening.screened_on] if self.screening else ()),
            *([self.consent.signed_on] if self.consent else ()),
            *([self.inclusion.included_on] if self.inclusion else ()),
            *(held.finding.observed_on for held in chain.from_iterable(self.findings.by_field.values())),
            *(cycle.given_on for cycle in self.cycles),
            *(therapy.started_on for therapy in self.therapies),
            *self.contacts,
            *([self.randomized_on] if self.randomized_on else ()),
        ]
        return max(days, default=None)


def evolve(subject: Subject, envelope: Envelope[Fact]) -> Subject:
    """Fold one fact of a subject's stream. What was annulled counts as never recorded; what followed from it stays."""
    match envelope.fact:
        case RecordAnnulled(annulled=gone) | TreatmentRecordAnnulled(annulled=gone):
            return reduce(evolve, (one for one in subject.history if one.event_id != gone), Subject())
        case _:
            return replace(_step(subject, envelope), history=(*subject.history, envelope))


def _step(subject: Subject, envelope: Envelope[Fact]) -> Subject:
    event_id = envelope.event_id
    match envelope.fact:
        case SubjectScreened() as f:
            return replace(
                subject, screening=Screening(f.subject, f.site, f.sex, f.birth_month, f.screened_on, event_id)
            )
        case ConsentSigned() as f:
            return replace(subject, consents=(*subject.consents, Consent(f.version, f.signed_on, event_id)))
        case FindingsRecorded() as f:
            noted = (Observation(finding, event_id) for finding in f.findings)
            return replace(subject, findings=subject.findings.plus(noted))
        case EligibilityAssessed() as f:
            assessment = Assessment(f.gate, f.assessed_on, f.criteria_version, f.verdict, f.rows, event_id)
            return replace(subject, assessment=assessment)
        case SubjectIncluded() as f:
            return replace(subject, inclusion=Inclusion(f.included_on, event_id, f.assessment))
        case CycleAdministered() as f:
            cycle = Cycle(f.cycle, f.given_on, f.prescribed_mbq, f.administered_mbq, event_id)
            return replace(subject, cycles=(*subject.cycles, cycle))
        case RandomizationAuthorized():
            return replace(subject, authorizations=(*subject.authorizations, event_id))
        case VisitsScheduled() as f:
            others = tuple(schedule for schedule in subject.schedules if schedule.anchor != f.anchor)
            return replace(subject, schedules=(*others, Schedule(f.anchor, f.anchor_on, f.visits)))
        case RunInEnded() as f:
            return replace(subject, exit=Exit(f.reason, f.ended_on))
        case DeathRecorded() as f:
            return replace(subject, death=Death(f.died_on, f.cause))
        case NewAnticancerTherapyStarted() as f:
            return replace(subject, therapies=(*subject.therapies, Therapy(f.started_on, f.therapy)))
        case SurvivalContactRecorded() as f:
            return replace(subject, contacts=(*subject.contacts, f.last_alive_on))
        case NotIncluded() as f:
            return replace(subject, not_included_on=f.decided_on)
        case EligibilityOverridden() as f:
            override = Override(f.gate, f.criterion, f.overridden_on, event_id)
            return replace(subject, overrides=(*subject.overrides, override))
        case ProtocolDeviationRecorded() as f:
            found = Deviation(f.deviation, f.severity, f.occurred_on, f.about, f.criterion, f.visit, False, event_id)
            return replace(subject, deviations=(*subject.deviations, found))
        case TreatmentDeviationRecorded() as f:
            found = Deviation(f.deviation, f.severity, f.occurred_on, f.about, None, f.visit, True, event_id)
            return replace(subject, deviations=(*subject.deviations, found))
        case VisitPerformed() as f:
            forms = tuple(one.form for one in f.forms if one.done)
            return replace(subject, visits=(*subject.visits, Performed(f.visit, f.performed_on, forms, event_id)))
        case ProgressionNoted(progressed_on=day):
            return replace(subject, progressed_on=min(day, subject.progressed_on or day))
        case TreatmentAssigned() as f:
            return replace(subject, assigned=Assigned(f.arm, f.cycles, f.assigned_on, event_id))
        case TreatmentCycleAdministered() as f:
            cycle = Cycle(f.cycle, f.given_on, f.prescribed_mbq, f.administered_mbq, event_id)
            return replace(subject, treatment=(*subject.treatment, cycle))
        case CycleDelayed() as f:
            return replace(subject, put_off=(*subject.put_off, Put(f.cycle, f.delayed_on, f.planned_on, event_id)))
        case CycleOmitted() as f:
            return replace(subject, put_off=(*subject.put_off, Put(f.cycle, f.omitted_on, None, event_id)))
        case TreatmentDiscontinued() as f:
            return replace(subject, stop=Stop(f.reason, f.discontinued_on))
        case SurveillanceStarted(started_on=day):
            return replace(subject, surveillance_since=day)
        case ConsentWithdrawn() as f:
            return replace(subject, withdrawals=(*subject.withdrawals, Withdrawal(f.scope, f.withdrawn_on, event_id)))
        case TreatmentConsentWithdrawn(withdrawn_on=day):
            withdrawal = Withdrawal(WithdrawalScope.TREATMENT, day, event_id)
            return replace(subject, withdrawals=(*subject.withdrawals, withdrawal))
        case LostToFollowUpDeclared() as f:
            return replace(subject, losses=(*subject.losses, Loss(f.declared_on, None, event_id)))
        case SubjectRecontacted(recontacted_on=day):
            return replace(subject, losses=(*subject.losses[:-1], replace(subject.losses[-1], recontacted_on=day)))
        case EndOfStudyReached() as f:
            return replace(subject, end=End(f.reason, f.ended_on))
        case SubjectErased(erased_on=day):
            return replace(subject, erased_on=day)
        case _:
            return subject
