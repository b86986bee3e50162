from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar
from uuid import UUID

from attrs import define as _attrs_define
from attrs import field as _attrs_field

T = TypeVar("T", bound="PointView")


@_attrs_define
class PointView:
    """Activity at a time after the start of the infusion."""

    hours_post_injection: str
    activity_mbq: str
    sd_mbq: str
    scan: UUID
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        hours_post_injection = self.hours_post_injection

        activity_mbq = self.activity_mbq

        sd_mbq = self.sd_mbq

        scan = str(self.scan)

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "hours_post_injection": hours_post_injection,
                "activity_mbq": activity_mbq,
                "sd_mbq": sd_mbq,
                "scan": scan,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        hours_post_injection = d.pop("hours_post_injection")

        activity_mbq = d.pop("activity_mbq")

        sd_mbq = d.pop("sd_mbq")

        scan = UUID(d.pop("scan"))

        point_view = cls(
            hours_post_injection=hours_post_injection,
            activity_mbq=activity_mbq,
            sd_mbq=sd_mbq,
            scan=scan,
        )

        point_view.additional_properties = d
        return point_view

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
