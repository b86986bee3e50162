from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

from attrs import define as _attrs_define
from attrs import field as _attrs_field

T = TypeVar("T", bound="VersionView")


@_attrs_define
class VersionView:
    """A version of the configuration; it simulates the subjects that it allocated."""

    version: int
    strategy: str
    configuration_sha256: str
    randomized: int
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        version = self.version

        strategy = self.strategy

        configuration_sha256 = self.configuration_sha256

        randomized = self.randomized

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "version": version,
                "strategy": strategy,
                "configuration_sha256": configuration_sha256,
                "randomized": randomized,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        version = d.pop("version")

        strategy = d.pop("strategy")

        configuration_sha256 = d.pop("configuration_sha256")

        randomized = d.pop("randomized")

        version_view = cls(
            version=version,
            strategy=strategy,
            configuration_sha256=configuration_sha256,
            randomized=randomized,
        )

        version_view.additional_properties = d
        return version_view

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
