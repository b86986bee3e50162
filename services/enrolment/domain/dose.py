"""An activity as administered: what was measured before and left over after, decayed to the start of the infusion.

    administered = measured * 2^-((start - measured_at) / T) - residual * 2^((residual_at - start) / T)

with T the half-life of the protocol file, in days of 86,400 s (digest 7, Administration). Decimal throughout, to 34
significant digits, and never rounded before it is compared; what the log keeps is rounded once, to 3 decimals of a MBq.
"""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from decimal import ROUND_HALF_EVEN, Context, Decimal, localcontext
from typing import Final
from zoneinfo import ZoneInfo

from contracts.events.treatment import DoseRecord
from contracts.protocol.radiopharmaceutical import Radiopharmaceutical
from services.chassis.refusal import Refused
from services.enrolment.domain import refusals

PLACES: Final = Decimal("0.001")
"""Of a MBq: what the log keeps."""
_EXACT: Final = Context(prec=34, rounding=ROUND_HALF_EVEN)
_SECOND: Final = Decimal(10) ** -6  # of a microsecond, the unit in which datetimes are exact


@dataclass(frozen=True, slots=True)
class Measured:
    """What the site measured. Activities in MBq, each at its own time; times with their offset from UTC."""

    batch: str
    measured_mbq: Decimal
    measured_at: datetime
    residual_mbq: Decimal
    residual_at: datetime
    infusion_started_at: datetime
    infusion_ended_at: datetime
    amino_acids: bool

    def record(self, drug: Radiopharmaceutical) -> DoseRecord:
        """As the log keeps it: times in UTC, and the half-life that it was decayed with."""
        return DoseRecord(
            batch=self.batch,
            measured_mbq=self.measured_mbq,
            measured_at=self.measured_at.astimezone(UTC),
            residual_mbq=self.residual_mbq,
            residual_at=self.residual_at.astimezone(UTC),
            infusion_started_at=self.infusion_started_at.astimezone(UTC),
            infusion_ended_at=self.infusion_ended_at.astimezone(UTC),
            amino_acids=self.amino_acids,
            half_life_days=drug.half_life_days,
        )


def decayed(activity: Decimal, elapsed: timedelta, half_life_days: Decimal) -> Decimal:
    """What is left of an activity after a time; for a negative one, what it was. In its own unit, unrounded."""
    with localcontext(_EXACT):
        seconds = Decimal(elapsed // timedelta(microseconds=1)) * _SECOND
        return activity * Decimal(2) ** (-seconds / (half_life_days * 86_400))


def administered_mbq(dose: DoseRecord) -> Decimal:
    """The activity that reached the subject, in MBq at the start of the infusion, unrounded."""
    start = dose.infusion_started_at
    with localcontext(_EXACT):
        drawn = decayed(dose.measured_mbq, start - dose.measured_at, dose.half_life_days)
        left = decayed(dose.residual_mbq, start - dose.residual_at, dose.half_life_days)
        return drawn - left


def kept(activity: Decimal) -> Decimal:
    """An activity as the log keeps it."""
    return activity.quantize(PLACES, rounding=ROUND_HALF_EVEN)


def plausible(dose: Measured, given_on: date, today: date, time_zone: str) -> None:
    """The times follow each other and lie on the day of the cycle, or `Refused`. Days are those of the trial's zone."""
    order = (dose.measured_at, dose.infusion_started_at, dose.infusion_ended_at, dose.residual_at)
    if not (order[0] <= order[1] < order[2] <= order[3]):
        raise Refused(refusals.treatment.DOSE_TIMES_OUT_OF_ORDER)
    zone = ZoneInfo(time_zone)
    started_on = dose.infusion_started_at.astimezone(zone).date()
    if started_on != given_on:
        raise Refused(refusals.treatment.INFUSED_ON_ANOTHER_DAY, given_on=given_on, infused_on=started_on)
    if dose.residual_at.astimezone(zone).date() > today:
        raise Refused(refusals.common.IN_THE_FUTURE, field="residual_at", today=today)


def agreed(stated: Decimal, calculated: Decimal, percent: int) -> bool:
    """Whether a stated activity lies within so many percent of the calculated one. Exact: nothing is rounded."""
    return abs(stated - calculated) * 100 <= calculated * percent
