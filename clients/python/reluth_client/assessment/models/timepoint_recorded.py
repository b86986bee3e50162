from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar
from uuid import UUID

from attrs import define as _attrs_define
from attrs import field as _attrs_field

T = TypeVar("T", bound="TimepointRecorded")


@_attrs_define
class TimepointRecorded:
    """The events of all parts, in their order, with the queries that the reading raised or ended."""

    subject: str
    events: list[UUID]
    """ read the subject's resources for what they say """
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        subject = self.subject

        events = []
        for events_item_data in self.events:
            events_item = str(events_item_data)
            events.append(events_item)

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "subject": subject,
                "events": events,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        subject = d.pop("subject")

        events = []
        _events = d.pop("events")
        for events_item_data in _events:
            events_item = UUID(events_item_data)

            events.append(events_item)

        timepoint_recorded = cls(
            subject=subject,
            events=events,
        )

        timepoint_recorded.additional_properties = d
        return timepoint_recorded

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
