from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import Any, TypeVar

from attrs import define as _attrs_define

from ..models.withdrawal_scope import WithdrawalScope

T = TypeVar("T", bound="WithdrawalBody")


@_attrs_define
class WithdrawalBody:
    """What the subject withdraws from. A wider scope contains the narrower ones."""

    scope: WithdrawalScope
    """ What a subject withdraws from (digest T20). A wider scope contains the narrower ones before it. """
    withdrawn_on: datetime.date

    def to_dict(self) -> dict[str, Any]:
        scope = self.scope.value

        withdrawn_on = self.withdrawn_on.isoformat()

        field_dict: dict[str, Any] = {}

        field_dict.update(
            {
                "scope": scope,
                "withdrawn_on": withdrawn_on,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        scope = WithdrawalScope(d.pop("scope"))

        withdrawn_on = datetime.date.fromisoformat(d.pop("withdrawn_on"))

        withdrawal_body = cls(
            scope=scope,
            withdrawn_on=withdrawn_on,
        )

        return withdrawal_body
