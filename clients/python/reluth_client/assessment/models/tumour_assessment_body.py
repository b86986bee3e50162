from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import Any, TypeVar, cast

from attrs import define as _attrs_define

from ..models.modality import Modality
from ..models.response import Response
from ..types import UNSET, Unset

T = TypeVar("T", bound="TumourAssessmentBody")


@_attrs_define
class TumourAssessmentBody:
    """What the investigator read from a scan."""

    timepoint: str
    scan_on: datetime.date
    """ the day of the scan, which dates a progression """
    modality: Modality
    """ Imaging that RECIST 1.1 accepts for measurable disease here. """
    response: Response
    """ Overall response. NON_CR_NON_PD exists only without target lesions (endpoints 4.1 rule 9). """
    comment: None | str | Unset = UNSET
    """ kept sealed, shown to the subject's own site alone; no names, please """

    def to_dict(self) -> dict[str, Any]:
        timepoint = self.timepoint

        scan_on = self.scan_on.isoformat()

        modality = self.modality.value

        response = self.response.value

        comment: None | str | Unset
        if isinstance(self.comment, Unset):
            comment = UNSET
        else:
            comment = self.comment

        field_dict: dict[str, Any] = {}

        field_dict.update(
            {
                "timepoint": timepoint,
                "scan_on": scan_on,
                "modality": modality,
                "response": response,
            }
        )
        if comment is not UNSET:
            field_dict["comment"] = comment

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        timepoint = d.pop("timepoint")

        scan_on = datetime.date.fromisoformat(d.pop("scan_on"))

        modality = Modality(d.pop("modality"))

        response = Response(d.pop("response"))

        def _parse_comment(data: object) -> None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(None | str | Unset, data)

        comment = _parse_comment(d.pop("comment", UNSET))

        tumour_assessment_body = cls(
            timepoint=timepoint,
            scan_on=scan_on,
            modality=modality,
            response=response,
            comment=comment,
        )

        return tumour_assessment_body
