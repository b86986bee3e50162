from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar
from uuid import UUID

from attrs import define as _attrs_define

T = TypeVar("T", bound="AnnulmentBody")


@_attrs_define
class AnnulmentBody:
    """The record that was wrong, and why."""

    annul: UUID
    """ the event id of an infusion, a scan or a dose """
    reason: str
    """ kept in clear for ever; no names, please """

    def to_dict(self) -> dict[str, Any]:
        annul = str(self.annul)

        reason = self.reason

        field_dict: dict[str, Any] = {}

        field_dict.update(
            {
                "annul": annul,
                "reason": reason,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        annul = UUID(d.pop("annul"))

        reason = d.pop("reason")

        annulment_body = cls(
            annul=annul,
            reason=reason,
        )

        return annulment_body
