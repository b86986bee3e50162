from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar, cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..models.modality import Modality

if TYPE_CHECKING:
    from ..models.own_read_view import OwnReadView


T = TypeVar("T", bound="ScanView")


@_attrs_define
class ScanView:
    """A scan of the case."""

    sequence: int
    days_from_baseline: int
    modality: Modality
    """ Imaging that RECIST 1.1 accepts for measurable disease here. """
    study_uid: str
    images: None | str
    """ where a central reader looks at them; null where that was not set up """
    read: None | OwnReadView
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        from ..models.own_read_view import OwnReadView  # noqa: PLC0415

        sequence = self.sequence

        days_from_baseline = self.days_from_baseline

        modality = self.modality.value

        study_uid = self.study_uid

        images: None | str
        images = self.images

        read: dict[str, Any] | None
        if isinstance(self.read, OwnReadView):
            read = self.read.to_dict()
        else:
            read = self.read

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "sequence": sequence,
                "days_from_baseline": days_from_baseline,
                "modality": modality,
                "study_uid": study_uid,
                "images": images,
                "read": read,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.own_read_view import OwnReadView  # noqa: PLC0415

        d = dict(src_dict)
        sequence = d.pop("sequence")

        days_from_baseline = d.pop("days_from_baseline")

        modality = Modality(d.pop("modality"))

        study_uid = d.pop("study_uid")

        def _parse_images(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        images = _parse_images(d.pop("images"))

        def _parse_read(data: object) -> None | OwnReadView:
            if data is None:
                return data
            try:
                if not isinstance(data, dict):
                    raise TypeError()
                read_type_0 = OwnReadView.from_dict(data)

                return read_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(None | OwnReadView, data)

        read = _parse_read(d.pop("read"))

        scan_view = cls(
            sequence=sequence,
            days_from_baseline=days_from_baseline,
            modality=modality,
            study_uid=study_uid,
            images=images,
            read=read,
        )

        scan_view.additional_properties = d
        return scan_view

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
