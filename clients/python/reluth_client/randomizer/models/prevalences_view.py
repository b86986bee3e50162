from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar

from attrs import define as _attrs_define
from attrs import field as _attrs_field

if TYPE_CHECKING:
    from ..models.factor_view import FactorView


T = TypeVar("T", bound="PrevalencesView")


@_attrs_define
class PrevalencesView:
    """How common each level is among the randomized. Without arms: it is what a design is simulated on."""

    study: str
    position: int
    randomized: int
    sites: int
    """ that have randomized a subject """
    factors: list[FactorView]
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        study = self.study

        position = self.position

        randomized = self.randomized

        sites = self.sites

        factors = []
        for factors_item_data in self.factors:
            factors_item = factors_item_data.to_dict()
            factors.append(factors_item)

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "study": study,
                "position": position,
                "randomized": randomized,
                "sites": sites,
                "factors": factors,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.factor_view import FactorView  # noqa: PLC0415

        d = dict(src_dict)
        study = d.pop("study")

        position = d.pop("position")

        randomized = d.pop("randomized")

        sites = d.pop("sites")

        factors = []
        _factors = d.pop("factors")
        for factors_item_data in _factors:
            factors_item = FactorView.from_dict(factors_item_data)

            factors.append(factors_item)

        prevalences_view = cls(
            study=study,
            position=position,
            randomized=randomized,
            sites=sites,
            factors=factors,
        )

        prevalences_view.additional_properties = d
        return prevalences_view

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
