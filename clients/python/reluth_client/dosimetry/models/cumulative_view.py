from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar

from attrs import define as _attrs_define
from attrs import field as _attrs_field

if TYPE_CHECKING:
    from ..models.organ_view import OrganView


T = TypeVar("T", bound="CumulativeView")


@_attrs_define
class CumulativeView:
    """The sums of a subject by organ."""

    study: str
    subject: str
    organs: list[OrganView]
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        study = self.study

        subject = self.subject

        organs = []
        for organs_item_data in self.organs:
            organs_item = organs_item_data.to_dict()
            organs.append(organs_item)

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "study": study,
                "subject": subject,
                "organs": organs,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.organ_view import OrganView  # noqa: PLC0415

        d = dict(src_dict)
        study = d.pop("study")

        subject = d.pop("subject")

        organs = []
        _organs = d.pop("organs")
        for organs_item_data in _organs:
            organs_item = OrganView.from_dict(organs_item_data)

            organs.append(organs_item)

        cumulative_view = cls(
            study=study,
            subject=subject,
            organs=organs,
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
