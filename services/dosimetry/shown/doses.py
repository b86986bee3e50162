"""Doses as they were recorded, and their sums beside the reference lines."""

from datetime import datetime
from decimal import Decimal
from typing import Self
from uuid import UUID

from pydantic import BaseModel, Field

from contracts.events.dosimetry import AbsorbedDoseComputed
from contracts.events.envelope import Envelope
from contracts.protocol.dosimetry import Dosimetry
from contracts.vocabulary.dosimetry import CurveModel
from contracts.vocabulary.identifiers import StudyId, SubjectId
from services.dosimetry.domain.cumulative import Cumulative, counts, cumulative, outdated
from services.dosimetry.domain.state import Centre, SubjectDosimetry
from services.dosimetry.shown.recorded import RecordedView


class ComputedView(RecordedView):
    """The doses as recorded, and the organs that have none."""

    not_computed: dict[str, str] = Field(description="by organ, why there is no dose", examples=[{}])


class DoseView(BaseModel):
    """The absorbed dose of an organ from one cycle."""

    organ: str = Field(examples=["KIDNEY_L"])
    cycle: int
    model: CurveModel
    effective_half_life_h: Decimal | None
    time_integrated_activity_mbq_h: Decimal
    mass_g: Decimal
    absorbed_dose_gy: Decimal = Field(examples=["3.39"])
    gy_per_gbq: Decimal
    uncertainty_percent: Decimal | None = Field(description="one standard deviation; null: not known, see `unknown`")
    unknown: str | None
    because: str = Field(description="why by this model", examples=["ONLY_FIT"])
    fit_probability: Decimal | None = Field(description="of residuals at least as large if the fitted model holds")
    method: str
    software: str
    protocol_sha256: str
    inputs: tuple[UUID, ...] = Field(description="the events that it is derived again from")
    counts: bool = Field(description="false once a scan that it comes from is no longer computed with")
    outdated: bool = Field(description="something was measured since that it does not come from")
    event_id: UUID
    position: int = Field(description="place in dosimetry's log", examples=[21])
    recorded_at: datetime

    @classmethod
    def of(cls, one: Envelope[AbsorbedDoseComputed], state: SubjectDosimetry, centre: Centre) -> Self:
        """The view of a recorded dose."""
        shown = {name: value for name, value in dict(one.fact).items() if name not in ("study", "subject")}
        return cls(
            **shown,
            counts=counts(one, state, centre),
            outdated=outdated(one, state, centre),
            event_id=one.event_id,
            position=one.position,
            recorded_at=one.recorded_at,
        )


class DosesView(BaseModel):
    """The last dose of each organ and cycle."""

    study: StudyId
    subject: SubjectId
    doses: list[DoseView]


class MissingView(BaseModel):
    """A cycle that was infused and has no dose that counts."""

    cycle: int
    because: str = Field(examples=["NOT_COMPUTED"])


class LineView(BaseModel):
    """A reference line: shown beside the sum, and no rule of the trial."""

    gy: Decimal = Field(examples=["23"])
    source: str
    reached: bool | None = Field(description="null while a missing dose could still decide it")


class OrganView(BaseModel):
    """What an organ has had from the cycles of this study. Earlier courses are not known here."""

    organ: str = Field(examples=["KIDNEY_L"])
    cycles: tuple[int, ...] = Field(description="those in the sum")
    missing: list[MissingView]
    known_gy: Decimal = Field(description="the sum of the doses that are known: at least so much", examples=["6.71"])
    total_gy: Decimal | None = Field(description="over all infused cycles; null while one of them is missing")
    sd_gy: Decimal | None = Field(description="one standard deviation of `known_gy`; null: not known")
    lines: list[LineView]

    @classmethod
    def of(cls, found: Cumulative) -> Self:
        """The view of the doses of an organ."""
        return cls(
            organ=found.organ,
            cycles=tuple(one.fact.cycle for one in found.doses),
            missing=[MissingView(cycle=cycle, because=why) for cycle, why in found.missing],
            known_gy=found.known_gy,
            total_gy=found.total_gy,
            sd_gy=found.sd_gy,
            lines=[LineView(gy=line.gy, source=line.source, reached=line.reached) for line in found.lines],
        )


class CumulativeView(BaseModel):
    """The sums of a subject by organ."""

    study: StudyId
    subject: SubjectId
    organs: list[OrganView]


def doses_of(study: str, subject: str, state: SubjectDosimetry, centre: Centre) -> DosesView:
    """By organ and cycle."""
    return DosesView(study=study, subject=subject, doses=[DoseView.of(one, state, centre) for one in state.doses()])


def cumulative_of(
    study: str, subject: str, state: SubjectDosimetry, centre: Centre, given: Dosimetry
) -> CumulativeView:
    """By organ."""
    organs = [OrganView.of(found) for found in cumulative(state, centre, given)]
    return CumulativeView(study=study, subject=subject, organs=organs)
