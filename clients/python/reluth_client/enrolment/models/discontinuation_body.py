from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import Any, TypeVar

from attrs import define as _attrs_define

from ..models.treatment_stop import TreatmentStop

T = TypeVar("T", bound="DiscontinuationBody")


@_attrs_define
class DiscontinuationBody:
    """Why study treatment ended before all its cycles were given."""

    reason: TreatmentStop
    """ Why study treatment after randomization ended before all cycles were given. """
    discontinued_on: datetime.date

    def to_dict(self) -> dict[str, Any]:
        reason = self.reason.value

        discontinued_on = self.discontinued_on.isoformat()

        field_dict: dict[str, Any] = {}

        field_dict.update(
            {
                "reason": reason,
                "discontinued_on": discontinued_on,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        reason = TreatmentStop(d.pop("reason"))

        discontinued_on = datetime.date.fromisoformat(d.pop("discontinued_on"))

        discontinuation_body = cls(
            reason=reason,
            discontinued_on=discontinued_on,
        )

        return discontinuation_body
