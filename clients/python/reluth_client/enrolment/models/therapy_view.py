from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import Any, TypeVar

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..models.therapy_class import TherapyClass

T = TypeVar("T", bound="TherapyView")


@_attrs_define
class TherapyView:
    """An anticancer therapy outside the protocol."""

    started_on: datetime.date
    therapy: TherapyClass
    """ Class of a new anticancer therapy; Lutathera outside the protocol is one (digest Q14). """
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        started_on = self.started_on.isoformat()

        therapy = self.therapy.value

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "started_on": started_on,
                "therapy": therapy,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        started_on = datetime.date.fromisoformat(d.pop("started_on"))

        therapy = TherapyClass(d.pop("therapy"))

        therapy_view = cls(
            started_on=started_on,
            therapy=therapy,
        )

        therapy_view.additional_properties = d
        return therapy_view

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
