from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..models.new_lesion import NewLesion
from ..models.organ import Organ
from ..types import UNSET, Unset

if TYPE_CHECKING:
    from ..models.seen_non_targets import SeenNonTargets
    from ..models.seen_targets import SeenTargets


T = TypeVar("T", bound="Seen")


@_attrs_define
class Seen:
    """One timepoint. A target without a length, and a non-target that is not named, were not assessed."""

    targets: SeenTargets | Unset = UNSET
    non_targets: SeenNonTargets | Unset = UNSET
    new: NewLesion | Unset = UNSET
    """ Whether a lesion appeared. What is equivocal changes nothing until it is confirmed. """
    new_organs: list[Organ] | Unset = UNSET
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        targets: dict[str, Any] | Unset = UNSET
        if not isinstance(self.targets, Unset):
            targets = self.targets.to_dict()

        non_targets: dict[str, Any] | Unset = UNSET
        if not isinstance(self.non_targets, Unset):
            non_targets = self.non_targets.to_dict()

        new: str | Unset = UNSET
        if not isinstance(self.new, Unset):
            new = self.new.value

        new_organs: list[str] | Unset = UNSET
        if not isinstance(self.new_organs, Unset):
            new_organs = []
            for new_organs_item_data in self.new_organs:
                new_organs_item = new_organs_item_data.value
                new_organs.append(new_organs_item)

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update({})
        if targets is not UNSET:
            field_dict["targets"] = targets
        if non_targets is not UNSET:
            field_dict["non_targets"] = non_targets
        if new is not UNSET:
            field_dict["new"] = new
        if new_organs is not UNSET:
            field_dict["new_organs"] = new_organs

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.seen_non_targets import SeenNonTargets  # noqa: PLC0415
        from ..models.seen_targets import SeenTargets  # noqa: PLC0415

        d = dict(src_dict)
        _targets = d.pop("targets", UNSET)
        targets: SeenTargets | Unset
        if isinstance(_targets, Unset):
            targets = UNSET
        else:
            targets = SeenTargets.from_dict(_targets)

        _non_targets = d.pop("non_targets", UNSET)
        non_targets: SeenNonTargets | Unset
        if isinstance(_non_targets, Unset):
            non_targets = UNSET
        else:
            non_targets = SeenNonTargets.from_dict(_non_targets)

        _new = d.pop("new", UNSET)
        new: NewLesion | Unset
        if isinstance(_new, Unset):
            new = UNSET
        else:
            new = NewLesion(_new)

        _new_organs = d.pop("new_organs", UNSET)
        new_organs: list[Organ] | Unset = UNSET
        if _new_organs is not UNSET:
            new_organs = []
            for new_organs_item_data in _new_organs:
                new_organs_item = Organ(new_organs_item_data)

                new_organs.append(new_organs_item)

        seen = cls(
            targets=targets,
            non_targets=non_targets,
            new=new,
            new_organs=new_organs,
        )

        seen.additional_properties = d
        return seen

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
