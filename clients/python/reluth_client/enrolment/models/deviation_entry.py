from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import (
    Any,
    Literal,
    TypeVar,
    cast,
)

from attrs import define as _attrs_define

from ..models.severity import Severity
from ..types import UNSET, Unset

T = TypeVar("T", bound="DeviationEntry")


@_attrs_define
class DeviationEntry:
    severity: Severity
    """ Of a deviation. A major one takes the subject out of the per-protocol set (digest 2, ruling 17). """
    occurred_on: datetime.date
    kind: Literal["deviation"]
    visit: None | str | Unset = UNSET
    tells_arm: bool | Unset = False
    note: None | str | Unset = UNSET

    def to_dict(self) -> dict[str, Any]:
        severity = self.severity.value

        occurred_on = self.occurred_on.isoformat()

        kind = self.kind

        visit: None | str | Unset
        if isinstance(self.visit, Unset):
            visit = UNSET
        else:
            visit = self.visit

        tells_arm = self.tells_arm

        note: None | str | Unset
        if isinstance(self.note, Unset):
            note = UNSET
        else:
            note = self.note

        field_dict: dict[str, Any] = {}

        field_dict.update(
            {
                "severity": severity,
                "occurred_on": occurred_on,
                "kind": kind,
            }
        )
        if visit is not UNSET:
            field_dict["visit"] = visit
        if tells_arm is not UNSET:
            field_dict["tells_arm"] = tells_arm
        if note is not UNSET:
            field_dict["note"] = note

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        severity = Severity(d.pop("severity"))

        occurred_on = datetime.date.fromisoformat(d.pop("occurred_on"))

        kind = cast(Literal["deviation"], d.pop("kind"))
        if kind != "deviation":
            raise ValueError(f"kind must match const 'deviation', got '{kind}'")

        def _parse_visit(data: object) -> None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(None | str | Unset, data)

        visit = _parse_visit(d.pop("visit", UNSET))

        tells_arm = d.pop("tells_arm", UNSET)

        def _parse_note(data: object) -> None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(None | str | Unset, data)

        note = _parse_note(d.pop("note", UNSET))

        deviation_entry = cls(
            severity=severity,
            occurred_on=occurred_on,
            kind=kind,
            visit=visit,
            tells_arm=tells_arm,
            note=note,
        )

        return deviation_entry
