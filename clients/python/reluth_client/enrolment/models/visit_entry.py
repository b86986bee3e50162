from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import (
    TYPE_CHECKING,
    Any,
    Literal,
    TypeVar,
    cast,
)

from attrs import define as _attrs_define

from ..types import UNSET, Unset

if TYPE_CHECKING:
    from ..models.form_body import FormBody


T = TypeVar("T", bound="VisitEntry")


@_attrs_define
class VisitEntry:
    visit: str
    performed_on: datetime.date
    kind: Literal["visit"]
    forms: list[FormBody] | Unset = UNSET
    note: None | str | Unset = UNSET

    def to_dict(self) -> dict[str, Any]:
        visit = self.visit

        performed_on = self.performed_on.isoformat()

        kind = self.kind

        forms: list[dict[str, Any]] | Unset = UNSET
        if not isinstance(self.forms, Unset):
            forms = []
            for forms_item_data in self.forms:
                forms_item = forms_item_data.to_dict()
                forms.append(forms_item)

        note: None | str | Unset
        if isinstance(self.note, Unset):
            note = UNSET
        else:
            note = self.note

        field_dict: dict[str, Any] = {}

        field_dict.update(
            {
                "visit": visit,
                "performed_on": performed_on,
                "kind": kind,
            }
        )
        if forms is not UNSET:
            field_dict["forms"] = forms
        if note is not UNSET:
            field_dict["note"] = note

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.form_body import FormBody  # noqa: PLC0415

        d = dict(src_dict)
        visit = d.pop("visit")

        performed_on = datetime.date.fromisoformat(d.pop("performed_on"))

        kind = cast(Literal["visit"], d.pop("kind"))
        if kind != "visit":
            raise ValueError(f"kind must match const 'visit', got '{kind}'")

        _forms = d.pop("forms", UNSET)
        forms: list[FormBody] | Unset = UNSET
        if _forms is not UNSET:
            forms = []
            for forms_item_data in _forms:
                forms_item = FormBody.from_dict(forms_item_data)

                forms.append(forms_item)

        def _parse_note(data: object) -> None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(None | str | Unset, data)

        note = _parse_note(d.pop("note", UNSET))

        visit_entry = cls(
            visit=visit,
            performed_on=performed_on,
            kind=kind,
            forms=forms,
            note=note,
        )

        return visit_entry
