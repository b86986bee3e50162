from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar
from uuid import UUID

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..models.release_reason import ReleaseReason

T = TypeVar("T", bound="ReleasedFact")


@_attrs_define
class ReleasedFact:
    """What was recorded of a release."""

    study: str
    subject: str
    text: UUID
    reason: ReleaseReason
    """ Why what was found in a text identifies nobody. """
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        study = self.study

        subject = self.subject

        text = str(self.text)

        reason = self.reason.value

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "study": study,
                "subject": subject,
                "text": text,
                "reason": reason,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        study = d.pop("study")

        subject = d.pop("subject")

        text = UUID(d.pop("text"))

        reason = ReleaseReason(d.pop("reason"))

        released_fact = cls(
            study=study,
            subject=subject,
            text=text,
            reason=reason,
        )

        released_fact.additional_properties = d
        return released_fact

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
