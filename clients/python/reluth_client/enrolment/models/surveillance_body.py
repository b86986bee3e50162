from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import Any, TypeVar

from attrs import define as _attrs_define

T = TypeVar("T", bound="SurveillanceBody")


@_attrs_define
class SurveillanceBody:
    """The first day of surveillance, in an arm without cycles."""

    started_on: datetime.date

    def to_dict(self) -> dict[str, Any]:
        started_on = self.started_on.isoformat()

        field_dict: dict[str, Any] = {}

        field_dict.update(
            {
                "started_on": started_on,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        started_on = datetime.date.fromisoformat(d.pop("started_on"))

        surveillance_body = cls(
            started_on=started_on,
        )

        return surveillance_body
