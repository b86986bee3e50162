from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

from attrs import define as _attrs_define

T = TypeVar("T", bound="ListBody")


@_attrs_define
class ListBody:
    """A list, as the text of its file, and why it is imported. docs/howto-import-a-list.md describes the format."""

    text: str
    reason: str
    """ kept in clear for ever; no names, please """

    def to_dict(self) -> dict[str, Any]:
        text = self.text

        reason = self.reason

        field_dict: dict[str, Any] = {}

        field_dict.update(
            {
                "text": text,
                "reason": reason,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        text = d.pop("text")

        reason = d.pop("reason")

        list_body = cls(
            text=text,
            reason=reason,
        )

        return list_body
