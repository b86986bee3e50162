from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import Any, TypeVar, cast

from attrs import define as _attrs_define

from ..types import UNSET, Unset

T = TypeVar("T", bound="FindingBody")


@_attrs_define
class FindingBody:
    """One dated value of a field of the protocol's dictionary. The unit is a UCUM code, needed for measurements."""

    field: str
    value: bool | float | int | list[str] | str
    observed_on: datetime.date
    unit: None | str | Unset = UNSET

    def to_dict(self) -> dict[str, Any]:
        field = self.field

        value: bool | float | int | list[str] | str
        if isinstance(self.value, list):
            value = self.value

        else:
            value = self.value

        observed_on = self.observed_on.isoformat()

        unit: None | str | Unset
        if isinstance(self.unit, Unset):
            unit = UNSET
        else:
            unit = self.unit

        field_dict: dict[str, Any] = {}

        field_dict.update(
            {
                "field": field,
                "value": value,
                "observed_on": observed_on,
            }
        )
        if unit is not UNSET:
            field_dict["unit"] = unit

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        field = d.pop("field")

        def _parse_value(data: object) -> bool | float | int | list[str] | str:
            try:
                if not isinstance(data, list):
                    raise TypeError()
                value_type_4 = cast(list[str], data)

                return value_type_4
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(bool | float | int | list[str] | str, data)

        value = _parse_value(d.pop("value"))

        observed_on = datetime.date.fromisoformat(d.pop("observed_on"))

        def _parse_unit(data: object) -> None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(None | str | Unset, data)

        unit = _parse_unit(d.pop("unit", UNSET))

        finding_body = cls(
            field=field,
            value=value,
            observed_on=observed_on,
            unit=unit,
        )

        return finding_body
