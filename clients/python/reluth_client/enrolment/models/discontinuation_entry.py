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

from ..models.treatment_stop import TreatmentStop

T = TypeVar("T", bound="DiscontinuationEntry")


@_attrs_define
class DiscontinuationEntry:
    reason: TreatmentStop
    """ Why study treatment after randomization ended before all cycles were given. """
    discontinued_on: datetime.date
    kind: Literal["treatment_discontinuation"]

    def to_dict(self) -> dict[str, Any]:
        reason = self.reason.value

        discontinued_on = self.discontinued_on.isoformat()

        kind = self.kind

        field_dict: dict[str, Any] = {}

        field_dict.update(
            {
                "reason": reason,
                "discontinued_on": discontinued_on,
                "kind": kind,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        reason = TreatmentStop(d.pop("reason"))

        discontinued_on = datetime.date.fromisoformat(d.pop("discontinued_on"))

        kind = cast(Literal["treatment_discontinuation"], d.pop("kind"))
        if kind != "treatment_discontinuation":
            raise ValueError(f"kind must match const 'treatment_discontinuation', got '{kind}'")

        discontinuation_entry = cls(
            reason=reason,
            discontinued_on=discontinued_on,
            kind=kind,
        )

        return discontinuation_entry
