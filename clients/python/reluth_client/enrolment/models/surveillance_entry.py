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

T = TypeVar("T", bound="SurveillanceEntry")


@_attrs_define
class SurveillanceEntry:
    started_on: datetime.date
    kind: Literal["surveillance"]

    def to_dict(self) -> dict[str, Any]:
        started_on = self.started_on.isoformat()

        kind = self.kind

        field_dict: dict[str, Any] = {}

        field_dict.update(
            {
                "started_on": started_on,
                "kind": kind,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        started_on = datetime.date.fromisoformat(d.pop("started_on"))

        kind = cast(Literal["surveillance"], d.pop("kind"))
        if kind != "surveillance":
            raise ValueError(f"kind must match const 'surveillance', got '{kind}'")

        surveillance_entry = cls(
            started_on=started_on,
            kind=kind,
        )

        return surveillance_entry
