"""What was so on a clinical day: facts are left out that are dated later, whenever they were recorded."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date
from functools import reduce
from types import MappingProxyType
from typing import Any, Final

from contracts.events import course, enrolment, treatment
from contracts.events.envelope import Envelope
from contracts.events.fact import Fact
from services.enrolment.domain import facts as private
from services.enrolment.domain.state import Subject, evolve

DayOf = Callable[[Any], date | None]

DAYS: Final[Mapping[type[Fact], DayOf]] = MappingProxyType(
    {
        enrolment.SiteRequirementMet: lambda f: f.met_on,
        enrolment.SiteActivated: lambda f: f.activated_on,
        enrolment.SitePaused: lambda f: f.paused_on,
        enrolment.SiteResumed: lambda f: f.resumed_on,
        enrolment.DutyDelegated: lambda f: f.from_on,
        enrolment.DelegationEnded: lambda f: f.ended_on,
        course.ConsentVersionApproved: lambda f: f.approved_from,
        course.AmendmentAdopted: lambda f: f.effective_on,
        enrolment.SubjectScreened: lambda f: f.screened_on,
        enrolment.ConsentSigned: lambda f: f.signed_on,
        enrolment.EligibilityAssessed: lambda f: f.assessed_on,
        course.EligibilityOverridden: lambda f: f.overridden_on,
        enrolment.SubjectIncluded: lambda f: f.included_on,
        course.NotIncluded: lambda f: f.decided_on,
        enrolment.CycleAdministered: lambda f: f.given_on,
        enrolment.RandomizationAuthorized: lambda f: f.authorized_on,
        enrolment.VisitsScheduled: lambda f: f.anchor_on,
        enrolment.RunInEnded: lambda f: f.ended_on,
        enrolment.DeathRecorded: lambda f: f.died_on,
        enrolment.NewAnticancerTherapyStarted: lambda f: f.started_on,
        enrolment.SurvivalContactRecorded: lambda f: f.last_alive_on,
        course.ProgressionNoted: lambda f: f.progressed_on,
        course.LongTermFollowUpReached: lambda f: f.reached_on,
        course.ProtocolDeviationRecorded: lambda f: f.occurred_on,
        course.ConsentWithdrawn: lambda f: f.withdrawn_on,
        course.LostToFollowUpDeclared: lambda f: f.declared_on,
        course.SubjectRecontacted: lambda f: f.recontacted_on,
        course.EndOfStudyReached: lambda f: f.ended_on,
        treatment.TreatmentVisitsScheduled: lambda f: f.anchor_on,
        treatment.VisitPerformed: lambda f: f.performed_on,
        treatment.TreatmentCycleAdministered: lambda f: f.given_on,
        treatment.CycleDelayed: lambda f: f.delayed_on,
        treatment.CycleOmitted: lambda f: f.omitted_on,
        treatment.TreatmentDiscontinued: lambda f: f.discontinued_on,
        treatment.SurveillanceStarted: lambda f: f.started_on,
        treatment.TreatmentConsentWithdrawn: lambda f: f.withdrawn_on,
        treatment.TreatmentDeviationRecorded: lambda f: f.occurred_on,
        private.TreatmentAssigned: lambda f: f.assigned_on,
    }
)
"""The day that each fact is about, where its own fields say so."""

BESIDE: Final[frozenset[type[Fact]]] = frozenset((private.SubjectNumberIssued, treatment.CycleDosed))
"""Facts without a day of their own: that of the command which recorded them counts."""

EVERY_DAY: Final[frozenset[type[Fact]]] = frozenset(
    (
        course.RecordAnnulled,
        treatment.TreatmentRecordAnnulled,
        course.SubjectErased,
        private.TextOpened,
        private.TextReleased,
    )
)
"""Facts about the record, not about a day: what was annulled never was, what was erased is told for no day."""

ONE_BY_ONE: Final[frozenset[type[Fact]]] = frozenset({enrolment.FindingsRecorded})
"""Facts whose parts have days of their own."""

REPLACED_BY: Final[Mapping[type[Fact], Callable[[Any], object]]] = MappingProxyType(
    {
        enrolment.SiteRequirementMet: lambda f: (f.requirement, f.version),
        enrolment.VisitsScheduled: lambda f: f.anchor,
        treatment.TreatmentVisitsScheduled: lambda f: f.anchor,
    }
)
"""Facts of which a later one about the same corrects an earlier one: what was corrected was so on no day."""

ANNULMENTS: Final = (course.RecordAnnulled, treatment.TreatmentRecordAnnulled)


def by(envelope: Envelope[Fact], day: date) -> Envelope[Fact] | None:
    """What of a fact was so on a day: all, some findings, or nothing. Raises KeyError for a type without a rule."""
    match envelope.fact:
        case enrolment.FindingsRecorded(findings=findings) as fact:
            kept = tuple(finding for finding in findings if finding.observed_on <= day)
            return _with(envelope, fact.model_copy(update={"findings": kept})) if kept else None
        case fact if type(fact) in EVERY_DAY:
            return envelope
        case fact if type(fact) in BESIDE:
            about = envelope.occurred_on
        case fact:
            about = DAYS[type(fact)](fact)
    return envelope if about is None or about <= day else None


def until(envelopes: Iterable[Envelope[Fact]], day: date | None) -> Iterator[Envelope[Fact]]:
    """What of these facts was so on a day, in their order. None: on any day."""
    given = list(envelopes)
    last = {subject: one.event_id for one in given if (subject := _replaced(one)) is not None}
    for envelope in given:
        if day is None:
            yield envelope
        elif last.get(_replaced(envelope), envelope.event_id) == envelope.event_id and (kept := by(envelope, day)):
            yield kept


def on(subject: Subject, day: date | None) -> Subject:
    """The subject of a clinical day, as far as is known: corrected facts count as corrected. None: of every day.

    Who was erased is so on every day: there is no history left to fold.
    """
    return (
        subject
        if day is None or subject.erased_on is not None
        else reduce(evolve, until(subject.history, day), Subject())
    )


def standing(envelopes: Iterable[Envelope[Fact]], day: date | None) -> Iterator[Envelope[Fact]]:
    """What of the facts of many streams stood and was so on a day: for lists, which keep no history."""
    given = list(envelopes)
    gone = {one.fact.annulled for one in given if isinstance(one.fact, ANNULMENTS)}
    return until((one for one in given if one.event_id not in gone), day)


def _replaced(envelope: Envelope[Fact]) -> object | None:
    """What a fact is about, of which only the last one counts; None for facts that stand beside each other."""
    about = REPLACED_BY.get(type(envelope.fact))
    return (envelope.stream, type(envelope.fact), about(envelope.fact)) if about else None


def _with(envelope: Envelope[Fact], fact: Fact) -> Envelope[Fact]:
    return Envelope(
        fact=fact,
        event_id=envelope.event_id,
        source=envelope.source,
        stream=envelope.stream,
        version=envelope.version,
        position=envelope.position,
        recorded_at=envelope.recorded_at,
        chain=envelope.chain,
        provenance=envelope.provenance,
        occurred_on=envelope.occurred_on,
        reason=envelope.reason,
    )
