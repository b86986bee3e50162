from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import Any, TypeVar

from attrs import define as _attrs_define

T = TypeVar("T", bound="RecontactBody")


@_attrs_define
class RecontactBody:
    """The day on which a lost subject was reached."""

    recontacted_on: datetime.date

    def to_dict(self) -> dict[str, Any]:
        recontacted_on = self.recontacted_on.isoformat()

        field_dict: dict[str, Any] = {}

        field_dict.update(
            {
                "recontacted_on": recontacted_on,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        recontacted_on = datetime.date.fromisoformat(d.pop("recontacted_on"))

        recontact_body = cls(
            recontacted_on=recontacted_on,
        )

        return recontact_body
