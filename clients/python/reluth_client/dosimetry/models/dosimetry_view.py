from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar, cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field

if TYPE_CHECKING:
    from ..models.curve_view import CurveView
    from ..models.infusion_view import InfusionView
    from ..models.scan_view import ScanView


T = TypeVar("T", bound="DosimetryView")


@_attrs_define
class DosimetryView:
    """All that stands of a subject's dosimetry, but the doses."""

    study: str
    subject: str
    hours: list[int]
    """ when the protocol plans scans """
    infusions: list[InfusionView]
    scans: list[ScanView]
    curves: list[CurveView]
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        study = self.study

        subject = self.subject

        hours = self.hours

        infusions = []
        for infusions_item_data in self.infusions:
            infusions_item = infusions_item_data.to_dict()
            infusions.append(infusions_item)

        scans = []
        for scans_item_data in self.scans:
            scans_item = scans_item_data.to_dict()
            scans.append(scans_item)

        curves = []
        for curves_item_data in self.curves:
            curves_item = curves_item_data.to_dict()
            curves.append(curves_item)

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "study": study,
                "subject": subject,
                "hours": hours,
                "infusions": infusions,
                "scans": scans,
                "curves": curves,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.curve_view import CurveView  # noqa: PLC0415
        from ..models.infusion_view import InfusionView  # noqa: PLC0415
        from ..models.scan_view import ScanView  # noqa: PLC0415

        d = dict(src_dict)
        study = d.pop("study")

        subject = d.pop("subject")

        hours = cast(list[int], d.pop("hours"))

        infusions = []
        _infusions = d.pop("infusions")
        for infusions_item_data in _infusions:
            infusions_item = InfusionView.from_dict(infusions_item_data)

            infusions.append(infusions_item)

        scans = []
        _scans = d.pop("scans")
        for scans_item_data in _scans:
            scans_item = ScanView.from_dict(scans_item_data)

            scans.append(scans_item)

        curves = []
        _curves = d.pop("curves")
        for curves_item_data in _curves:
            curves_item = CurveView.from_dict(curves_item_data)

            curves.append(curves_item)

        dosimetry_view = cls(
            study=study,
            subject=subject,
            hours=hours,
            infusions=infusions,
            scans=scans,
            curves=curves,
        )

        dosimetry_view.additional_properties = d
        return dosimetry_view

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
