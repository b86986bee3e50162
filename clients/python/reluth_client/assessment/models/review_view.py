from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar

from attrs import define as _attrs_define
from attrs import field as _attrs_field

if TYPE_CHECKING:
    from ..models.review_scan_view import ReviewScanView


T = TypeVar("T", bound="ReviewView")


@_attrs_define
class ReviewView:
    """The central review of a subject. The number of its case is not here: nothing leads from one to the other."""

    subject: str
    scans: list[ReviewScanView]
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        subject = self.subject

        scans = []
        for scans_item_data in self.scans:
            scans_item = scans_item_data.to_dict()
            scans.append(scans_item)

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "subject": subject,
                "scans": scans,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.review_scan_view import ReviewScanView  # noqa: PLC0415

        d = dict(src_dict)
        subject = d.pop("subject")

        scans = []
        _scans = d.pop("scans")
        for scans_item_data in _scans:
            scans_item = ReviewScanView.from_dict(scans_item_data)

            scans.append(scans_item)

        review_view = cls(
            subject=subject,
            scans=scans,
        )

        review_view.additional_properties = d
        return review_view

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
