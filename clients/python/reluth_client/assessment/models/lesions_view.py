from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar

from attrs import define as _attrs_define
from attrs import field as _attrs_field

if TYPE_CHECKING:
    from ..models.non_target_lesion import NonTargetLesion
    from ..models.target_lesion import TargetLesion


T = TypeVar("T", bound="LesionsView")


@_attrs_define
class LesionsView:
    """The lesions that you follow. Lengths in tenths of a millimetre."""

    targets: list[TargetLesion]
    non_targets: list[NonTargetLesion]
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        targets = []
        for targets_item_data in self.targets:
            targets_item = targets_item_data.to_dict()
            targets.append(targets_item)

        non_targets = []
        for non_targets_item_data in self.non_targets:
            non_targets_item = non_targets_item_data.to_dict()
            non_targets.append(non_targets_item)

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "targets": targets,
                "non_targets": non_targets,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.non_target_lesion import NonTargetLesion  # noqa: PLC0415
        from ..models.target_lesion import TargetLesion  # noqa: PLC0415

        d = dict(src_dict)
        targets = []
        _targets = d.pop("targets")
        for targets_item_data in _targets:
            targets_item = TargetLesion.from_dict(targets_item_data)

            targets.append(targets_item)

        non_targets = []
        _non_targets = d.pop("non_targets")
        for non_targets_item_data in _non_targets:
            non_targets_item = NonTargetLesion.from_dict(non_targets_item_data)

            non_targets.append(non_targets_item)

        lesions_view = cls(
            targets=targets,
            non_targets=non_targets,
        )

        lesions_view.additional_properties = d
        return lesions_view

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
