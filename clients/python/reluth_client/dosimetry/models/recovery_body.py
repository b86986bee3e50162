from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, cast

from attrs import define as _attrs_define

T = TypeVar("T", bound="RecoveryBody")


@_attrs_define
class RecoveryBody:
    """A sphere of the phantom, and the part of its activity that was seen."""

    volume_ml: float | str
    coefficient: float | str

    def to_dict(self) -> dict[str, Any]:
        volume_ml: float | str
        volume_ml = self.volume_ml

        coefficient: float | str
        coefficient = self.coefficient

        field_dict: dict[str, Any] = {}

        field_dict.update(
            {
                "volume_ml": volume_ml,
                "coefficient": coefficient,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)

        def _parse_volume_ml(data: object) -> float | str:
            return cast(float | str, data)

        volume_ml = _parse_volume_ml(d.pop("volume_ml"))

        def _parse_coefficient(data: object) -> float | str:
            return cast(float | str, data)

        coefficient = _parse_coefficient(d.pop("coefficient"))

        recovery_body = cls(
            volume_ml=volume_ml,
            coefficient=coefficient,
        )

        return recovery_body
