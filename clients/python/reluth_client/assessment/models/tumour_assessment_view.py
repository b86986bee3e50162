from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import Any, TypeVar
from uuid import UUID

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..models.modality import Modality
from ..models.reader import Reader
from ..models.response import Response

T = TypeVar("T", bound="TumourAssessmentView")


@_attrs_define
class TumourAssessmentView:
    """One reading of one scan. The comment is not in it."""

    study: str
    subject: str
    timepoint: str
    scan_on: datetime.date
    modality: Modality
    """ Imaging that RECIST 1.1 accepts for measurable disease here. """
    reader: Reader
    """ Who read a scan. """
    response: Response
    """ Overall response. NON_CR_NON_PD exists only without target lesions (endpoints 4.1 rule 9). """
    has_comment: bool
    event_id: UUID
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        study = self.study

        subject = self.subject

        timepoint = self.timepoint

        scan_on = self.scan_on.isoformat()

        modality = self.modality.value

        reader = self.reader.value

        response = self.response.value

        has_comment = self.has_comment

        event_id = str(self.event_id)

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "study": study,
                "subject": subject,
                "timepoint": timepoint,
                "scan_on": scan_on,
                "modality": modality,
                "reader": reader,
                "response": response,
                "has_comment": has_comment,
                "event_id": event_id,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        study = d.pop("study")

        subject = d.pop("subject")

        timepoint = d.pop("timepoint")

        scan_on = datetime.date.fromisoformat(d.pop("scan_on"))

        modality = Modality(d.pop("modality"))

        reader = Reader(d.pop("reader"))

        response = Response(d.pop("response"))

        has_comment = d.pop("has_comment")

        event_id = UUID(d.pop("event_id"))

        tumour_assessment_view = cls(
            study=study,
            subject=subject,
            timepoint=timepoint,
            scan_on=scan_on,
            modality=modality,
            reader=reader,
            response=response,
            has_comment=has_comment,
            event_id=event_id,
        )

        tumour_assessment_view.additional_properties = d
        return tumour_assessment_view

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
