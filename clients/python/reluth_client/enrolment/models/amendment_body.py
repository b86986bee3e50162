from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import Any, TypeVar

from attrs import define as _attrs_define

T = TypeVar("T", bound="AmendmentBody")


@_attrs_define
class AmendmentBody:
    """A later version of the protocol, and the day from which the site works by it."""

    protocol_version: str
    effective_on: datetime.date
    """ may lie ahead """

    def to_dict(self) -> dict[str, Any]:
        protocol_version = self.protocol_version

        effective_on = self.effective_on.isoformat()

        field_dict: dict[str, Any] = {}

        field_dict.update(
            {
                "protocol_version": protocol_version,
                "effective_on": effective_on,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        protocol_version = d.pop("protocol_version")

        effective_on = datetime.date.fromisoformat(d.pop("effective_on"))

        amendment_body = cls(
            protocol_version=protocol_version,
            effective_on=effective_on,
        )

        return amendment_body
