from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar, cast
from uuid import UUID

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import UNSET, Unset

if TYPE_CHECKING:
    from ..models.annotation_view import AnnotationView
    from ..models.stratum_level import StratumLevel
    from ..models.verification_view import VerificationView


T = TypeVar("T", bound="RandomizationView")


@_attrs_define
class RandomizationView:
    """One subject with its arm. For the subject's own site and the closed roles."""

    study: str
    subject: str
    randomization_number: int
    randomization_date: datetime.date
    """ day 0 of every visit window and endpoint """
    stratum: list[StratumLevel]
    """ as randomized: never changes """
    arm: str
    event_id: UUID
    authorization: UUID
    """ enrolment's verdict with its evidence """
    annotations: list[AnnotationView] | Unset = UNSET
    """ errors found later; nothing above changes """
    as_verified: None | Unset | VerificationView = UNSET
    """ the strata as last verified """
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        from ..models.verification_view import VerificationView  # noqa: PLC0415

        study = self.study

        subject = self.subject

        randomization_number = self.randomization_number

        randomization_date = self.randomization_date.isoformat()

        stratum = []
        for stratum_item_data in self.stratum:
            stratum_item = stratum_item_data.to_dict()
            stratum.append(stratum_item)

        arm = self.arm

        event_id = str(self.event_id)

        authorization = str(self.authorization)

        annotations: list[dict[str, Any]] | Unset = UNSET
        if not isinstance(self.annotations, Unset):
            annotations = []
            for annotations_item_data in self.annotations:
                annotations_item = annotations_item_data.to_dict()
                annotations.append(annotations_item)

        as_verified: dict[str, Any] | None | Unset
        if isinstance(self.as_verified, Unset):
            as_verified = UNSET
        elif isinstance(self.as_verified, VerificationView):
            as_verified = self.as_verified.to_dict()
        else:
            as_verified = self.as_verified

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "study": study,
                "subject": subject,
                "randomization_number": randomization_number,
                "randomization_date": randomization_date,
                "stratum": stratum,
                "arm": arm,
                "event_id": event_id,
                "authorization": authorization,
            }
        )
        if annotations is not UNSET:
            field_dict["annotations"] = annotations
        if as_verified is not UNSET:
            field_dict["as_verified"] = as_verified

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.annotation_view import AnnotationView  # noqa: PLC0415
        from ..models.stratum_level import StratumLevel  # noqa: PLC0415
        from ..models.verification_view import VerificationView  # noqa: PLC0415

        d = dict(src_dict)
        study = d.pop("study")

        subject = d.pop("subject")

        randomization_number = d.pop("randomization_number")

        randomization_date = datetime.date.fromisoformat(d.pop("randomization_date"))

        stratum = []
        _stratum = d.pop("stratum")
        for stratum_item_data in _stratum:
            stratum_item = StratumLevel.from_dict(stratum_item_data)

            stratum.append(stratum_item)

        arm = d.pop("arm")

        event_id = UUID(d.pop("event_id"))

        authorization = UUID(d.pop("authorization"))

        _annotations = d.pop("annotations", UNSET)
        annotations: list[AnnotationView] | Unset = UNSET
        if _annotations is not UNSET:
            annotations = []
            for annotations_item_data in _annotations:
                annotations_item = AnnotationView.from_dict(annotations_item_data)

                annotations.append(annotations_item)

        def _parse_as_verified(data: object) -> None | Unset | VerificationView:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            try:
                if not isinstance(data, dict):
                    raise TypeError()
                as_verified_type_0 = VerificationView.from_dict(data)

                return as_verified_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(None | Unset | VerificationView, data)

        as_verified = _parse_as_verified(d.pop("as_verified", UNSET))

        randomization_view = cls(
            study=study,
            subject=subject,
            randomization_number=randomization_number,
            randomization_date=randomization_date,
            stratum=stratum,
            arm=arm,
            event_id=event_id,
            authorization=authorization,
            annotations=annotations,
            as_verified=as_verified,
        )

        randomization_view.additional_properties = d
        return randomization_view

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
