from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import Any, TypeVar

from attrs import define as _attrs_define
from attrs import field as _attrs_field

T = TypeVar("T", bound="ReconsentView")


@_attrs_define
class ReconsentView:
    """A subject that has to sign a later version of the consent."""

    subject: str
    signed: str
    """ the version signed last """
    signed_on: datetime.date
    to_sign: str
    due_by: datetime.date
    overdue: bool
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        subject = self.subject

        signed = self.signed

        signed_on = self.signed_on.isoformat()

        to_sign = self.to_sign

        due_by = self.due_by.isoformat()

        overdue = self.overdue

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "subject": subject,
                "signed": signed,
                "signed_on": signed_on,
                "to_sign": to_sign,
                "due_by": due_by,
                "overdue": overdue,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        subject = d.pop("subject")

        signed = d.pop("signed")

        signed_on = datetime.date.fromisoformat(d.pop("signed_on"))

        to_sign = d.pop("to_sign")

        due_by = datetime.date.fromisoformat(d.pop("due_by"))

        overdue = d.pop("overdue")

        reconsent_view = cls(
            subject=subject,
            signed=signed,
            signed_on=signed_on,
            to_sign=to_sign,
            due_by=due_by,
            overdue=overdue,
        )

        reconsent_view.additional_properties = d
        return reconsent_view

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
