"""Corrections: an entry that was wrong is annulled, and what is right is recorded instead (digest 4, last lines).

Nothing is deleted. What was decided, assigned or scheduled on a record is not corrected but follows: a randomization is
final, and so are its strata and its evidence (invariants 6 and 19).
"""

from typing import Final
from uuid import UUID

from contracts.events.course import (
    ConsentWithdrawn,
    LostToFollowUpDeclared,
    NotIncluded,
    ProtocolDeviationRecorded,
    SubjectRecontacted,
)
from contracts.events.enrolment import (
    ConsentSigned,
    CycleAdministered,
    DeathRecorded,
    FindingsRecorded,
    NewAnticancerTherapyStarted,
    RunInEnded,
    SurvivalContactRecorded,
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
    VisitPerformed,
)
from contracts.vocabulary.clinical import RunInExit
from contracts.vocabulary.course import DeviationKind, WithdrawalScope
from services.chassis.refusal import Refused
from services.enrolment.domain import refusals
from services.enrolment.domain.invariants import broken
from services.enrolment.domain.setting import Setting
from services.enrolment.domain.state import Subject
from services.enrolment.domain.subject.consequences import annulled
from services.enrolment.domain.subject.guards import followed_on, screened

ENTERED: Final = (
    ConsentSigned,
    FindingsRecorded,
    NotIncluded,
    CycleAdministered,
    RunInEnded,
    DeathRecorded,
    NewAnticancerTherapyStarted,
    SurvivalContactRecorded,
    ConsentWithdrawn,
    TreatmentConsentWithdrawn,
    LostToFollowUpDeclared,
    SubjectRecontacted,
    VisitPerformed,
    TreatmentCycleAdministered,
    CycleDelayed,
    CycleOmitted,
    TreatmentDiscontinued,
    SurveillanceStarted,
    ProtocolDeviationRecorded,
    TreatmentDeviationRecorded,
)
"""What a person enters. The rest is issued, evaluated, assigned, scheduled or heard."""


def annulments(subject: Subject, annul: UUID) -> tuple[Fact, ...]:
    """The annulment of the record and of what followed from it; or `Refused`."""
    screened(subject)
    followed_on(subject, None)
    wrong = _correctable(subject, annul)
    if (later := standing_on(subject, wrong)) is not None:
        raise Refused(refusals.corrections.RECORD_STOOD_ON, event_id=later.event_id, type=later.fact.type_name)
    return annulled(subject, wrong)


def standing_on(subject: Subject, wrong: Envelope[Fact]) -> Envelope[Fact] | None:
    """The record that makes no sense without that one: a loss and the contact that ended it take turns.

    What was entered since is true of itself (a subject was reached that day), so it is not taken along.
    """
    turns = [one for one in subject.history if isinstance(one.fact, LostToFollowUpDeclared | SubjectRecontacted)]
    places = [place for place, one in enumerate(turns) if one.event_id == wrong.event_id]
    return next((turns[place + 1] for place in places if place + 1 < len(turns)), None)


def consistent(before: Subject, after: Subject, setting: Setting) -> None:
    """What is left breaks no invariant that held; or `Refused`."""
    held = {one.number for one in broken(before, setting)}
    if breaks := [one for one in broken(after, setting) if one.number not in held]:
        raise Refused(
            refusals.corrections.CORRECTION_BREAKS,
            invariants=[{"number": one.number, "words": one.words} for one in breaks],
        )


def _correctable(subject: Subject, event_id: UUID) -> Envelope[Fact]:
    """The record, if it stands and a person entered it; or `Refused`."""
    found = next((one for one in subject.history if one.event_id == event_id), None)
    if found is None:
        raise Refused(refusals.corrections.UNKNOWN_RECORD)
    match found.fact:
        case ProtocolDeviationRecorded(deviation=kind) | TreatmentDeviationRecorded(deviation=kind):
            entered = kind is DeviationKind.REPORTED
        case RunInEnded(timepoint=timepoint, reason=reason):
            # One that a scan led to is corrected by reading the scan again, that of a death with the death.
            entered = timepoint is None and reason is not RunInExit.DEATH
        case ConsentWithdrawn(scope=scope):
            entered = scope is not WithdrawalScope.DATA_USE
        case fact:
            entered = isinstance(fact, ENTERED)
    if not entered:
        raise Refused(refusals.corrections.NOT_CORRECTABLE, type=found.fact.type_name)
    return found
