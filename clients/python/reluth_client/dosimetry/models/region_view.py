from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar
from uuid import UUID

from attrs import define as _attrs_define
from attrs import field as _attrs_field

T = TypeVar("T", bound="RegionView")


@_attrs_define
class RegionView:
    """A region of a scan."""

    organ: str
    mass_g: str
    activity_mbq: str
    sd_mbq: str
    event_id: UUID
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        organ = self.organ

        mass_g = self.mass_g

        activity_mbq = self.activity_mbq

        sd_mbq = self.sd_mbq

        event_id = str(self.event_id)

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "organ": organ,
                "mass_g": mass_g,
                "activity_mbq": activity_mbq,
                "sd_mbq": sd_mbq,
                "event_id": event_id,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        organ = d.pop("organ")

        mass_g = d.pop("mass_g")

        activity_mbq = d.pop("activity_mbq")

        sd_mbq = d.pop("sd_mbq")

        event_id = UUID(d.pop("event_id"))

        region_view = cls(
            organ=organ,
            mass_g=mass_g,
            activity_mbq=activity_mbq,
            sd_mbq=sd_mbq,
            event_id=event_id,
        )

        region_view.additional_properties = d
        return region_view

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
