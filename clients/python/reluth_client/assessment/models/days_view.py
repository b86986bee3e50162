from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field

T = TypeVar("T", bound="DaysView")


@_attrs_define
class DaysView:
    """Whole days."""

    scans: int
    median: float | None
    lower_quartile: float | None
    upper_quartile: float | None
    longest: int | None
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        scans = self.scans

        median: float | None
        median = self.median

        lower_quartile: float | None
        lower_quartile = self.lower_quartile

        upper_quartile: float | None
        upper_quartile = self.upper_quartile

        longest: int | None
        longest = self.longest

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "scans": scans,
                "median": median,
                "lower_quartile": lower_quartile,
                "upper_quartile": upper_quartile,
                "longest": longest,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        scans = d.pop("scans")

        def _parse_median(data: object) -> float | None:
            if data is None:
                return data
            return cast(float | None, data)

        median = _parse_median(d.pop("median"))

        def _parse_lower_quartile(data: object) -> float | None:
            if data is None:
                return data
            return cast(float | None, data)

        lower_quartile = _parse_lower_quartile(d.pop("lower_quartile"))

        def _parse_upper_quartile(data: object) -> float | None:
            if data is None:
                return data
            return cast(float | None, data)

        upper_quartile = _parse_upper_quartile(d.pop("upper_quartile"))

        def _parse_longest(data: object) -> int | None:
            if data is None:
                return data
            return cast(int | None, data)

        longest = _parse_longest(d.pop("longest"))

        days_view = cls(
            scans=scans,
            median=median,
            lower_quartile=lower_quartile,
            upper_quartile=upper_quartile,
            longest=longest,
        )

        days_view.additional_properties = d
        return days_view

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
