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

from ..models.therapy_class import TherapyClass

T = TypeVar("T", bound="TherapyEntry")


@_attrs_define
class TherapyEntry:
    started_on: datetime.date
    therapy: TherapyClass
    """ Class of a new anticancer therapy; Lutathera outside the protocol is one (digest Q14). """
    kind: Literal["new_therapy"]

    def to_dict(self) -> dict[str, Any]:
        started_on = self.started_on.isoformat()

        therapy = self.therapy.value

        kind = self.kind

        field_dict: dict[str, Any] = {}

        field_dict.update(
            {
                "started_on": started_on,
                "therapy": therapy,
                "kind": kind,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        started_on = datetime.date.fromisoformat(d.pop("started_on"))

        therapy = TherapyClass(d.pop("therapy"))

        kind = cast(Literal["new_therapy"], d.pop("kind"))
        if kind != "new_therapy":
            raise ValueError(f"kind must match const 'new_therapy', got '{kind}'")

        therapy_entry = cls(
            started_on=started_on,
            therapy=therapy,
            kind=kind,
        )

        return therapy_entry
