from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import Any, TypeVar, cast
from uuid import UUID

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..models.annotation import Annotation
from ..types import UNSET, Unset

T = TypeVar("T", bound="AnnotationRecorded")


@_attrs_define
class AnnotationRecorded:
    """The answer to who annotates."""

    annotation: Annotation
    """ What turned out to be wrong with a randomization (Yelland 2015). The allocation stands all the same. """
    discovered_on: datetime.date
    reason: None | str
    event_id: UUID
    study: str
    subject: str
    discrepancy: UUID
    """ opened with it """
    other_subject: None | str | Unset = UNSET
    """ the same person's other number, or the person who was meant """
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        annotation = self.annotation.value

        discovered_on = self.discovered_on.isoformat()

        reason: None | str
        reason = self.reason

        event_id = str(self.event_id)

        study = self.study

        subject = self.subject

        discrepancy = str(self.discrepancy)

        other_subject: None | str | Unset
        if isinstance(self.other_subject, Unset):
            other_subject = UNSET
        else:
            other_subject = self.other_subject

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "annotation": annotation,
                "discovered_on": discovered_on,
                "reason": reason,
                "event_id": event_id,
                "study": study,
                "subject": subject,
                "discrepancy": discrepancy,
            }
        )
        if other_subject is not UNSET:
            field_dict["other_subject"] = other_subject

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        annotation = Annotation(d.pop("annotation"))

        discovered_on = datetime.date.fromisoformat(d.pop("discovered_on"))

        def _parse_reason(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        reason = _parse_reason(d.pop("reason"))

        event_id = UUID(d.pop("event_id"))

        study = d.pop("study")

        subject = d.pop("subject")

        discrepancy = UUID(d.pop("discrepancy"))

        def _parse_other_subject(data: object) -> None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(None | str | Unset, data)

        other_subject = _parse_other_subject(d.pop("other_subject", UNSET))

        annotation_recorded = cls(
            annotation=annotation,
            discovered_on=discovered_on,
            reason=reason,
            event_id=event_id,
            study=study,
            subject=subject,
            discrepancy=discrepancy,
            other_subject=other_subject,
        )

        annotation_recorded.additional_properties = d
        return annotation_recorded

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
