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

T = TypeVar("T", bound="NonInclusionEntry")


@_attrs_define
class NonInclusionEntry:
    kind: Literal["non_inclusion"]
    decided_on: datetime.date

    def to_dict(self) -> dict[str, Any]:
        kind = self.kind

        decided_on = self.decided_on.isoformat()

        field_dict: dict[str, Any] = {}

        field_dict.update(
            {
                "kind": kind,
                "decided_on": decided_on,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        kind = cast(Literal["non_inclusion"], d.pop("kind"))
        if kind != "non_inclusion":
            raise ValueError(f"kind must match const 'non_inclusion', got '{kind}'")

        decided_on = datetime.date.fromisoformat(d.pop("decided_on"))

        non_inclusion_entry = cls(
            kind=kind,
            decided_on=decided_on,
        )

        return non_inclusion_entry
