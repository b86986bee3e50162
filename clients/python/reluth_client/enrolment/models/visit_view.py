from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar, cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..models.visit_status import VisitStatus

if TYPE_CHECKING:
    from ..models.form_view import FormView


T = TypeVar("T", bound="VisitView")


@_attrs_define
class VisitView:
    """A visit with its window and what has become of it. Outside its window is a deviation, not a lost visit."""

    visit: str
    name: str
    anchor: str
    anchor_on: datetime.date
    target_on: datetime.date
    earliest_on: datetime.date
    latest_on: datetime.date
    status: VisitStatus
    """ What has become of a planned visit. Outside its window is a deviation, not a lost visit (ruling 11). """
    done_on: datetime.date | None
    forms: list[FormView]
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        visit = self.visit

        name = self.name

        anchor = self.anchor

        anchor_on = self.anchor_on.isoformat()

        target_on = self.target_on.isoformat()

        earliest_on = self.earliest_on.isoformat()

        latest_on = self.latest_on.isoformat()

        status = self.status.value

        done_on: None | str
        if isinstance(self.done_on, datetime.date):
            done_on = self.done_on.isoformat()
        else:
            done_on = self.done_on

        forms = []
        for forms_item_data in self.forms:
            forms_item = forms_item_data.to_dict()
            forms.append(forms_item)

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "visit": visit,
                "name": name,
                "anchor": anchor,
                "anchor_on": anchor_on,
                "target_on": target_on,
                "earliest_on": earliest_on,
                "latest_on": latest_on,
                "status": status,
                "done_on": done_on,
                "forms": forms,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.form_view import FormView  # noqa: PLC0415

        d = dict(src_dict)
        visit = d.pop("visit")

        name = d.pop("name")

        anchor = d.pop("anchor")

        anchor_on = datetime.date.fromisoformat(d.pop("anchor_on"))

        target_on = datetime.date.fromisoformat(d.pop("target_on"))

        earliest_on = datetime.date.fromisoformat(d.pop("earliest_on"))

        latest_on = datetime.date.fromisoformat(d.pop("latest_on"))

        status = VisitStatus(d.pop("status"))

        def _parse_done_on(data: object) -> datetime.date | None:
            if data is None:
                return data
            try:
                if not isinstance(data, str):
                    raise TypeError()
                done_on_type_0 = datetime.date.fromisoformat(data)

                return done_on_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(datetime.date | None, data)

        done_on = _parse_done_on(d.pop("done_on"))

        forms = []
        _forms = d.pop("forms")
        for forms_item_data in _forms:
            forms_item = FormView.from_dict(forms_item_data)

            forms.append(forms_item)

        visit_view = cls(
            visit=visit,
            name=name,
            anchor=anchor,
            anchor_on=anchor_on,
            target_on=target_on,
            earliest_on=earliest_on,
            latest_on=latest_on,
            status=status,
            done_on=done_on,
            forms=forms,
        )

        visit_view.additional_properties = d
        return visit_view

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
