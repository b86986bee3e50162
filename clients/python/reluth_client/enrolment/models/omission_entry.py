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

T = TypeVar("T", bound="OmissionEntry")


@_attrs_define
class OmissionEntry:
    cycle: int
    omitted_on: datetime.date
    """ the day of the decision """
    reason: CycleReason
    """ Why a cycle was delayed, reduced or left out. """
    kind: Literal["cycle_omission"]

    def to_dict(self) -> dict[str, Any]:
        cycle = self.cycle

        omitted_on = self.omitted_on.isoformat()

        reason = self.reason.value

        kind = self.kind

        field_dict: dict[str, Any] = {}

        field_dict.update(
            {
                "cycle": cycle,
                "omitted_on": omitted_on,
                "reason": reason,
                "kind": kind,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        cycle = d.pop("cycle")

        omitted_on = datetime.date.fromisoformat(d.pop("omitted_on"))

        reason = CycleReason(d.pop("reason"))

        kind = cast(Literal["cycle_omission"], d.pop("kind"))
        if kind != "cycle_omission":
            raise ValueError(f"kind must match const 'cycle_omission', got '{kind}'")

        omission_entry = cls(
            cycle=cycle,
            omitted_on=omitted_on,
            reason=reason,
            kind=kind,
        )

        return omission_entry
