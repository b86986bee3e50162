from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import Any, TypeVar

from attrs import define as _attrs_define
from attrs import field as _attrs_field

T = TypeVar("T", bound="RandomizedSubject")


@_attrs_define
class RandomizedSubject:
    """One line of the list of randomized subjects: without the arm and without the stratum."""

    randomization_number: int
    subject: str
    randomization_date: datetime.date
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        randomization_number = self.randomization_number

        subject = self.subject

        randomization_date = self.randomization_date.isoformat()

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "randomization_number": randomization_number,
                "subject": subject,
                "randomization_date": randomization_date,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        randomization_number = d.pop("randomization_number")

        subject = d.pop("subject")

        randomization_date = datetime.date.fromisoformat(d.pop("randomization_date"))

        randomized_subject = cls(
            randomization_number=randomization_number,
            subject=subject,
            randomization_date=randomization_date,
        )

        randomized_subject.additional_properties = d
        return randomized_subject

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
