from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import Any, TypeVar, cast

from attrs import define as _attrs_define

from ..models.withdrawal_scope import WithdrawalScope
from ..types import UNSET, Unset

T = TypeVar("T", bound="WithdrawalBody")


@_attrs_define
class WithdrawalBody:
    """What the subject withdraws from. A wider scope contains the narrower ones."""

    scope: WithdrawalScope
    """ What a subject withdraws from (digest T20). A wider scope contains the narrower ones before it. """
    withdrawn_on: datetime.date
    note: None | str | Unset = UNSET

    def to_dict(self) -> dict[str, Any]:
        scope = self.scope.value

        withdrawn_on = self.withdrawn_on.isoformat()

        note: None | str | Unset
        if isinstance(self.note, Unset):
            note = UNSET
        else:
            note = self.note

        field_dict: dict[str, Any] = {}

        field_dict.update(
            {
                "scope": scope,
                "withdrawn_on": withdrawn_on,
            }
        )
        if note is not UNSET:
            field_dict["note"] = note

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        scope = WithdrawalScope(d.pop("scope"))

        withdrawn_on = datetime.date.fromisoformat(d.pop("withdrawn_on"))

        def _parse_note(data: object) -> None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(None | str | Unset, data)

        note = _parse_note(d.pop("note", UNSET))

        withdrawal_body = cls(
            scope=scope,
            withdrawn_on=withdrawn_on,
            note=note,
        )

        return withdrawal_body
