from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar

from attrs import define as _attrs_define
from attrs import field as _attrs_field

if TYPE_CHECKING:
    from ..models.own_read_view import OwnReadView


T = TypeVar("T", bound="DifferenceView")


@_attrs_define
class DifferenceView:
    """Two reads of a scan that differ, without their readers."""

    sequence: int
    first: OwnReadView
    """ What you said of a scan. """
    second: OwnReadView
    """ What you said of a scan. """
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        sequence = self.sequence

        first = self.first.to_dict()

        second = self.second.to_dict()

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "sequence": sequence,
                "first": first,
                "second": second,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.own_read_view import OwnReadView  # noqa: PLC0415

        d = dict(src_dict)
        sequence = d.pop("sequence")

        first = OwnReadView.from_dict(d.pop("first"))

        second = OwnReadView.from_dict(d.pop("second"))

        difference_view = cls(
            sequence=sequence,
            first=first,
            second=second,
        )

        difference_view.additional_properties = d
        return difference_view

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
