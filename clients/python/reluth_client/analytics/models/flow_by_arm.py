from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar

from attrs import define as _attrs_define
from attrs import field as _attrs_field

if TYPE_CHECKING:
    from ..models.arm_flow import ArmFlow
    from ..models.stands_on import StandsOn


T = TypeVar("T", bound="FlowByArm")


@_attrs_define
class FlowByArm:
    """Participant flow after randomization, by arm."""

    study: str
    arms: list[ArmFlow]
    arm_on_its_way: int
    """ randomized, and the arm is not known here yet """
    stands_on: StandsOn
    """ From which prefix of which logs a figure was derived, and by which rules. """
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        study = self.study

        arms = []
        for arms_item_data in self.arms:
            arms_item = arms_item_data.to_dict()
            arms.append(arms_item)

        arm_on_its_way = self.arm_on_its_way

        stands_on = self.stands_on.to_dict()

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "study": study,
                "arms": arms,
                "arm_on_its_way": arm_on_its_way,
                "stands_on": stands_on,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.arm_flow import ArmFlow  # noqa: PLC0415
        from ..models.stands_on import StandsOn  # noqa: PLC0415

        d = dict(src_dict)
        study = d.pop("study")

        arms = []
        _arms = d.pop("arms")
        for arms_item_data in _arms:
            arms_item = ArmFlow.from_dict(arms_item_data)

            arms.append(arms_item)

        arm_on_its_way = d.pop("arm_on_its_way")

        stands_on = StandsOn.from_dict(d.pop("stands_on"))

        flow_by_arm = cls(
            study=study,
            arms=arms,
            arm_on_its_way=arm_on_its_way,
            stands_on=stands_on,
        )

        flow_by_arm.additional_properties = d
        return flow_by_arm

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
