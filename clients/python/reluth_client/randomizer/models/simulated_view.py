from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

from attrs import define as _attrs_define
from attrs import field as _attrs_field

T = TypeVar("T", bound="SimulatedView")


@_attrs_define
class SimulatedView:
    """What it takes to compute the envelope again: `numpy` is the version whose generator was used."""

    trials: int
    seed: int
    numpy: str
    outside_expected: float
    """ groups outside in the mean, of a faultless trial """
    outside_p_value: float
    """ probability under the live design of as many groups outside """
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        trials = self.trials

        seed = self.seed

        numpy = self.numpy

        outside_expected = self.outside_expected

        outside_p_value = self.outside_p_value

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "trials": trials,
                "seed": seed,
                "numpy": numpy,
                "outside_expected": outside_expected,
                "outside_p_value": outside_p_value,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        trials = d.pop("trials")

        seed = d.pop("seed")

        numpy = d.pop("numpy")

        outside_expected = d.pop("outside_expected")

        outside_p_value = d.pop("outside_p_value")

        simulated_view = cls(
            trials=trials,
            seed=seed,
            numpy=numpy,
            outside_expected=outside_expected,
            outside_p_value=outside_p_value,
        )

        simulated_view.additional_properties = d
        return simulated_view

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
