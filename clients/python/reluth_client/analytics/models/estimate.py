from __future__ import annotations

from collections.abc import Mapping
from typing import (
    Any,
    Literal,
    TypeVar,
    cast,
)

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import UNSET, Unset

T = TypeVar("T", bound="Estimate")


@_attrs_define
class Estimate:
    """A proportion with exact limits. Counts are exact; the decimals are texts, so that no reader rounds them again."""

    x: int
    n: int
    percent: str
    percent_lower: str
    percent_upper: str
    proportion: str
    lower: str
    upper: str
    confidence: str
    method: Literal["Clopper-Pearson"] | Unset = "Clopper-Pearson"
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        x = self.x

        n = self.n

        percent = self.percent

        percent_lower = self.percent_lower

        percent_upper = self.percent_upper

        proportion = self.proportion

        lower = self.lower

        upper = self.upper

        confidence = self.confidence

        method = self.method

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "x": x,
                "n": n,
                "percent": percent,
                "percent_lower": percent_lower,
                "percent_upper": percent_upper,
                "proportion": proportion,
                "lower": lower,
                "upper": upper,
                "confidence": confidence,
            }
        )
        if method is not UNSET:
            field_dict["method"] = method

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        x = d.pop("x")

        n = d.pop("n")

        percent = d.pop("percent")

        percent_lower = d.pop("percent_lower")

        percent_upper = d.pop("percent_upper")

        proportion = d.pop("proportion")

        lower = d.pop("lower")

        upper = d.pop("upper")

        confidence = d.pop("confidence")

        method = cast(Literal["Clopper-Pearson"] | Unset, d.pop("method", UNSET))
        if method != "Clopper-Pearson" and not isinstance(method, Unset):
            raise ValueError(f"method must match const 'Clopper-Pearson', got '{method}'")

        estimate = cls(
            x=x,
            n=n,
            percent=percent,
            percent_lower=percent_lower,
            percent_upper=percent_upper,
            proportion=proportion,
            lower=lower,
            upper=upper,
            confidence=confidence,
            method=method,
        )

        estimate.additional_properties = d
        return estimate

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
