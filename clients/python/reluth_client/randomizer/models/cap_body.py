from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

from attrs import define as _attrs_define

T = TypeVar("T", bound="CapBody")


@_attrs_define
class CapBody:
    """The new cap, and why."""

    cap: int
    reason: str
    """ kept in clear for ever; no names, please """

    def to_dict(self) -> dict[str, Any]:
        cap = self.cap

        reason = self.reason

        field_dict: dict[str, Any] = {}

        field_dict.update(
            {
                "cap": cap,
                "reason": reason,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        cap = d.pop("cap")

        reason = d.pop("reason")

        cap_body = cls(
            cap=cap,
            reason=reason,
        )

        return cap_body
