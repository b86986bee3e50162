from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar

from attrs import define as _attrs_define
from attrs import field as _attrs_field

if TYPE_CHECKING:
    from ..models.visit_view import VisitView


T = TypeVar("T", bound="SubjectVisits")


@_attrs_define
class SubjectVisits:
    """The visits of one subject on a day, by target date."""

    subject: str
    site: str
    on: datetime.date
    """ the clinical day of which the statuses are """
    visits: list[VisitView]
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        subject = self.subject

        site = self.site

        on = self.on.isoformat()

        visits = []
        for visits_item_data in self.visits:
            visits_item = visits_item_data.to_dict()
            visits.append(visits_item)

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "subject": subject,
                "site": site,
                "on": on,
                "visits": visits,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.visit_view import VisitView  # noqa: PLC0415

        d = dict(src_dict)
        subject = d.pop("subject")

        site = d.pop("site")

        on = datetime.date.fromisoformat(d.pop("on"))

        visits = []
        _visits = d.pop("visits")
        for visits_item_data in _visits:
            visits_item = VisitView.from_dict(visits_item_data)

            visits.append(visits_item)

        subject_visits = cls(
            subject=subject,
            site=site,
            on=on,
            visits=visits,
        )

        subject_visits.additional_properties = d
        return subject_visits

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
