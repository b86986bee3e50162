from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar

from attrs import define as _attrs_define

if TYPE_CHECKING:
    from ..models.attempt_body import AttemptBody


T = TypeVar("T", bound="LossBody")


@_attrs_define
class LossBody:
    """Every attempt to reach the subject, and the day on which it was given up."""

    declared_on: datetime.date
    attempts: list[AttemptBody]

    def to_dict(self) -> dict[str, Any]:
        declared_on = self.declared_on.isoformat()

        attempts = []
        for attempts_item_data in self.attempts:
            attempts_item = attempts_item_data.to_dict()
            attempts.append(attempts_item)

        field_dict: dict[str, Any] = {}

        field_dict.update(
            {
                "declared_on": declared_on,
                "attempts": attempts,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.attempt_body import AttemptBody  # noqa: PLC0415

        d = dict(src_dict)
        declared_on = datetime.date.fromisoformat(d.pop("declared_on"))

        attempts = []
        _attempts = d.pop("attempts")
        for attempts_item_data in _attempts:
            attempts_item = AttemptBody.from_dict(attempts_item_data)

            attempts.append(attempts_item)

        loss_body = cls(
            declared_on=declared_on,
            attempts=attempts,
        )

        return loss_body
