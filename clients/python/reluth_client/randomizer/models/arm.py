from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

from attrs import define as _attrs_define

T = TypeVar("T", bound="Arm")


@_attrs_define
class Arm:
    """An arm and its share in the allocation ratio."""

    code: str
    ratio: int

    def to_dict(self) -> dict[str, Any]:
        code = self.code

        ratio = self.ratio

        field_dict: dict[str, Any] = {}

        field_dict.update(
            {
                "code": code,
                "ratio": ratio,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        code = d.pop("code")

        ratio = d.pop("ratio")

        arm = cls(
            code=code,
            ratio=ratio,
        )

        return arm
