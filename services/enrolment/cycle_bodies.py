"""What enrolment is sent about cycles and treatment, and what it answers to those who may know the arm."""

from datetime import date
from decimal import Decimal
from typing import Annotated, Final
from uuid import UUID

from pydantic import AwareDatetime, BaseModel, Field, StrictBool, StrictInt

from contracts.events.enrolment import Activity, Code
from contracts.events.treatment import Measured
from contracts.vocabulary.course import CycleReason, DeviationKind, TreatmentStop
from contracts.vocabulary.identifiers import SubjectId
from services.chassis.http.written import Day
from services.enrolment.bodies import Body, RecordedView
from services.enrolment.domain import dose
from services.enrolment.domain.subject.treatment import Phase

MAX_CYCLE: Final = 99
Number = Annotated[StrictInt, Field(ge=1, le=MAX_CYCLE, examples=[3])]
Time = Annotated[AwareDatetime, Field(examples=["2026-03-08T09:15:00+01:00"])]


class DoseBody(Body):
    """What was measured, in MBq, each activity at its own time. Times have their offset from UTC."""

    batch: Code = Field(examples=["LU-2603-07"])
    measured_mbq: Activity = Field(examples=["7450"])
    measured_at: Time
    residual_mbq: Measured = Field(examples=["42.5"])
    residual_at: Time
    infusion_started_at: Time
    infusion_ended_at: Time
    amino_acids: StrictBool = Field(description="whether amino acids were infused for the kidneys")

    def measured(self) -> dose.Measured:
        """As the domain reads it."""
        return dose.Measured(**dict(self))


class CycleBody(Body):
    """A cycle that was given, in MBq. Without a prescription of its own, that of the protocol counts.

    The administered activity is stated, or follows from `dose`, or both: then they have to agree.
    """

    cycle: Number
    given_on: Day = Field(examples=["2026-03-08"])
    administered_mbq: Activity | None = Field(default=None, examples=["7385.5"])
    prescribed_mbq: Activity | None = Field(default=None, examples=["7400"])
    reduction_reason: CycleReason | None = Field(default=None, description="why less was prescribed")
    dose: DoseBody | None = None


class DelayBody(Body):
    """A cycle that is put off, and until when."""

    cycle: Number
    delayed_on: Day = Field(description="the day of the decision", examples=["2026-05-02"])
    planned_on: date = Field(examples=["2026-05-18"])
    reason: CycleReason


class OmissionBody(Body):
    """A cycle that will not be given."""

    cycle: Number
    omitted_on: Day = Field(description="the day of the decision", examples=["2026-05-02"])
    reason: CycleReason


class SurveillanceBody(Body):
    """The first day of surveillance, in an arm without cycles."""

    started_on: Day = Field(examples=["2026-07-05"])


class DiscontinuationBody(Body):
    """Why study treatment ended before all its cycles were given."""

    reason: TreatmentStop
    discontinued_on: Day = Field(examples=["2026-07-05"])


class CycleRecordedView(RecordedView):
    """What was recorded of a cycle, and what about it lies outside the protocol: each a fact of its own as well."""

    deviations: list[DeviationKind] = Field(examples=[["CYCLE_LATE"]])


class DoseView(BaseModel):
    """The measurements of a cycle; activities in MBq, times in UTC."""

    batch: str
    measured_mbq: Decimal
    measured_at: AwareDatetime
    residual_mbq: Decimal
    residual_at: AwareDatetime
    infusion_started_at: AwareDatetime
    infusion_ended_at: AwareDatetime
    amino_acids: bool
    half_life_days: Decimal = Field(description="with which the activities were decayed to the start of the infusion")


class GivenCycle(BaseModel):
    """A cycle as given. Activities in MBq."""

    cycle: int
    given_on: date
    prescribed_mbq: Decimal
    administered_mbq: Decimal
    reduction_reason: CycleReason | None
    dose: DoseView | None
    event_id: UUID


class PutOffView(BaseModel):
    """A cycle that was put off, or left out (`planned_on` null)."""

    cycle: int
    decided_on: date
    planned_on: date | None
    reason: CycleReason
    event_id: UUID


class HindranceView(BaseModel):
    """What forbids the next cycle on that day, and what would change it."""

    reason: str = Field(examples=["cycle-too-early"])
    title: str
    remedy: str


class NextCycleView(BaseModel):
    """The next cycle: its window, the day for which it is planned, and what forbids it on that day.

    It is no advice to treat: laboratory values and adverse events are looked at elsewhere.
    """

    cycle: int
    prescribed_mbq: Decimal
    earliest_on: date | None = Field(description="null as long as what it is counted from has not happened")
    target_on: date | None
    latest_on: date | None
    planned_on: date | None
    forbidden_by: list[HindranceView]


class CumulativeView(BaseModel):
    """Activity over all cycles, in MBq."""

    study_mbq: Decimal
    study_cycles: int
    earlier_cycles: int | None = Field(description="of the First PRRT; null: not recorded")
    earlier_mbq: Decimal | None = Field(description="as the protocol takes them to have been, never measured here")
    lifetime_cycles: int | None = Field(description="how many anybody may have")


class CyclesView(BaseModel):
    """The treatment of one subject. It tells the arm."""

    subject: SubjectId
    at: date
    arm: str | None = Field(description="null before the allocation is heard here")
    phase: Phase | None = Field(description="of treatment after randomization")
    given: list[GivenCycle]
    put_off: list[PutOffView]
    next: NextCycleView | None
    cumulative: CumulativeView
    discontinued_on: date | None
    discontinued_because: TreatmentStop | None
    surveillance_since: date | None
