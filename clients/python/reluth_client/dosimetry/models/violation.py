from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import UNSET, Unset

T = TypeVar("T", bound="Violation")


@_attrs_define
class Violation:
    """One thing that is wrong with a request. It names the place and never repeats what stood there."""

    in_: str
    """ body, query, path or header """
    pointer: str
    """ JSON pointer to the field, or the parameter's name """
    detail: str
    """ what is wrong """
    would_be_right: None | str | Unset = UNSET
    """ what would be accepted """
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        in_ = self.in_

        pointer = self.pointer

        detail = self.detail

        would_be_right: None | str | Unset
        if isinstance(self.would_be_right, Unset):
            would_be_right = UNSET
        else:
            would_be_right = self.would_be_right

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "in": in_,
                "pointer": pointer,
                "detail": detail,
            }
        )
        if would_be_right is not UNSET:
            field_dict["would_be_right"] = would_be_right

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        in_ = d.pop("in")

        pointer = d.pop("pointer")

        detail = d.pop("detail")

        def _parse_would_be_right(data: object) -> None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(None | str | Unset, data)

        would_be_right = _parse_would_be_right(d.pop("would_be_right", UNSET))

        violation = cls(
            in_=in_,
            pointer=pointer,
            detail=detail,
            would_be_right=would_be_right,
        )

        violation.additional_properties = d
        return violation

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
