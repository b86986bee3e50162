from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import Any, TypeVar
from uuid import UUID

from attrs import define as _attrs_define
from attrs import field as _attrs_field

T = TypeVar("T", bound="CycleView")


@_attrs_define
class CycleView:
    """A cycle as given."""

    cycle: int
    given_on: datetime.date
    prescribed_mbq: str
    administered_mbq: str
    event_id: UUID
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        cycle = self.cycle

        given_on = self.given_on.isoformat()

        prescribed_mbq = self.prescribed_mbq

        administered_mbq = self.administered_mbq

        event_id = str(self.event_id)

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "cycle": cycle,
                "given_on": given_on,
                "prescribed_mbq": prescribed_mbq,
                "administered_mbq": administered_mbq,
                "event_id": event_id,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        cycle = d.pop("cycle")

        given_on = datetime.date.fromisoformat(d.pop("given_on"))

        prescribed_mbq = d.pop("prescribed_mbq")

        administered_mbq = d.pop("administered_mbq")

        event_id = UUID(d.pop("event_id"))

        cycle_view = cls(
            cycle=cycle,
            given_on=given_on,
            prescribed_mbq=prescribed_mbq,
            administered_mbq=administered_mbq,
            event_id=event_id,
        )

        cycle_view.additional_properties = d
        return cycle_view

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
