from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import Any, TypeVar, cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field

T = TypeVar("T", bound="DeteriorationView")


@_attrs_define
class DeteriorationView:
    """The first time that a scale was worse than at a baseline."""

    scale: str
    baseline: str
    occasion: str
    on: datetime.date
    confirmed: bool | None
    """ by the next score; null: there is none yet """
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        scale = self.scale

        baseline = self.baseline

        occasion = self.occasion

        on = self.on.isoformat()

        confirmed: bool | None
        confirmed = self.confirmed

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "scale": scale,
                "baseline": baseline,
                "occasion": occasion,
                "on": on,
                "confirmed": confirmed,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        scale = d.pop("scale")

        baseline = d.pop("baseline")

        occasion = d.pop("occasion")

        on = datetime.date.fromisoformat(d.pop("on"))

        def _parse_confirmed(data: object) -> bool | None:
            if data is None:
                return data
            return cast(bool | None, data)

        confirmed = _parse_confirmed(d.pop("confirmed"))

        deterioration_view = cls(
            scale=scale,
            baseline=baseline,
            occasion=occasion,
            on=on,
            confirmed=confirmed,
        )

        deterioration_view.additional_properties = d
        return deterioration_view

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
