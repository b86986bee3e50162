from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar

from attrs import define as _attrs_define
from attrs import field as _attrs_field

if TYPE_CHECKING:
    from ..models.arm_flow_assessed import ArmFlowAssessed
    from ..models.arm_flow_cycles import ArmFlowCycles


T = TypeVar("T", bound="ArmFlow")


@_attrs_define
class ArmFlow:
    """What follows randomization in one arm."""

    arm: str
    name: str
    randomized: int
    cycles: ArmFlowCycles
    """ subjects by cycle given after randomization """
    assessed: ArmFlowAssessed
    """ subjects with a scan made for the timepoint """
    deaths: int
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        arm = self.arm

        name = self.name

        randomized = self.randomized

        cycles = self.cycles.to_dict()

        assessed = self.assessed.to_dict()

        deaths = self.deaths

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "arm": arm,
                "name": name,
                "randomized": randomized,
                "cycles": cycles,
                "assessed": assessed,
                "deaths": deaths,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.arm_flow_assessed import ArmFlowAssessed  # noqa: PLC0415
        from ..models.arm_flow_cycles import ArmFlowCycles  # noqa: PLC0415

        d = dict(src_dict)
        arm = d.pop("arm")

        name = d.pop("name")

        randomized = d.pop("randomized")

        cycles = ArmFlowCycles.from_dict(d.pop("cycles"))

        assessed = ArmFlowAssessed.from_dict(d.pop("assessed"))

        deaths = d.pop("deaths")

        arm_flow = cls(
            arm=arm,
            name=name,
            randomized=randomized,
            cycles=cycles,
            assessed=assessed,
            deaths=deaths,
        )

        arm_flow.additional_properties = d
        return arm_flow

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
