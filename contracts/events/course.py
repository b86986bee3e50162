"""Facts of enrolment about what becomes of a subject. None of them tells the arm: those are in `treatment`."""

from datetime import date
from typing import Annotated
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from contracts.events.enrolment import TOPIC, Code
from contracts.events.fact import SiteFact, SubjectFact
from contracts.vocabulary.course import ContactMeans, DeviationKind, EndReason, Severity, WithdrawalScope
from contracts.vocabulary.sealed import SealedText


class Attempt(BaseModel):
    """One documented attempt to reach a subject."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    on: date
    means: ContactMeans


class ConsentVersionApproved(SiteFact, name="enrolment.consent-version-approved", version=1, topic=TOPIC):
    """A site may use a version of the consent from a day on, beside or instead of those before.

    With `reconsent_by` whoever signed an earlier version and is still in the study has to sign this one until then.
    """

    version: Code
    approved_from: date
    reconsent_by: date | None = None


class AmendmentAdopted(SiteFact, name="enrolment.amendment-adopted", version=1, topic=TOPIC):
    """From a day on the site works by this version of the protocol; what was decided before stands."""

    protocol_version: Code
    criteria_version: Code
    protocol_sha256: str
    effective_on: date


class NotIncluded(SubjectFact, name="enrolment.subject-not-included", version=1, topic=TOPIC):
    """The screening ended without inclusion (digest T3). Not the paper's screen failure, not counted in the 176.

    `assessment` is the evaluation of gate 1 that said no; None where the subject was given up before one.
    """

    decided_on: date
    assessment: UUID | None = None


class EligibilityOverridden(SubjectFact, name="enrolment.eligibility-overridden", version=1, topic=TOPIC):
    """The sponsor lets one criterion stand in nobody's way for this subject; always a major deviation (ruling 4).

    The outcome of the criterion stays what it is: the override stands beside it. `reason` is sealed.
    """

    gate: Annotated[int, Field(ge=1, le=2)]
    criterion: Code
    overridden_on: date
    reason: SealedText | None


class ProtocolDeviationRecorded(SubjectFact, name="enrolment.protocol-deviation-recorded", version=1, topic=TOPIC):
    """Something was not as the protocol has it. `about` is the fact that it is about, recorded just before it.

    Deviations that could tell the arm are `enrolment.treatment-deviation-recorded`.
    """

    deviation: DeviationKind
    severity: Severity
    occurred_on: date
    about: UUID | None = None
    criterion: Code | None = None
    visit: Code | None = None
    note: SealedText | None = None


class ProgressionNoted(SubjectFact, name="enrolment.progression-noted", version=1, topic=TOPIC):
    """Assessment recorded the investigator's reading of a progression; no study treatment follows it (invariant 10).

    Dated by the scan (invariant 20). `assessment` is assessment's own event, `timepoint` what the scan was made for: a
    later reading of that timepoint that says otherwise annuls this.
    """

    progressed_on: date
    timepoint: Code
    assessment: UUID


class LongTermFollowUpReached(SubjectFact, name="enrolment.long-term-follow-up-reached", version=1, topic=TOPIC):
    """The last assessment of the analysis was read, or its window is over (digest T16).

    `assessment` is assessment's own event; None where the window went by without a reading.
    """

    reached_on: date
    assessment: UUID | None = None


class ConsentWithdrawn(SubjectFact, name="enrolment.consent-withdrawn", version=1, topic=TOPIC):
    """The subject withdrew its consent, from follow-up or from any use of its data (digest T20).

    Data collected until then are kept unless their use is withdrawn. Who withdraws from treatment alone stays in
    follow-up: `enrolment.treatment-consent-withdrawn`.
    """

    scope: WithdrawalScope
    withdrawn_on: date
    note: SealedText | None = None


class LostToFollowUpDeclared(SubjectFact, name="enrolment.lost-to-follow-up-declared", version=1, topic=TOPIC):
    """A subject could not be reached; the attempts are on record (digest T21). Reversible."""

    declared_on: date
    attempts: tuple[Attempt, ...]
    note: SealedText | None = None


class SubjectRecontacted(SubjectFact, name="enrolment.subject-recontacted", version=1, topic=TOPIC):
    """A subject that was lost was found again, alive, on a day."""

    recontacted_on: date


class EndOfStudyReached(SubjectFact, name="enrolment.end-of-study-reached", version=1, topic=TOPIC):
    """The follow-up of a subject is complete, or the study was closed (digest T23)."""

    ended_on: date
    reason: EndReason


class RecordAnnulled(SubjectFact, name="enrolment.record-annulled", version=1, topic=TOPIC):
    """An earlier fact of this subject was entered in error: it counts as never recorded; the log keeps both.

    What is right follows as facts of its own, in the same append. The reason stands in the metadata.
    """

    annulled: UUID


class SubjectErased(SubjectFact, name="enrolment.subject-erased", version=1, topic=TOPIC):
    """The use of the data was withdrawn: the subject's key is destroyed, and every read model forgets the subject.

    The number stays, and that it was screened, included and randomized: a randomized subject is counted for ever.
    """

    erased_on: date


FACTS = (
    ConsentVersionApproved,
    AmendmentAdopted,
    NotIncluded,
    EligibilityOverridden,
    ProtocolDeviationRecorded,
    ProgressionNoted,
    LongTermFollowUpReached,
    ConsentWithdrawn,
    LostToFollowUpDeclared,
    SubjectRecontacted,
    EndOfStudyReached,
    RecordAnnulled,
    SubjectErased,
)
