from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, cast

from attrs import define as _attrs_define

T = TypeVar("T", bound="Factor")


@_attrs_define
class Factor:
    """A stratification factor and the levels it has."""

    id: str
    levels: list[str]

    def to_dict(self) -> dict[str, Any]:
        id = self.id

        levels = self.levels

        field_dict: dict[str, Any] = {}

        field_dict.update(
            {
                "id": id,
                "levels": levels,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        id = d.pop("id")

        levels = cast(list[str], d.pop("levels"))

        factor = cls(
            id=id,
            levels=levels,
        )

        return factor
