from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field

T = TypeVar("T", bound="CumulativeView")


@_attrs_define
class CumulativeView:
    """Activity over all cycles, in MBq."""

    study_mbq: str
    study_cycles: int
    earlier_cycles: int | None
    """ of the First PRRT; null: not recorded """
    earlier_mbq: None | str
    """ as the protocol takes them to have been, never measured here """
    lifetime_cycles: int | None
    """ how many anybody may have """
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        study_mbq = self.study_mbq

        study_cycles = self.study_cycles

        earlier_cycles: int | None
        earlier_cycles = self.earlier_cycles

        earlier_mbq: None | str
        earlier_mbq = self.earlier_mbq

        lifetime_cycles: int | None
        lifetime_cycles = self.lifetime_cycles

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "study_mbq": study_mbq,
                "study_cycles": study_cycles,
                "earlier_cycles": earlier_cycles,
                "earlier_mbq": earlier_mbq,
                "lifetime_cycles": lifetime_cycles,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        study_mbq = d.pop("study_mbq")

        study_cycles = d.pop("study_cycles")

        def _parse_earlier_cycles(data: object) -> int | None:
            if data is None:
                return data
            return cast(int | None, data)

        earlier_cycles = _parse_earlier_cycles(d.pop("earlier_cycles"))

        def _parse_earlier_mbq(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        earlier_mbq = _parse_earlier_mbq(d.pop("earlier_mbq"))

        def _parse_lifetime_cycles(data: object) -> int | None:
            if data is None:
                return data
            return cast(int | None, data)

        lifetime_cycles = _parse_lifetime_cycles(d.pop("lifetime_cycles"))

        cumulative_view = cls(
            study_mbq=study_mbq,
            study_cycles=study_cycles,
            earlier_cycles=earlier_cycles,
            earlier_mbq=earlier_mbq,
            lifetime_cycles=lifetime_cycles,
        )

        cumulative_view.additional_properties = d
        return cumulative_view

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
