from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import Any, TypeVar, cast

from attrs import define as _attrs_define

from ..models.analyte import Analyte
from ..types import UNSET, Unset

T = TypeVar("T", bound="LaboratoryResultBody")


@_attrs_define
class LaboratoryResultBody:
    """A result as the laboratory reported it; the limits are those that it printed beside it, in the same unit."""

    analyte: Analyte
    """ Laboratory analytes that are graded so far. """
    value: float | str
    """ a number or, to keep every digit in any client, its text """
    unit: str
    """ UCUM """
    sampled_on: datetime.date
    lower_limit: float | None | str | Unset = UNSET
    upper_limit: float | None | str | Unset = UNSET

    def to_dict(self) -> dict[str, Any]:
        analyte = self.analyte.value

        value: float | str
        value = self.value

        unit = self.unit

        sampled_on = self.sampled_on.isoformat()

        lower_limit: float | None | str | Unset
        if isinstance(self.lower_limit, Unset):
            lower_limit = UNSET
        else:
            lower_limit = self.lower_limit

        upper_limit: float | None | str | Unset
        if isinstance(self.upper_limit, Unset):
            upper_limit = UNSET
        else:
            upper_limit = self.upper_limit

        field_dict: dict[str, Any] = {}

        field_dict.update(
            {
                "analyte": analyte,
                "value": value,
                "unit": unit,
                "sampled_on": sampled_on,
            }
        )
        if lower_limit is not UNSET:
            field_dict["lower_limit"] = lower_limit
        if upper_limit is not UNSET:
            field_dict["upper_limit"] = upper_limit

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        analyte = Analyte(d.pop("analyte"))

        def _parse_value(data: object) -> float | str:
            return cast(float | str, data)

        value = _parse_value(d.pop("value"))

        unit = d.pop("unit")

        sampled_on = datetime.date.fromisoformat(d.pop("sampled_on"))

        def _parse_lower_limit(data: object) -> float | None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(float | None | str | Unset, data)

        lower_limit = _parse_lower_limit(d.pop("lower_limit", UNSET))

        def _parse_upper_limit(data: object) -> float | None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(float | None | str | Unset, data)

        upper_limit = _parse_upper_limit(d.pop("upper_limit", UNSET))

        laboratory_result_body = cls(
            analyte=analyte,
            value=value,
            unit=unit,
            sampled_on=sampled_on,
            lower_limit=lower_limit,
            upper_limit=upper_limit,
        )

        return laboratory_result_body
