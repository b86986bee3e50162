from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

from attrs import define as _attrs_define
from attrs import field as _attrs_field

T = TypeVar("T", bound="Deaths")


@_attrs_define
class Deaths:
    """Deaths by where the subject was."""

    not_included: int
    not_randomized: int
    randomized: int
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        not_included = self.not_included

        not_randomized = self.not_randomized

        randomized = self.randomized

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "not_included": not_included,
                "not_randomized": not_randomized,
                "randomized": randomized,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        not_included = d.pop("not_included")

        not_randomized = d.pop("not_randomized")

        randomized = d.pop("randomized")

        deaths = cls(
            not_included=not_included,
            not_randomized=not_randomized,
            randomized=randomized,
        )

        deaths.additional_properties = d
        return deaths

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
