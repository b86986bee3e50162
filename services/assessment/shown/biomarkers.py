"""Biomarkers as they were given, and in the unit in which they can be compared."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Self
from uuid import UUID

from pydantic import BaseModel, Field

from contracts.events.biomarkers import BiomarkerMeasured
from contracts.protocol.biomarkers import BiomarkerRule
from services.assessment.domain.biomarkers.decide import rule_of
from services.assessment.domain.biomarkers.state import Biomarkers, canonical


class BiomarkerView(BaseModel):
    """A measurement."""

    marker: str = Field(examples=["CGA"])
    value: Decimal
    unit: str
    upper_limit: Decimal | None
    above_limit: bool | None = Field(description="null: the laboratory's limit is not known")
    canonical_value: Decimal | None = Field(description="null: the unit depends on the method")
    canonical_unit: str
    method: str | None
    sampled_on: date
    event_id: UUID

    @classmethod
    def of(cls, fact: BiomarkerMeasured, event_id: UUID, rule: BiomarkerRule) -> Self:
        """The view of a fact under its event id."""
        return cls(
            marker=fact.marker,
            value=fact.value,
            unit=fact.unit,
            upper_limit=fact.upper_limit,
            above_limit=fact.value > fact.upper_limit if fact.upper_limit is not None else None,
            canonical_value=canonical(fact.value, fact.unit, rule),
            canonical_unit=rule.canonical,
            method=fact.method,
            sampled_on=fact.sampled_on,
            event_id=event_id,
        )


def listed(state: Biomarkers, rules: Sequence[BiomarkerRule]) -> list[BiomarkerView]:
    """All measurements that stand, by day and marker."""
    ordered = sorted(state.measured, key=lambda one: (one.fact.sampled_on, one.fact.marker))
    return [BiomarkerView.of(one.fact, one.event.event_id, rule_of(rules, one.fact.marker)) for one in ordered]
