from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import Any, TypeVar

from attrs import define as _attrs_define
from attrs import field as _attrs_field

T = TypeVar("T", bound="StampView")


@_attrs_define
class StampView:
    """When an authority saw the commitment."""

    authority: str
    outside: bool
    """ whether it is somebody else's; our own shows nothing to who does not trust us """
    stamped_at: datetime.datetime
    token: str
    """ RFC 3161 TimeStampToken, DER in base64 """
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        authority = self.authority

        outside = self.outside

        stamped_at = self.stamped_at.isoformat()

        token = self.token

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "authority": authority,
                "outside": outside,
                "stamped_at": stamped_at,
                "token": token,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        authority = d.pop("authority")

        outside = d.pop("outside")

        stamped_at = datetime.datetime.fromisoformat(d.pop("stamped_at"))

        token = d.pop("token")

        stamp_view = cls(
            authority=authority,
            outside=outside,
            stamped_at=stamped_at,
            token=token,
        )

        stamp_view.additional_properties = d
        return stamp_view

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
