from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import Any, TypeVar, cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..models.basis import Basis
from ..models.modality import Modality
from ..models.response import Response

T = TypeVar("T", bound="ReviewScanView")


@_attrs_define
class ReviewScanView:
    """A scan in the central review, as the trial's people see it. Responses are shown to few."""

    timepoint: str
    scan_on: datetime.date
    modality: Modality
    """ Imaging that RECIST 1.1 accepts for measurable disease here. """
    study_uid: str
    images: None | str
    """ where a central reader looks at them; null where that was not set up """
    submitted_on: datetime.date
    reads_locked: int
    """ of two """
    settled_on: datetime.date | None
    response: None | Response
    """ null: not settled, or not for you """
    basis: Basis | None
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        timepoint = self.timepoint

        scan_on = self.scan_on.isoformat()

        modality = self.modality.value

        study_uid = self.study_uid

        images: None | str
        images = self.images

        submitted_on = self.submitted_on.isoformat()

        reads_locked = self.reads_locked

        settled_on: None | str
        if isinstance(self.settled_on, datetime.date):
            settled_on = self.settled_on.isoformat()
        else:
            settled_on = self.settled_on

        response: None | str
        if isinstance(self.response, Response):
            response = self.response.value
        else:
            response = self.response

        basis: None | str
        if isinstance(self.basis, Basis):
            basis = self.basis.value
        else:
            basis = self.basis

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "timepoint": timepoint,
                "scan_on": scan_on,
                "modality": modality,
                "study_uid": study_uid,
                "images": images,
                "submitted_on": submitted_on,
                "reads_locked": reads_locked,
                "settled_on": settled_on,
                "response": response,
                "basis": basis,
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

        def _parse_images(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        images = _parse_images(d.pop("images"))

        submitted_on = datetime.date.fromisoformat(d.pop("submitted_on"))

        reads_locked = d.pop("reads_locked")

        def _parse_settled_on(data: object) -> datetime.date | None:
            if data is None:
                return data
            try:
                if not isinstance(data, str):
                    raise TypeError()
                settled_on_type_0 = datetime.date.fromisoformat(data)

                return settled_on_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(datetime.date | None, data)

        settled_on = _parse_settled_on(d.pop("settled_on"))

        def _parse_response(data: object) -> None | Response:
            if data is None:
                return data
            try:
                if not isinstance(data, str):
                    raise TypeError()
                response_type_0 = Response(data)

                return response_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(None | Response, data)

        response = _parse_response(d.pop("response"))

        def _parse_basis(data: object) -> Basis | None:
            if data is None:
                return data
            try:
                if not isinstance(data, str):
                    raise TypeError()
                basis_type_0 = Basis(data)

                return basis_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(Basis | None, data)

        basis = _parse_basis(d.pop("basis"))

        review_scan_view = cls(
            timepoint=timepoint,
            scan_on=scan_on,
            modality=modality,
            study_uid=study_uid,
            images=images,
            submitted_on=submitted_on,
            reads_locked=reads_locked,
            settled_on=settled_on,
            response=response,
            basis=basis,
        )

        review_scan_view.additional_properties = d
        return review_scan_view

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
