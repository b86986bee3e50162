from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field

T = TypeVar("T", bound="LineView")


@_attrs_define
class LineView:
    """A reference line: shown beside the sum, and no rule of the trial."""

    gy: str
    source: str
    reached: bool | None
    """ null while a missing dose could still decide it """
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        gy = self.gy

        source = self.source

        reached: bool | None
        reached = self.reached

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "gy": gy,
                "source": source,
                "reached": reached,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        gy = d.pop("gy")

        source = d.pop("source")

        def _parse_reached(data: object) -> bool | None:
            if data is None:
                return data
            return cast(bool | None, data)

        reached = _parse_reached(d.pop("reached"))

        line_view = cls(
            gy=gy,
            source=source,
            reached=reached,
        )

        line_view.additional_properties = d
        return line_view

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
