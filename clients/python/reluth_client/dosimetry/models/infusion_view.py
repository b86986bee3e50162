from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import Any, TypeVar
from uuid import UUID

from attrs import define as _attrs_define
from attrs import field as _attrs_field

T = TypeVar("T", bound="InfusionView")


@_attrs_define
class InfusionView:
    """What was infused in a cycle."""

    cycle: int
    administered_mbq: str
    infusion_started_at: datetime.datetime
    event_id: UUID
    position: int
    """ place in dosimetry's log """
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        cycle = self.cycle

        administered_mbq = self.administered_mbq

        infusion_started_at = self.infusion_started_at.isoformat()

        event_id = str(self.event_id)

        position = self.position

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "cycle": cycle,
                "administered_mbq": administered_mbq,
                "infusion_started_at": infusion_started_at,
                "event_id": event_id,
                "position": position,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        cycle = d.pop("cycle")

        administered_mbq = d.pop("administered_mbq")

        infusion_started_at = datetime.datetime.fromisoformat(d.pop("infusion_started_at"))

        event_id = UUID(d.pop("event_id"))

        position = d.pop("position")

        infusion_view = cls(
            cycle=cycle,
            administered_mbq=administered_mbq,
            infusion_started_at=infusion_started_at,
            event_id=event_id,
            position=position,
        )

        infusion_view.additional_properties = d
        return infusion_view

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
