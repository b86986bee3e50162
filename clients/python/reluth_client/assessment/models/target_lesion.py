from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..models.organ import Organ

T = TypeVar("T", bound="TargetLesion")


@_attrs_define
class TargetLesion:
    """A lesion that is measured at every timepoint: its longest diameter, of a lymph node the short axis."""

    lesion: str
    organ: Organ
    """ Where a lesion is. Paired organs are one, and all lymph nodes are one (RECIST 1.1, 3.1.1; EORTC). """
    tenths: int
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        lesion = self.lesion

        organ = self.organ.value

        tenths = self.tenths

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "lesion": lesion,
                "organ": organ,
                "tenths": tenths,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        lesion = d.pop("lesion")

        organ = Organ(d.pop("organ"))

        tenths = d.pop("tenths")

        target_lesion = cls(
            lesion=lesion,
            organ=organ,
            tenths=tenths,
        )

        target_lesion.additional_properties = d
        return target_lesion

    @property
    def additional_keys(self) -> list[str]:
        return list(self.additional_properties.keys())

    def __getitem__(self, key: str) -> Any:
        return self.additional_properties[key]

    def __setitem__(self, key: str, value: Any) -> None:
        self.additional_properties[key] = value

    def __delitem__(self, key: str) -> None:
        del self.additional_properties[key]

    def __contains__(self, key: str) -> bool:
        return key in self.additional_properties
