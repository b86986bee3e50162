from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

from attrs import define as _attrs_define

T = TypeVar("T", bound="QualificationAnnulmentBody")


@_attrs_define
class QualificationAnnulmentBody:
    """Why a qualification is taken back."""

    reason: str
    """ kept in clear for ever; no names, please """

    def to_dict(self) -> dict[str, Any]:
        reason = self.reason

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
        reason = d.pop("reason")

        qualification_annulment_body = cls(
            reason=reason,
        )

        return qualification_annulment_body
