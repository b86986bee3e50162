from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar

from attrs import define as _attrs_define
from attrs import field as _attrs_field

if TYPE_CHECKING:
    from ..models.dcr_figure import DcrFigure


T = TypeVar("T", bound="ArmDcr")


@_attrs_define
class ArmDcr:
    """Disease control of one arm."""

    arm: str
    name: str
    figure: DcrFigure
    """ Disease control of one group. `randomized` = `success` + `failure` + `pending`. """
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        arm = self.arm

        name = self.name

        figure = self.figure.to_dict()

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "arm": arm,
                "name": name,
                "figure": figure,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.dcr_figure import DcrFigure  # noqa: PLC0415

        d = dict(src_dict)
        arm = d.pop("arm")

        name = d.pop("name")

        figure = DcrFigure.from_dict(d.pop("figure"))

        arm_dcr = cls(
            arm=arm,
            name=name,
            figure=figure,
        )

        arm_dcr.additional_properties = d
        return arm_dcr

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
