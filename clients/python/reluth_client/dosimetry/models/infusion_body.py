from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import Any, TypeVar, cast

from attrs import define as _attrs_define

T = TypeVar("T", bound="InfusionBody")


@_attrs_define
class InfusionBody:
    """What was infused in a cycle, in MBq at the start of the infusion."""

    cycle: int
    administered_mbq: float | str
    infusion_started_at: datetime.datetime

    def to_dict(self) -> dict[str, Any]:
        cycle = self.cycle

        administered_mbq: float | str
        administered_mbq = self.administered_mbq

        infusion_started_at = self.infusion_started_at.isoformat()

        field_dict: dict[str, Any] = {}

        field_dict.update(
            {
                "cycle": cycle,
                "administered_mbq": administered_mbq,
                "infusion_started_at": infusion_started_at,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        cycle = d.pop("cycle")

        def _parse_administered_mbq(data: object) -> float | str:
            return cast(float | str, data)

        administered_mbq = _parse_administered_mbq(d.pop("administered_mbq"))

        infusion_started_at = datetime.datetime.fromisoformat(d.pop("infusion_started_at"))

        infusion_body = cls(
            cycle=cycle,
            administered_mbq=administered_mbq,
            infusion_started_at=infusion_started_at,
        )

        return infusion_body
