from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field

T = TypeVar("T", bound="KappaView")


@_attrs_define
class KappaView:
    """Agreement of first and second readers over all scans that both have read."""

    pairs: int
    observed: None | str
    expected: None | str
    """ by chance """
    kappa: None | str
    """ Cohen's; null where chance alone would agree always, or without pairs """
    standard_error: float | None
    low: float | None
    """ of the 95 % interval """
    high: float | None
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        pairs = self.pairs

        observed: None | str
        observed = self.observed

        expected: None | str
        expected = self.expected

        kappa: None | str
        kappa = self.kappa

        standard_error: float | None
        standard_error = self.standard_error

        low: float | None
        low = self.low

        high: float | None
        high = self.high

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "pairs": pairs,
                "observed": observed,
                "expected": expected,
                "kappa": kappa,
                "standard_error": standard_error,
                "low": low,
                "high": high,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        pairs = d.pop("pairs")

        def _parse_observed(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        observed = _parse_observed(d.pop("observed"))

        def _parse_expected(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        expected = _parse_expected(d.pop("expected"))

        def _parse_kappa(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        kappa = _parse_kappa(d.pop("kappa"))

        def _parse_standard_error(data: object) -> float | None:
            if data is None:
                return data
            return cast(float | None, data)

        standard_error = _parse_standard_error(d.pop("standard_error"))

        def _parse_low(data: object) -> float | None:
            if data is None:
                return data
            return cast(float | None, data)

        low = _parse_low(d.pop("low"))

        def _parse_high(data: object) -> float | None:
            if data is None:
                return data
            return cast(float | None, data)

        high = _parse_high(d.pop("high"))

        kappa_view = cls(
            pairs=pairs,
            observed=observed,
            expected=expected,
            kappa=kappa,
            standard_error=standard_error,
            low=low,
            high=high,
        )

        kappa_view.additional_properties = d
        return kappa_view

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
