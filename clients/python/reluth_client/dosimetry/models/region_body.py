from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, cast

from attrs import define as _attrs_define

T = TypeVar("T", bound="RegionBody")


@_attrs_define
class RegionBody:
    """A region as measured: its mass, its activity at the time of the scan and the standard deviation of that."""

    organ: str
    """ of the study's protocol file """
    mass_g: float | str
    activity_mbq: float | str
    sd_mbq: float | str

    def to_dict(self) -> dict[str, Any]:
        organ = self.organ

        mass_g: float | str
        mass_g = self.mass_g

        activity_mbq: float | str
        activity_mbq = self.activity_mbq

        sd_mbq: float | str
        sd_mbq = self.sd_mbq

        field_dict: dict[str, Any] = {}

        field_dict.update(
            {
                "organ": organ,
                "mass_g": mass_g,
                "activity_mbq": activity_mbq,
                "sd_mbq": sd_mbq,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        organ = d.pop("organ")

        def _parse_mass_g(data: object) -> float | str:
            return cast(float | str, data)

        mass_g = _parse_mass_g(d.pop("mass_g"))

        def _parse_activity_mbq(data: object) -> float | str:
            return cast(float | str, data)

        activity_mbq = _parse_activity_mbq(d.pop("activity_mbq"))

        def _parse_sd_mbq(data: object) -> float | str:
            return cast(float | str, data)

        sd_mbq = _parse_sd_mbq(d.pop("sd_mbq"))

        region_body = cls(
            organ=organ,
            mass_g=mass_g,
            activity_mbq=activity_mbq,
            sd_mbq=sd_mbq,
        )

        return region_body
