from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import Any, TypeVar

from attrs import define as _attrs_define

from ..models.modality import Modality

T = TypeVar("T", bound="ReviewScanBody")


@_attrs_define
class ReviewScanBody:
    """A scan for the central review."""

    timepoint: str
    scan_on: datetime.date
    modality: Modality
    """ Imaging that RECIST 1.1 accepts for measurable disease here. """
    study_uid: str
    """ DICOM Study Instance UID """

    def to_dict(self) -> dict[str, Any]:
        timepoint = self.timepoint

        scan_on = self.scan_on.isoformat()

        modality = self.modality.value

        study_uid = self.study_uid

        field_dict: dict[str, Any] = {}

        field_dict.update(
            {
                "timepoint": timepoint,
                "scan_on": scan_on,
                "modality": modality,
                "study_uid": study_uid,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        timepoint = d.pop("timepoint")

        scan_on = datetime.date.fromisoformat(d.pop("scan_on"))

        modality = Modality(d.pop("modality"))

        study_uid = d.pop("study_uid")

        review_scan_body = cls(
            timepoint=timepoint,
            scan_on=scan_on,
            modality=modality,
            study_uid=study_uid,
        )

        return review_scan_body
