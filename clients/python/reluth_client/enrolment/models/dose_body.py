from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import Any, TypeVar, cast

from attrs import define as _attrs_define

T = TypeVar("T", bound="DoseBody")


@_attrs_define
class DoseBody:
    """What was measured, in MBq, each activity at its own time. Times have their offset from UTC."""

    batch: str
    measured_mbq: float | str
    measured_at: datetime.datetime
    residual_mbq: float | str
    residual_at: datetime.datetime
    infusion_started_at: datetime.datetime
    infusion_ended_at: datetime.datetime
    amino_acids: bool
    """ whether amino acids were infused for the kidneys """

    def to_dict(self) -> dict[str, Any]:
        batch = self.batch

        measured_mbq: float | str
        measured_mbq = self.measured_mbq

        measured_at = self.measured_at.isoformat()

        residual_mbq: float | str
        residual_mbq = self.residual_mbq

        residual_at = self.residual_at.isoformat()

        infusion_started_at = self.infusion_started_at.isoformat()

        infusion_ended_at = self.infusion_ended_at.isoformat()

        amino_acids = self.amino_acids

        field_dict: dict[str, Any] = {}

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
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        batch = d.pop("batch")

        def _parse_measured_mbq(data: object) -> float | str:
            return cast(float | str, data)

        measured_mbq = _parse_measured_mbq(d.pop("measured_mbq"))

        measured_at = datetime.datetime.fromisoformat(d.pop("measured_at"))

        def _parse_residual_mbq(data: object) -> float | str:
            return cast(float | str, data)

        residual_mbq = _parse_residual_mbq(d.pop("residual_mbq"))

        residual_at = datetime.datetime.fromisoformat(d.pop("residual_at"))

        infusion_started_at = datetime.datetime.fromisoformat(d.pop("infusion_started_at"))

        infusion_ended_at = datetime.datetime.fromisoformat(d.pop("infusion_ended_at"))

        amino_acids = d.pop("amino_acids")

        dose_body = cls(
            batch=batch,
            measured_mbq=measured_mbq,
            measured_at=measured_at,
            residual_mbq=residual_mbq,
            residual_at=residual_at,
            infusion_started_at=infusion_started_at,
            infusion_ended_at=infusion_ended_at,
            amino_acids=amino_acids,
        )

        return dose_body
