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

T = TypeVar("T", bound="RecontactEntry")


@_attrs_define
class RecontactEntry:
    recontacted_on: datetime.date
    kind: Literal["recontact"]

    def to_dict(self) -> dict[str, Any]:
        recontacted_on = self.recontacted_on.isoformat()

        kind = self.kind

        field_dict: dict[str, Any] = {}

        field_dict.update(
            {
                "recontacted_on": recontacted_on,
                "kind": kind,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        recontacted_on = datetime.date.fromisoformat(d.pop("recontacted_on"))

        kind = cast(Literal["recontact"], d.pop("kind"))
        if kind != "recontact":
            raise ValueError(f"kind must match const 'recontact', got '{kind}'")

        recontact_entry = cls(
            recontacted_on=recontacted_on,
            kind=kind,
        )

        return recontact_entry
