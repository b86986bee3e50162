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

from ..models.death_cause import DeathCause

T = TypeVar("T", bound="DeathEntry")


@_attrs_define
class DeathEntry:
    died_on: datetime.date
    cause: DeathCause
    """ Cause of death, as coarse as the digest's catalogue has it (5.1). """
    kind: Literal["death"]

    def to_dict(self) -> dict[str, Any]:
        died_on = self.died_on.isoformat()

        cause = self.cause.value

        kind = self.kind

        field_dict: dict[str, Any] = {}

        field_dict.update(
            {
                "died_on": died_on,
                "cause": cause,
                "kind": kind,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        died_on = datetime.date.fromisoformat(d.pop("died_on"))

        cause = DeathCause(d.pop("cause"))

        kind = cast(Literal["death"], d.pop("kind"))
        if kind != "death":
            raise ValueError(f"kind must match const 'death', got '{kind}'")

        death_entry = cls(
            died_on=died_on,
            cause=cause,
            kind=kind,
        )

        return death_entry
