from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar, cast

from attrs import define as _attrs_define

from ..models.modality import Modality
from ..models.response import Response
from ..types import UNSET, Unset

if TYPE_CHECKING:
    from ..models.seen_body import SeenBody


T = TypeVar("T", bound="AtTimepointBody")


@_attrs_define
class AtTimepointBody:
    """The reading of the scan. A comment is sent with the reading alone."""

    scan_on: datetime.date
    """ the day of the scan, which dates a progression """
    modality: Modality
    """ Imaging that RECIST 1.1 accepts for measurable disease here. """
    response: Response
    """ Overall response. NON_CR_NON_PD exists only without target lesions (endpoints 4.1 rule 9). """
    timepoint: str
    study_uid: None | str | Unset = UNSET
    seen: None | SeenBody | Unset = UNSET
    """ from which the response is derived beside the stated one """

    def to_dict(self) -> dict[str, Any]:
        from ..models.seen_body import SeenBody  # noqa: PLC0415

        scan_on = self.scan_on.isoformat()

        modality = self.modality.value

        response = self.response.value

        timepoint = self.timepoint

        study_uid: None | str | Unset
        if isinstance(self.study_uid, Unset):
            study_uid = UNSET
        else:
            study_uid = self.study_uid

        seen: dict[str, Any] | None | Unset
        if isinstance(self.seen, Unset):
            seen = UNSET
        elif isinstance(self.seen, SeenBody):
            seen = self.seen.to_dict()
        else:
            seen = self.seen

        field_dict: dict[str, Any] = {}

        field_dict.update(
            {
                "scan_on": scan_on,
                "modality": modality,
                "response": response,
                "timepoint": timepoint,
            }
        )
        if study_uid is not UNSET:
            field_dict["study_uid"] = study_uid
        if seen is not UNSET:
            field_dict["seen"] = seen

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.seen_body import SeenBody  # noqa: PLC0415

        d = dict(src_dict)
        scan_on = datetime.date.fromisoformat(d.pop("scan_on"))

        modality = Modality(d.pop("modality"))

        response = Response(d.pop("response"))

        timepoint = d.pop("timepoint")

        def _parse_study_uid(data: object) -> None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(None | str | Unset, data)

        study_uid = _parse_study_uid(d.pop("study_uid", UNSET))

        def _parse_seen(data: object) -> None | SeenBody | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            try:
                if not isinstance(data, dict):
                    raise TypeError()
                seen_type_0 = SeenBody.from_dict(data)

                return seen_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(None | SeenBody | Unset, data)

        seen = _parse_seen(d.pop("seen", UNSET))

        at_timepoint_body = cls(
            scan_on=scan_on,
            modality=modality,
            response=response,
            timepoint=timepoint,
            study_uid=study_uid,
            seen=seen,
        )

        return at_timepoint_body
