from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import Any, TypeVar

from attrs import define as _attrs_define

T = TypeVar("T", bound="SurvivalContactBody")


@_attrs_define
class SurvivalContactBody:
    """Word that the subject is alive."""

    last_alive_on: datetime.date

    def to_dict(self) -> dict[str, Any]:
        last_alive_on = self.last_alive_on.isoformat()

        field_dict: dict[str, Any] = {}

        field_dict.update(
            {
                "last_alive_on": last_alive_on,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        last_alive_on = datetime.date.fromisoformat(d.pop("last_alive_on"))

        survival_contact_body = cls(
            last_alive_on=last_alive_on,
        )

        return survival_contact_body
