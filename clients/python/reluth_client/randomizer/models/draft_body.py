from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, cast

from attrs import define as _attrs_define

from ..types import UNSET, Unset

T = TypeVar("T", bound="DraftBody")


@_attrs_define
class DraftBody:
    """Why a version is drafted, and for a list that was imported its hash. All else stands in the protocol file."""

    reason: str
    """ kept in clear for ever; no names, please """
    list_sha256: None | str | Unset = UNSET

    def to_dict(self) -> dict[str, Any]:
        reason = self.reason

        list_sha256: None | str | Unset
        if isinstance(self.list_sha256, Unset):
            list_sha256 = UNSET
        else:
            list_sha256 = self.list_sha256

        field_dict: dict[str, Any] = {}

        field_dict.update(
            {
                "reason": reason,
            }
        )
        if list_sha256 is not UNSET:
            field_dict["list_sha256"] = list_sha256

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        reason = d.pop("reason")

        def _parse_list_sha256(data: object) -> None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(None | str | Unset, data)

        list_sha256 = _parse_list_sha256(d.pop("list_sha256", UNSET))

        draft_body = cls(
            reason=reason,
            list_sha256=list_sha256,
        )

        return draft_body
