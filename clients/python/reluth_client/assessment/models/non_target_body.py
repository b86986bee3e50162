from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

from attrs import define as _attrs_define

from ..models.organ import Organ

T = TypeVar("T", bound="NonTargetBody")


@_attrs_define
class NonTargetBody:
    """A lesion, or a group of them, to be followed without measuring."""

    lesion: str
    organ: Organ
    """ Where a lesion is. Paired organs are one, and all lymph nodes are one (RECIST 1.1, 3.1.1; EORTC). """

    def to_dict(self) -> dict[str, Any]:
        lesion = self.lesion

        organ = self.organ.value

        field_dict: dict[str, Any] = {}

        field_dict.update(
            {
                "lesion": lesion,
                "organ": organ,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        lesion = d.pop("lesion")

        organ = Organ(d.pop("organ"))

        non_target_body = cls(
            lesion=lesion,
            organ=organ,
        )

        return non_target_body
