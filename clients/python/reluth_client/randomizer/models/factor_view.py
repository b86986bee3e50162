from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar

from attrs import define as _attrs_define
from attrs import field as _attrs_field

if TYPE_CHECKING:
    from ..models.level_view import LevelView


T = TypeVar("T", bound="FactorView")


@_attrs_define
class FactorView:
    """A stratification factor, its levels in the order of the configuration."""

    factor: str
    levels: list[LevelView]
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        factor = self.factor

        levels = []
        for levels_item_data in self.levels:
            levels_item = levels_item_data.to_dict()
            levels.append(levels_item)

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "factor": factor,
                "levels": levels,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.level_view import LevelView  # noqa: PLC0415

        d = dict(src_dict)
        factor = d.pop("factor")

        levels = []
        _levels = d.pop("levels")
        for levels_item_data in _levels:
            levels_item = LevelView.from_dict(levels_item_data)

            levels.append(levels_item)

        factor_view = cls(
            factor=factor,
            levels=levels,
        )

        factor_view.additional_properties = d
        return factor_view

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
