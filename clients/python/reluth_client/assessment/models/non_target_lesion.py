from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..models.organ import Organ

T = TypeVar("T", bound="NonTargetLesion")


@_attrs_define
class NonTargetLesion:
    """A lesion, or a group of them, that is followed without being measured."""

    lesion: str
    organ: Organ
    """ Where a lesion is. Paired organs are one, and all lymph nodes are one (RECIST 1.1, 3.1.1; EORTC). """
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        lesion = self.lesion

        organ = self.organ.value

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
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

        non_target_lesion = cls(
            lesion=lesion,
            organ=organ,
        )

        non_target_lesion.additional_properties = d
        return non_target_lesion

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
