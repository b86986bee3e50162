"""What enrolment is sent about cycles and treatment."""

from datetime import date
from typing import Annotated, Final

from pydantic import AwareDatetime, Field, StrictBool, StrictInt

from contracts.events.enrolment import Activity, Code
from contracts.events.treatment import Measured
from contracts.vocabulary.course import CycleReason, TreatmentStop
from services.chassis.http.written import Day
from services.enrolment.bodies.body import Body
from services.enrolment.domain import dose
from services.enrolment.domain.subject.cycles import AdministerCycle
from services.enrolment.domain.subject.delays import DelayCycle, OmitCycle
from services.enrolment.domain.subject.treatment import DiscontinueTreatment, StartSurveillance

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

    def command(self, study: str, subject: str) -> AdministerCycle:
        """As the domain decides it."""
        return AdministerCycle(
            study,
            subject,
            self.cycle,
            self.given_on,
            self.prescribed_mbq,
            self.administered_mbq,
            self.dose.measured() if self.dose else None,
            self.reduction_reason,
        )


class DelayBody(Body):
    """A cycle that is put off, and until when."""

    cycle: Number
    delayed_on: Day = Field(description="the day of the decision", examples=["2026-05-02"])
    planned_on: date = Field(examples=["2026-05-18"])
    reason: CycleReason

    def command(self, study: str, subject: str) -> DelayCycle:
        """As the domain decides it."""
        return DelayCycle(study, subject, self.cycle, self.delayed_on, self.planned_on, self.reason)


class OmissionBody(Body):
    """A cycle that will not be given."""

    cycle: Number
    omitted_on: Day = Field(description="the day of the decision", examples=["2026-05-02"])
    reason: CycleReason

    def command(self, study: str, subject: str) -> OmitCycle:
        """As the domain decides it."""
        return OmitCycle(study, subject, self.cycle, self.omitted_on, self.reason)


class SurveillanceBody(Body):
    """The first day of surveillance, in an arm without cycles."""

    started_on: Day = Field(examples=["2026-07-05"])

    def command(self, study: str, subject: str) -> StartSurveillance:
        """As the domain decides it."""
        return StartSurveillance(study, subject, self.started_on)


class DiscontinuationBody(Body):
    """Why study treatment ended before all its cycles were given."""

    reason: TreatmentStop
    discontinued_on: Day = Field(examples=["2026-07-05"])

    def command(self, study: str, subject: str) -> DiscontinueTreatment:
        """As the domain decides it."""
        return DiscontinueTreatment(study, subject, self.discontinued_on, self.reason)
