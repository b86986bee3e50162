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

from ..models.withdrawal_scope import WithdrawalScope

T = TypeVar("T", bound="WithdrawalEntry")


@_attrs_define
class WithdrawalEntry:
    scope: WithdrawalScope
    """ What a subject withdraws from (digest T20). A wider scope contains the narrower ones before it. """
    withdrawn_on: datetime.date
    kind: Literal["withdrawal"]

    def to_dict(self) -> dict[str, Any]:
        scope = self.scope.value

        withdrawn_on = self.withdrawn_on.isoformat()

        kind = self.kind

        field_dict: dict[str, Any] = {}

        field_dict.update(
            {
                "scope": scope,
                "withdrawn_on": withdrawn_on,
                "kind": kind,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        scope = WithdrawalScope(d.pop("scope"))

        withdrawn_on = datetime.date.fromisoformat(d.pop("withdrawn_on"))

        kind = cast(Literal["withdrawal"], d.pop("kind"))
        if kind != "withdrawal":
            raise ValueError(f"kind must match const 'withdrawal', got '{kind}'")

        withdrawal_entry = cls(
            scope=scope,
            withdrawn_on=withdrawn_on,
            kind=kind,
        )

        return withdrawal_entry
