"""Facts of enrolment that could tell the arm. Their topic leaves out assessment: its readers are blinded."""

from datetime import date
from decimal import Decimal
from typing import Annotated
from uuid import UUID

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

from contracts.events.enrolment import Activity, Code, ScheduledVisit
from contracts.events.fact import SubjectFact
from contracts.vocabulary.course import CycleReason, DeviationKind, Severity, TreatmentStop
from contracts.vocabulary.sealed import SealedText

TOPIC = "reluth.treatment"
Measured = Annotated[Decimal, Field(ge=0, max_digits=9, decimal_places=3)]


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="ignore")


class DoseRecord(_Part):
    """How an activity was arrived at: measured before and left over after the infusion, each in MBq at its own time.

    Administered is what was in the syringe less what stayed in it, both decayed to the start of the infusion.
    """

    batch: Code
    measured_mbq: Activity
    measured_at: AwareDatetime
    residual_mbq: Measured
    residual_at: AwareDatetime
    infusion_started_at: AwareDatetime
    infusion_ended_at: AwareDatetime
    amino_acids: bool
    half_life_days: Decimal


class FormDone(_Part):
    """A form of a visit: done or not. The data themselves stand in facts of their own."""

    form: Code
    done: bool


class TreatmentVisitsScheduled(SubjectFact, name="enrolment.treatment-visits-scheduled", version=1, topic=TOPIC):
    """As `enrolment.visits-scheduled`, of visits that not all arms have: that they are planned tells the arm."""

    anchor: Code
    anchor_on: date
    visits: tuple[ScheduledVisit, ...]


class VisitPerformed(SubjectFact, name="enrolment.visit-performed", version=1, topic=TOPIC):
    """A planned visit took place, with the forms filled in at it. Which visits a subject has can tell the arm."""

    visit: Code
    performed_on: date
    forms: tuple[FormDone, ...] = ()
    note: SealedText | None = None


class CycleDosed(SubjectFact, name="enrolment.cycle-dosed", version=1, topic=TOPIC):
    """The dose record of a cycle of the run-in, beside its `enrolment.cycle-administered` in the same append."""

    cycle: Annotated[int, Field(ge=1)]
    dose: DoseRecord


class TreatmentCycleAdministered(SubjectFact, name="enrolment.treatment-cycle-administered", version=1, topic=TOPIC):
    """A cycle of study treatment after randomization was given."""

    cycle: Annotated[int, Field(ge=1)]
    given_on: date
    prescribed_mbq: Activity
    administered_mbq: Activity
    reduction_reason: CycleReason | None = None
    dose: DoseRecord | None = None


class CycleDelayed(SubjectFact, name="enrolment.cycle-delayed", version=1, topic=TOPIC):
    """A cycle, of the run-in or after it, was put off to a later day."""

    cycle: Annotated[int, Field(ge=1)]
    delayed_on: date
    planned_on: date
    reason: CycleReason


class CycleOmitted(SubjectFact, name="enrolment.cycle-omitted", version=1, topic=TOPIC):
    """A cycle will not be given."""

    cycle: Annotated[int, Field(ge=1)]
    omitted_on: date
    reason: CycleReason


class TreatmentDiscontinued(SubjectFact, name="enrolment.treatment-discontinued", version=1, topic=TOPIC):
    """Study treatment after randomization ended for good; the subject stays in follow-up and in the analysis."""

    reason: TreatmentStop
    discontinued_on: date


class SurveillanceStarted(SubjectFact, name="enrolment.surveillance-started", version=1, topic=TOPIC):
    """A subject whose arm has no cycles entered surveillance."""

    started_on: date


class TreatmentConsentWithdrawn(SubjectFact, name="enrolment.treatment-consent-withdrawn", version=1, topic=TOPIC):
    """The subject will take no more study treatment and stays in follow-up (digest T20, scope treatment)."""

    withdrawn_on: date
    note: SealedText | None = None


class TreatmentDeviationRecorded(SubjectFact, name="enrolment.treatment-deviation-recorded", version=1, topic=TOPIC):
    """As `enrolment.protocol-deviation-recorded`, where what it is about could tell the arm."""

    deviation: DeviationKind
    severity: Severity
    occurred_on: date
    about: UUID | None = None
    visit: Code | None = None
    cycle: Annotated[int, Field(ge=1)] | None = None
    note: SealedText | None = None


class TreatmentRecordAnnulled(SubjectFact, name="enrolment.treatment-record-annulled", version=1, topic=TOPIC):
    """As `enrolment.record-annulled`, of a fact on this topic."""

    annulled: UUID


FACTS = (
    TreatmentVisitsScheduled,
    VisitPerformed,
    CycleDosed,
    TreatmentCycleAdministered,
    CycleDelayed,
    CycleOmitted,
    TreatmentDiscontinued,
    SurveillanceStarted,
    TreatmentConsentWithdrawn,
    TreatmentDeviationRecorded,
    TreatmentRecordAnnulled,
)
