from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, cast

from attrs import define as _attrs_define

from ..models.organ import Organ

T = TypeVar("T", bound="TargetBody")


@_attrs_define
class TargetBody:
    """A lesion to be measured at every timepoint."""

    lesion: str
    organ: Organ
    """ Where a lesion is. Paired organs are one, and all lymph nodes are one (RECIST 1.1, 3.1.1; EORTC). """
    mm: float | str
    """ longest diameter, of a lymph node the short axis, in mm """

    def to_dict(self) -> dict[str, Any]:
        lesion = self.lesion

        organ = self.organ.value

        mm: float | str
        mm = self.mm

        field_dict: dict[str, Any] = {}

        field_dict.update(
            {
                "lesion": lesion,
                "organ": organ,
                "mm": mm,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        lesion = d.pop("lesion")

        organ = Organ(d.pop("organ"))

        def _parse_mm(data: object) -> float | str:
            return cast(float | str, data)

        mm = _parse_mm(d.pop("mm"))

        target_body = cls(
            lesion=lesion,
            organ=organ,
            mm=mm,
        )

        return target_body
