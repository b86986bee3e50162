from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field

T = TypeVar("T", bound="RunsView")


@_attrs_define
class RunsView:
    """Stretches of one arm in the order of randomization. Too few: sorted; too many: alternating."""

    runs: int
    p_value: float | None
    """ Wald and Wolfowitz, exact, if every order of these arms were as likely; null above 400 subjects. Blocks
    alternate more than that: read it beside the next one """
    expected: float | None
    """ mean under the live design """
    p_value_design: float | None
    """ two-sided, under the live design, simulated """
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        runs = self.runs

        p_value: float | None
        p_value = self.p_value

        expected: float | None
        expected = self.expected

        p_value_design: float | None
        p_value_design = self.p_value_design

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "runs": runs,
                "p_value": p_value,
                "expected": expected,
                "p_value_design": p_value_design,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        runs = d.pop("runs")

        def _parse_p_value(data: object) -> float | None:
            if data is None:
                return data
            return cast(float | None, data)

        p_value = _parse_p_value(d.pop("p_value"))

        def _parse_expected(data: object) -> float | None:
            if data is None:
                return data
            return cast(float | None, data)

        expected = _parse_expected(d.pop("expected"))

        def _parse_p_value_design(data: object) -> float | None:
            if data is None:
                return data
            return cast(float | None, data)

        p_value_design = _parse_p_value_design(d.pop("p_value_design"))

        runs_view = cls(
            runs=runs,
            p_value=p_value,
            expected=expected,
            p_value_design=p_value_design,
        )

        runs_view.additional_properties = d
        return runs_view

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
