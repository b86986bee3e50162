from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import (
    Any,
    Literal,
    TypeVar,
    cast,
)

from attrs import define as _attrs_define

from ..models.cycle_reason import CycleReason

T = TypeVar("T", bound="DelayEntry")


@_attrs_define
class DelayEntry:
    cycle: int
    delayed_on: datetime.date
    """ the day of the decision """
    planned_on: datetime.date
    reason: CycleReason
    """ Why a cycle was delayed, reduced or left out. """
    kind: Literal["cycle_delay"]

    def to_dict(self) -> dict[str, Any]:
        cycle = self.cycle

        delayed_on = self.delayed_on.isoformat()

        planned_on = self.planned_on.isoformat()

        reason = self.reason.value

        kind = self.kind

        field_dict: dict[str, Any] = {}

        field_dict.update(
            {
                "cycle": cycle,
                "delayed_on": delayed_on,
                "planned_on": planned_on,
                "reason": reason,
                "kind": kind,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        cycle = d.pop("cycle")

        delayed_on = datetime.date.fromisoformat(d.pop("delayed_on"))

        planned_on = datetime.date.fromisoformat(d.pop("planned_on"))

        reason = CycleReason(d.pop("reason"))

        kind = cast(Literal["cycle_delay"], d.pop("kind"))
        if kind != "cycle_delay":
            raise ValueError(f"kind must match const 'cycle_delay', got '{kind}'")

        delay_entry = cls(
            cycle=cycle,
            delayed_on=delayed_on,
            planned_on=planned_on,
            reason=reason,
            kind=kind,
        )

        return delay_entry
