from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import Any, TypeVar, cast
from uuid import UUID

from attrs import define as _attrs_define
from attrs import field as _attrs_field

T = TypeVar("T", bound="BiomarkerView")


@_attrs_define
class BiomarkerView:
    """A measurement."""

    marker: str
    value: str
    unit: str
    upper_limit: None | str
    above_limit: bool | None
    """ null: the laboratory's limit is not known """
    canonical_value: None | str
    """ null: the unit depends on the method """
    canonical_unit: str
    method: None | str
    sampled_on: datetime.date
    event_id: UUID
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        marker = self.marker

        value = self.value

        unit = self.unit

        upper_limit: None | str
        upper_limit = self.upper_limit

        above_limit: bool | None
        above_limit = self.above_limit

        canonical_value: None | str
        canonical_value = self.canonical_value

        canonical_unit = self.canonical_unit

        method: None | str
        method = self.method

        sampled_on = self.sampled_on.isoformat()

        event_id = str(self.event_id)

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "marker": marker,
                "value": value,
                "unit": unit,
                "upper_limit": upper_limit,
                "above_limit": above_limit,
                "canonical_value": canonical_value,
                "canonical_unit": canonical_unit,
                "method": method,
                "sampled_on": sampled_on,
                "event_id": event_id,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        marker = d.pop("marker")

        value = d.pop("value")

        unit = d.pop("unit")

        def _parse_upper_limit(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        upper_limit = _parse_upper_limit(d.pop("upper_limit"))

        def _parse_above_limit(data: object) -> bool | None:
            if data is None:
                return data
            return cast(bool | None, data)

        above_limit = _parse_above_limit(d.pop("above_limit"))

        def _parse_canonical_value(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        canonical_value = _parse_canonical_value(d.pop("canonical_value"))

        canonical_unit = d.pop("canonical_unit")

        def _parse_method(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        method = _parse_method(d.pop("method"))

        sampled_on = datetime.date.fromisoformat(d.pop("sampled_on"))

        event_id = UUID(d.pop("event_id"))

        biomarker_view = cls(
            marker=marker,
            value=value,
            unit=unit,
            upper_limit=upper_limit,
            above_limit=above_limit,
            canonical_value=canonical_value,
            canonical_unit=canonical_unit,
            method=method,
            sampled_on=sampled_on,
            event_id=event_id,
        )

        biomarker_view.additional_properties = d
        return biomarker_view

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
