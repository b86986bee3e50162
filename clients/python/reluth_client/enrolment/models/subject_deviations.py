from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar

from attrs import define as _attrs_define
from attrs import field as _attrs_field

if TYPE_CHECKING:
    from ..models.deviation_view import DeviationView


T = TypeVar("T", bound="SubjectDeviations")


@_attrs_define
class SubjectDeviations:
    """The deviations of one subject, oldest first."""

    subject: str
    site: str
    deviations: list[DeviationView]
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        subject = self.subject

        site = self.site

        deviations = []
        for deviations_item_data in self.deviations:
            deviations_item = deviations_item_data.to_dict()
            deviations.append(deviations_item)

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "subject": subject,
                "site": site,
                "deviations": deviations,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.deviation_view import DeviationView  # noqa: PLC0415

        d = dict(src_dict)
        subject = d.pop("subject")

        site = d.pop("site")

        deviations = []
        _deviations = d.pop("deviations")
        for deviations_item_data in _deviations:
            deviations_item = DeviationView.from_dict(deviations_item_data)

            deviations.append(deviations_item)

        subject_deviations = cls(
            subject=subject,
            site=site,
            deviations=deviations,
        )

        subject_deviations.additional_properties = d
        return subject_deviations

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
