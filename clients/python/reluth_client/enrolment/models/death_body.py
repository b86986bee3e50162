from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import Any, TypeVar

from attrs import define as _attrs_define

from ..models.death_cause import DeathCause

T = TypeVar("T", bound="DeathBody")


@_attrs_define
class DeathBody:
    """A death."""

    died_on: datetime.date
    cause: DeathCause
    """ Cause of death, as coarse as the digest's catalogue has it (5.1). """

    def to_dict(self) -> dict[str, Any]:
        died_on = self.died_on.isoformat()

        cause = self.cause.value

        field_dict: dict[str, Any] = {}

        field_dict.update(
            {
                "died_on": died_on,
                "cause": cause,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        died_on = datetime.date.fromisoformat(d.pop("died_on"))

        cause = DeathCause(d.pop("cause"))

        death_body = cls(
            died_on=died_on,
            cause=cause,
        )

        return death_body
