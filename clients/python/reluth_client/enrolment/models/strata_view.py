from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar

from attrs import define as _attrs_define
from attrs import field as _attrs_field

if TYPE_CHECKING:
    from ..models.factor_level import FactorLevel


T = TypeVar("T", bound="StrataView")


@_attrs_define
class StrataView:
    """The strata of a day, derived by rule from what is recorded now, each level with what it was derived from."""

    subject: str
    on: datetime.date
    strata: list[FactorLevel]
    criteria_version: str
    protocol_sha256: str
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        subject = self.subject

        on = self.on.isoformat()

        strata = []
        for strata_item_data in self.strata:
            strata_item = strata_item_data.to_dict()
            strata.append(strata_item)

        criteria_version = self.criteria_version

        protocol_sha256 = self.protocol_sha256

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "subject": subject,
                "on": on,
                "strata": strata,
                "criteria_version": criteria_version,
                "protocol_sha256": protocol_sha256,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.factor_level import FactorLevel  # noqa: PLC0415

        d = dict(src_dict)
        subject = d.pop("subject")

        on = datetime.date.fromisoformat(d.pop("on"))

        strata = []
        _strata = d.pop("strata")
        for strata_item_data in _strata:
            strata_item = FactorLevel.from_dict(strata_item_data)

            strata.append(strata_item)

        criteria_version = d.pop("criteria_version")

        protocol_sha256 = d.pop("protocol_sha256")

        strata_view = cls(
            subject=subject,
            on=on,
            strata=strata,
            criteria_version=criteria_version,
            protocol_sha256=protocol_sha256,
        )

        strata_view.additional_properties = d
        return strata_view

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
