from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import Any, TypeVar

from attrs import define as _attrs_define
from attrs import field as _attrs_field

T = TypeVar("T", bound="DoseView")


@_attrs_define
class DoseView:
    """The measurements of a cycle; activities in MBq, times in UTC."""

    batch: str
    measured_mbq: str
    measured_at: datetime.datetime
    residual_mbq: str
    residual_at: datetime.datetime
    infusion_started_at: datetime.datetime
    infusion_ended_at: datetime.datetime
    amino_acids: bool
    half_life_days: str
    """ with which the activities were decayed to the start of the infusion """
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        batch = self.batch

        measured_mbq = self.measured_mbq

        measured_at = self.measured_at.isoformat()

        residual_mbq = self.residual_mbq

        residual_at = self.residual_at.isoformat()

        infusion_started_at = self.infusion_started_at.isoformat()

        infusion_ended_at = self.infusion_ended_at.isoformat()

        amino_acids = self.amino_acids

        half_life_days = self.half_life_days

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "batch": batch,
                "measured_mbq": measured_mbq,
                "measured_at": measured_at,
                "residual_mbq": residual_mbq,
                "residual_at": residual_at,
                "infusion_started_at": infusion_started_at,
                "infusion_ended_at": infusion_ended_at,
                "amino_acids": amino_acids,
                "half_life_days": half_life_days,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        batch = d.pop("batch")

        measured_mbq = d.pop("measured_mbq")

        measured_at = datetime.datetime.fromisoformat(d.pop("measured_at"))

        residual_mbq = d.pop("residual_mbq")

        residual_at = datetime.datetime.fromisoformat(d.pop("residual_at"))

        infusion_started_at = datetime.datetime.fromisoformat(d.pop("infusion_started_at"))

        infusion_ended_at = datetime.datetime.fromisoformat(d.pop("infusion_ended_at"))

        amino_acids = d.pop("amino_acids")

        half_life_days = d.pop("half_life_days")

        dose_view = cls(
            batch=batch,
            measured_mbq=measured_mbq,
            measured_at=measured_at,
            residual_mbq=residual_mbq,
            residual_at=residual_at,
            infusion_started_at=infusion_started_at,
            infusion_ended_at=infusion_ended_at,
            amino_acids=amino_acids,
            half_life_days=half_life_days,
        )

        dose_view.additional_properties = d
        return dose_view

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
