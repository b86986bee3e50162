from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import Any, TypeVar

from attrs import define as _attrs_define

from ..models.cycle_reason import CycleReason

T = TypeVar("T", bound="OmissionBody")


@_attrs_define
class OmissionBody:
    """A cycle that will not be given."""

    cycle: int
    omitted_on: datetime.date
    """ the day of the decision """
    reason: CycleReason
    """ Why a cycle was delayed, reduced or left out. """

    def to_dict(self) -> dict[str, Any]:
        cycle = self.cycle

        omitted_on = self.omitted_on.isoformat()

        reason = self.reason.value

        field_dict: dict[str, Any] = {}

        field_dict.update(
            {
                "cycle": cycle,
                "omitted_on": omitted_on,
                "reason": reason,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        cycle = d.pop("cycle")

        omitted_on = datetime.date.fromisoformat(d.pop("omitted_on"))

        reason = CycleReason(d.pop("reason"))

        omission_body = cls(
            cycle=cycle,
            omitted_on=omitted_on,
            reason=reason,
        )

        return omission_body
