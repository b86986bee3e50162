"""What a subject has become: a fold of its stream."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from functools import reduce
from itertools import chain
from uuid import UUID

from contracts.events.course import (
    ConsentWithdrawn,
    EligibilityOverridden,
    EndOfStudyReached,
    LongTermFollowUpReached,
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
from contracts.vocabulary.course import WithdrawalScope
from services.enrolment.domain.facts import TreatmentAssigned
from services.enrolment.domain.findings import Observation, Observations
from services.enrolment.domain.participation import Milestones, Participation, participation
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
    Progression,
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
    progressions: tuple[Progression, ...] = ()
    long_term_since: date | None = None
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

    def consent_on(self, day: date) -> Consent | None:
        """The consent signed last up to a day: a later signature takes nothing from what was done under this one."""
        return next((one for one in reversed(self.consents) if one.signed_on <= day), None)

    def withdrawn_by(self, day: date) -> Withdrawal | None:
        """What was withdrawn first, if anything was by a day. A signature since does not take it back."""
        return next((one for one in self.withdrawals if one.withdrawn_on <= day), None)

    def overridden(self, gate: int, day: date) -> Mapping[str, UUID]:
        """The criteria of a gate that the sponsor had overridden by a day, with the facts that say so."""
        found = (one for one in self.overrides if one.gate == gate and one.overridden_on <= day)
        return {one.criterion: one.event_id for one in found}

    @property
    def randomized_on(self) -> date | None:
        """The day of randomization, once this service has heard of it."""
        return next((s.anchor_on for s in self.schedules if s.anchor == RANDOMIZATION), None)

    @property
    def participation(self) -> Participation:
        """Where a screened subject is."""
        return participation(
            Milestones(
                consented=self.consent is not None,
                not_included=self.not_included_on is not None,
                included=self.inclusion is not None,
                cycles=len(self.cycles),
                authorized=bool(self.authorizations),
                exit_reason=self.exit.reason if self.exit else None,
                randomized=self.randomized_on is not None,
                progressed=bool(self.progressions),
                long_term=self.long_term_since is not None,
                lost=self.lost_since is not None,
                withdrawn=self.left_on is not None or self.erased_on is not None,
                ended=self.end is not None,
                dead=self.death is not None,
            )
        )

    @property
    def progressed_on(self) -> date | None:
        """The day of the first progression that the investigator read after randomization."""
        return min((one.progressed_on for one in self.progressions), default=None)

    @property
    def lost_since(self) -> date | None:
        """Since when nobody can reach the subject."""
        return next((loss.declared_on for loss in self.losses if loss.recontacted_on is None), None)

    @property
    def left_on(self) -> date | None:
        """The day on which it withdrew from follow-up. Who withdraws from treatment alone has not left."""
        wider = (one for one in self.withdrawals if one.scope is not WithdrawalScope.TREATMENT)
        return min((one.withdrawn_on for one in wider), default=None)

    @property
    def in_run_in(self) -> bool:
        """Included, and neither ended nor randomized as far as this service knows."""
        over = self.exit is not None or self.end is not None or self.left_on is not None
        return self.inclusion is not None and self.randomized_on is None and not over

    @property
    def last_contact_on(self) -> date | None:
        """The last day on which something was recorded of the living subject."""
        days = [
            *([self.screening.screened_on] if self.screening else ()),
            *(consent.signed_on for consent in self.consents),
            *([self.inclusion.included_on] if self.inclusion else ()),
            *(held.finding.observed_on for held in chain.from_iterable(self.findings.by_field.values())),
            *(cycle.given_on for cycle in (*self.cycles, *self.treatment)),
            *(visit.performed_on for visit in self.visits),
            *(withdrawal.withdrawn_on for withdrawal in self.withdrawals),
            *(loss.recontacted_on for loss in self.losses if loss.recontacted_on is not None),
            *(therapy.started_on for therapy in self.therapies),
            *self.contacts,
            *([self.randomized_on] if self.randomized_on else ()),
        ]
        return max(days, default=None)


def evolve(subject: Subject, envelope: Envelope[Fact]) -> Subject:
    """Fold one fact of a subject's stream. What was annulled counts as never recorded; what followed from it stays.

    Of somebody who was erased nothing is left but the number and the withdrawal, and nothing is added.
    """
    if subject.erased_on is not None:
        return subject
    match envelope.fact:
        case RecordAnnulled(annulled=gone) | TreatmentRecordAnnulled(annulled=gone):
            return reduce(evolve, (one for one in subject.history if one.event_id != gone), Subject())
        case SubjectErased(erased_on=day):
            return Subject(screening=subject.screening, withdrawals=subject.withdrawals, erased_on=day)
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
            return replace(subject, cycles=_in_order(subject.cycles, cycle))
        case RandomizationAuthorized():
            return replace(subject, authorizations=(*subject.authorizations, event_id))
        case VisitsScheduled() as f:
            others = tuple(schedule for schedule in subject.schedules if schedule.anchor != f.anchor)
            return replace(subject, schedules=(*others, Schedule(f.anchor, f.anchor_on, f.visits)))
        case RunInEnded() as f:
            return replace(subject, exit=Exit(f.reason, f.ended_on, f.timepoint, event_id))
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
        case ProgressionNoted() as f:
            progression = Progression(f.progressed_on, f.timepoint, event_id)
            return replace(subject, progressions=(*subject.progressions, progression))
        case LongTermFollowUpReached(reached_on=day):
            return replace(subject, long_term_since=day)
        case TreatmentAssigned() as f:
            return replace(subject, assigned=Assigned(f.arm, f.cycles, f.assigned_on, event_id))
        case TreatmentCycleAdministered() as f:
            cycle = Cycle(f.cycle, f.given_on, f.prescribed_mbq, f.administered_mbq, event_id)
            return replace(subject, treatment=_in_order(subject.treatment, cycle))
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
            last = (replace(loss, recontacted_on=day) for loss in subject.losses[-1:])
            return replace(subject, losses=(*subject.losses[:-1], *last))
        case EndOfStudyReached() as f:
            return replace(subject, end=End(f.reason, f.ended_on))
        case _:
            return subject


def _in_order(given: tuple[Cycle, ...], cycle: Cycle) -> tuple[Cycle, ...]:
    """A cycle that was corrected is recorded after the one that followed it."""
    return tuple(sorted((*given, cycle), key=lambda one: one.number))
