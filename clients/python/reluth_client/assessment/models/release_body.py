from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

from attrs import define as _attrs_define

from ..models.release_reason import ReleaseReason

T = TypeVar("T", bound="ReleaseBody")


@_attrs_define
class ReleaseBody:
    """Why nobody can be known by what was found."""

    reason: ReleaseReason
    """ Why what was found in a text identifies nobody. """

    def to_dict(self) -> dict[str, Any]:
        reason = self.reason.value

        field_dict: dict[str, Any] = {}

        field_dict.update(
            {
                "reason": reason,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        reason = ReleaseReason(d.pop("reason"))

        release_body = cls(
            reason=reason,
        )

        return release_body
