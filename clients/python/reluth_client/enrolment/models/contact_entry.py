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

T = TypeVar("T", bound="ContactEntry")


@_attrs_define
class ContactEntry:
    last_alive_on: datetime.date
    kind: Literal["survival_contact"]

    def to_dict(self) -> dict[str, Any]:
        last_alive_on = self.last_alive_on.isoformat()

        kind = self.kind

        field_dict: dict[str, Any] = {}

        field_dict.update(
            {
                "last_alive_on": last_alive_on,
                "kind": kind,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        last_alive_on = datetime.date.fromisoformat(d.pop("last_alive_on"))

        kind = cast(Literal["survival_contact"], d.pop("kind"))
        if kind != "survival_contact":
            raise ValueError(f"kind must match const 'survival_contact', got '{kind}'")

        contact_entry = cls(
            last_alive_on=last_alive_on,
            kind=kind,
        )

        return contact_entry
