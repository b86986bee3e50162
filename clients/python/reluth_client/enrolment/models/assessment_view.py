from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import Any, TypeVar
from uuid import UUID

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..models.verdict import Verdict

T = TypeVar("T", bound="AssessmentView")


@_attrs_define
class AssessmentView:
    """The evaluation of gate 1 by which the subject was included."""

    gate: str
    assessed_on: datetime.date
    verdict: Verdict
    """ The outcome of a gate. Only `ELIGIBLE` passes; `PENDING` means that something is not known. """
    criteria_version: str
    event_id: UUID
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        gate = self.gate

        assessed_on = self.assessed_on.isoformat()

        verdict = self.verdict.value

        criteria_version = self.criteria_version

        event_id = str(self.event_id)

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "gate": gate,
                "assessed_on": assessed_on,
                "verdict": verdict,
                "criteria_version": criteria_version,
                "event_id": event_id,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        gate = d.pop("gate")

        assessed_on = datetime.date.fromisoformat(d.pop("assessed_on"))

        verdict = Verdict(d.pop("verdict"))

        criteria_version = d.pop("criteria_version")

        event_id = UUID(d.pop("event_id"))

        assessment_view = cls(
            gate=gate,
            assessed_on=assessed_on,
            verdict=verdict,
            criteria_version=criteria_version,
            event_id=event_id,
        )

        assessment_view.additional_properties = d
        return assessment_view

    @property
    def additional_keys(self) -> list[str]:
        return list(self.additional_properties.keys())

    def __getitem__(self, key: str) -> Any:
        return self.additional_properties[key]

    def __setitem__(self, key: str, value: Any) -> None:
        self.additional_properties[key] = value

    def __delitem__(self, key: str) -> None:
        del self.additional_properties[key]

    def __contains__(self, key: str) -> bool:
        return key in self.additional_properties
