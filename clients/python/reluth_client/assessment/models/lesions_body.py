from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar

from attrs import define as _attrs_define

from ..types import UNSET, Unset

if TYPE_CHECKING:
    from ..models.non_target_body import NonTargetBody
    from ..models.target_body import TargetBody


T = TypeVar("T", bound="LesionsBody")


@_attrs_define
class LesionsBody:
    """The lesions that a reader follows through a case."""

    targets: list[TargetBody] | Unset = UNSET
    non_targets: list[NonTargetBody] | Unset = UNSET

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

        field_dict: dict[str, Any] = {}

        field_dict.update({})
        if targets is not UNSET:
            field_dict["targets"] = targets
        if non_targets is not UNSET:
            field_dict["non_targets"] = non_targets

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.non_target_body import NonTargetBody  # noqa: PLC0415
        from ..models.target_body import TargetBody  # noqa: PLC0415

        d = dict(src_dict)
        _targets = d.pop("targets", UNSET)
        targets: list[TargetBody] | Unset = UNSET
        if _targets is not UNSET:
            targets = []
            for targets_item_data in _targets:
                targets_item = TargetBody.from_dict(targets_item_data)

                targets.append(targets_item)

        _non_targets = d.pop("non_targets", UNSET)
        non_targets: list[NonTargetBody] | Unset = UNSET
        if _non_targets is not UNSET:
            non_targets = []
            for non_targets_item_data in _non_targets:
                non_targets_item = NonTargetBody.from_dict(non_targets_item_data)

                non_targets.append(non_targets_item)

        lesions_body = cls(
            targets=targets,
            non_targets=non_targets,
        )

        return lesions_body
