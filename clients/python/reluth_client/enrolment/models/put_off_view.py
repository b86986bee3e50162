from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import Any, TypeVar, cast
from uuid import UUID

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..models.cycle_reason import CycleReason

T = TypeVar("T", bound="PutOffView")


@_attrs_define
class PutOffView:
    """A cycle that was put off, or left out (`planned_on` null)."""

    cycle: int
    decided_on: datetime.date
    planned_on: datetime.date | None
    reason: CycleReason
    """ Why a cycle was delayed, reduced or left out. """
    event_id: UUID
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        cycle = self.cycle

        decided_on = self.decided_on.isoformat()

        planned_on: None | str
        if isinstance(self.planned_on, datetime.date):
            planned_on = self.planned_on.isoformat()
        else:
            planned_on = self.planned_on

        reason = self.reason.value

        event_id = str(self.event_id)

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "cycle": cycle,
                "decided_on": decided_on,
                "planned_on": planned_on,
                "reason": reason,
                "event_id": event_id,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        cycle = d.pop("cycle")

        decided_on = datetime.date.fromisoformat(d.pop("decided_on"))

        def _parse_planned_on(data: object) -> datetime.date | None:
            if data is None:
                return data
            try:
                if not isinstance(data, str):
                    raise TypeError()
                planned_on_type_0 = datetime.date.fromisoformat(data)

                return planned_on_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(datetime.date | None, data)

        planned_on = _parse_planned_on(d.pop("planned_on"))

        reason = CycleReason(d.pop("reason"))

        event_id = UUID(d.pop("event_id"))

        put_off_view = cls(
            cycle=cycle,
            decided_on=decided_on,
            planned_on=planned_on,
            reason=reason,
            event_id=event_id,
        )

        put_off_view.additional_properties = d
        return put_off_view

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
