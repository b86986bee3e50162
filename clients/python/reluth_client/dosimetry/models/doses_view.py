from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar

from attrs import define as _attrs_define
from attrs import field as _attrs_field

if TYPE_CHECKING:
    from ..models.dose_view import DoseView


T = TypeVar("T", bound="DosesView")


@_attrs_define
class DosesView:
    """The last dose of each organ and cycle."""

    study: str
    subject: str
    doses: list[DoseView]
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        study = self.study

        subject = self.subject

        doses = []
        for doses_item_data in self.doses:
            doses_item = doses_item_data.to_dict()
            doses.append(doses_item)

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "study": study,
                "subject": subject,
                "doses": doses,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.dose_view import DoseView  # noqa: PLC0415

        d = dict(src_dict)
        study = d.pop("study")

        subject = d.pop("subject")

        doses = []
        _doses = d.pop("doses")
        for doses_item_data in _doses:
            doses_item = DoseView.from_dict(doses_item_data)

            doses.append(doses_item)

        doses_view = cls(
            study=study,
            subject=subject,
            doses=doses,
        )

        doses_view.additional_properties = d
        return doses_view

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
