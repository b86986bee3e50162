from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar

from attrs import define as _attrs_define

from ..models.new_lesion import NewLesion
from ..models.organ import Organ
from ..types import UNSET, Unset

if TYPE_CHECKING:
    from ..models.measured_body import MeasuredBody
    from ..models.state_body import StateBody


T = TypeVar("T", bound="SeenBody")


@_attrs_define
class SeenBody:
    """All that was seen on one scan. A lesion that is not named was not assessed."""

    targets: list[MeasuredBody] | Unset = UNSET
    non_targets: list[StateBody] | Unset = UNSET
    new_lesions: NewLesion | Unset = UNSET
    """ Whether a lesion appeared. What is equivocal changes nothing until it is confirmed. """
    new_organs: list[Organ] | Unset = UNSET

    def to_dict(self) -> dict[str, Any]:
        targets: list[dict[str, Any]] | Unset = UNSET
        if not isinstance(self.targets, Unset):
            targets = []
            for targets_item_data in self.targets:
                targets_item = targets_item_data.to_dict()
                targets.append(targets_item)

        non_targets: list[dict[str, Any]] | Unset = UNSET
        if not isinstance(self.non_targets, Unset):
            non_targets = []
            for non_targets_item_data in self.non_targets:
                non_targets_item = non_targets_item_data.to_dict()
                non_targets.append(non_targets_item)

        new_lesions: str | Unset = UNSET
        if not isinstance(self.new_lesions, Unset):
            new_lesions = self.new_lesions.value

        new_organs: list[str] | Unset = UNSET
        if not isinstance(self.new_organs, Unset):
            new_organs = []
            for new_organs_item_data in self.new_organs:
                new_organs_item = new_organs_item_data.value
                new_organs.append(new_organs_item)

        field_dict: dict[str, Any] = {}

        field_dict.update({})
        if targets is not UNSET:
            field_dict["targets"] = targets
        if non_targets is not UNSET:
            field_dict["non_targets"] = non_targets
        if new_lesions is not UNSET:
            field_dict["new_lesions"] = new_lesions
        if new_organs is not UNSET:
            field_dict["new_organs"] = new_organs

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.measured_body import MeasuredBody  # noqa: PLC0415
        from ..models.state_body import StateBody  # noqa: PLC0415

        d = dict(src_dict)
        _targets = d.pop("targets", UNSET)
        targets: list[MeasuredBody] | Unset = UNSET
        if _targets is not UNSET:
            targets = []
            for targets_item_data in _targets:
                targets_item = MeasuredBody.from_dict(targets_item_data)

                targets.append(targets_item)

        _non_targets = d.pop("non_targets", UNSET)
        non_targets: list[StateBody] | Unset = UNSET
        if _non_targets is not UNSET:
            non_targets = []
            for non_targets_item_data in _non_targets:
                non_targets_item = StateBody.from_dict(non_targets_item_data)

                non_targets.append(non_targets_item)

        _new_lesions = d.pop("new_lesions", UNSET)
        new_lesions: NewLesion | Unset
        if isinstance(_new_lesions, Unset):
            new_lesions = UNSET
        else:
            new_lesions = NewLesion(_new_lesions)

        _new_organs = d.pop("new_organs", UNSET)
        new_organs: list[Organ] | Unset = UNSET
        if _new_organs is not UNSET:
            new_organs = []
            for new_organs_item_data in _new_organs:
                new_organs_item = Organ(new_organs_item_data)

                new_organs.append(new_organs_item)

        seen_body = cls(
            targets=targets,
            non_targets=non_targets,
            new_lesions=new_lesions,
            new_organs=new_organs,
        )

        return seen_body
