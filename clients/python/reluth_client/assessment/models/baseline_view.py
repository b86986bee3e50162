from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar, cast
from uuid import UUID

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..models.modality import Modality
from ..models.reader import Reader

if TYPE_CHECKING:
    from ..models.non_target_lesion import NonTargetLesion
    from ..models.target_lesion import TargetLesion


T = TypeVar("T", bound="BaselineView")


@_attrs_define
class BaselineView:
    """The lesions chosen on a baseline scan. Lengths in tenths of a millimetre."""

    baseline: str
    scan_on: datetime.date
    modality: Modality
    """ Imaging that RECIST 1.1 accepts for measurable disease here. """
    reader: Reader
    """ Who read a scan. """
    study_uid: None | str
    images: None | str
    """ where the site looks at them; null where that was not set up """
    targets: list[TargetLesion]
    non_targets: list[NonTargetLesion]
    event_id: UUID
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        baseline = self.baseline

        scan_on = self.scan_on.isoformat()

        modality = self.modality.value

        reader = self.reader.value

        study_uid: None | str
        study_uid = self.study_uid

        images: None | str
        images = self.images

        targets = []
        for targets_item_data in self.targets:
            targets_item = targets_item_data.to_dict()
            targets.append(targets_item)

        non_targets = []
        for non_targets_item_data in self.non_targets:
            non_targets_item = non_targets_item_data.to_dict()
            non_targets.append(non_targets_item)

        event_id = str(self.event_id)

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "baseline": baseline,
                "scan_on": scan_on,
                "modality": modality,
                "reader": reader,
                "study_uid": study_uid,
                "images": images,
                "targets": targets,
                "non_targets": non_targets,
                "event_id": event_id,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.non_target_lesion import NonTargetLesion  # noqa: PLC0415
        from ..models.target_lesion import TargetLesion  # noqa: PLC0415

        d = dict(src_dict)
        baseline = d.pop("baseline")

        scan_on = datetime.date.fromisoformat(d.pop("scan_on"))

        modality = Modality(d.pop("modality"))

        reader = Reader(d.pop("reader"))

        def _parse_study_uid(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        study_uid = _parse_study_uid(d.pop("study_uid"))

        def _parse_images(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        images = _parse_images(d.pop("images"))

        targets = []
        _targets = d.pop("targets")
        for targets_item_data in _targets:
            targets_item = TargetLesion.from_dict(targets_item_data)

            targets.append(targets_item)

        non_targets = []
        _non_targets = d.pop("non_targets")
        for non_targets_item_data in _non_targets:
            non_targets_item = NonTargetLesion.from_dict(non_targets_item_data)

            non_targets.append(non_targets_item)

        event_id = UUID(d.pop("event_id"))

        baseline_view = cls(
            baseline=baseline,
            scan_on=scan_on,
            modality=modality,
            reader=reader,
            study_uid=study_uid,
            images=images,
            targets=targets,
            non_targets=non_targets,
            event_id=event_id,
        )

        baseline_view.additional_properties = d
        return baseline_view

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
