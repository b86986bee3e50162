from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import Any, TypeVar, cast

from attrs import define as _attrs_define

from ..types import UNSET, Unset

T = TypeVar("T", bound="BiomarkerBody")


@_attrs_define
class BiomarkerBody:
    """A measurement as the laboratory gave it."""

    marker: str
    value: float | str
    unit: str
    """ UCUM """
    sampled_on: datetime.date
    upper_limit: float | None | str | Unset = UNSET
    """ of normal, in the same unit """
    method: None | str | Unset = UNSET
    """ a code of the assay """

    def to_dict(self) -> dict[str, Any]:
        marker = self.marker

        value: float | str
        value = self.value

        unit = self.unit

        sampled_on = self.sampled_on.isoformat()

        upper_limit: float | None | str | Unset
        if isinstance(self.upper_limit, Unset):
            upper_limit = UNSET
        else:
            upper_limit = self.upper_limit

        method: None | str | Unset
        if isinstance(self.method, Unset):
            method = UNSET
        else:
            method = self.method

        field_dict: dict[str, Any] = {}

        field_dict.update(
            {
                "marker": marker,
                "value": value,
                "unit": unit,
                "sampled_on": sampled_on,
            }
        )
        if upper_limit is not UNSET:
            field_dict["upper_limit"] = upper_limit
        if method is not UNSET:
            field_dict["method"] = method

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        marker = d.pop("marker")

        def _parse_value(data: object) -> float | str:
            return cast(float | str, data)

        value = _parse_value(d.pop("value"))

        unit = d.pop("unit")

        sampled_on = datetime.date.fromisoformat(d.pop("sampled_on"))

        def _parse_upper_limit(data: object) -> float | None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(float | None | str | Unset, data)

        upper_limit = _parse_upper_limit(d.pop("upper_limit", UNSET))

        def _parse_method(data: object) -> None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(None | str | Unset, data)

        method = _parse_method(d.pop("method", UNSET))

        biomarker_body = cls(
            marker=marker,
            value=value,
            unit=unit,
            sampled_on=sampled_on,
            upper_limit=upper_limit,
            method=method,
        )

        return biomarker_body
