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
    from ..models.attempt_body import AttemptBody


T = TypeVar("T", bound="LossEntry")


@_attrs_define
class LossEntry:
    declared_on: datetime.date
    attempts: list[AttemptBody]
    kind: Literal["loss"]
    note: None | str | Unset = UNSET

    def to_dict(self) -> dict[str, Any]:
        declared_on = self.declared_on.isoformat()

        attempts = []
        for attempts_item_data in self.attempts:
            attempts_item = attempts_item_data.to_dict()
            attempts.append(attempts_item)

        kind = self.kind

        note: None | str | Unset
        if isinstance(self.note, Unset):
            note = UNSET
        else:
            note = self.note

        field_dict: dict[str, Any] = {}

        field_dict.update(
            {
                "declared_on": declared_on,
                "attempts": attempts,
                "kind": kind,
            }
        )
        if note is not UNSET:
            field_dict["note"] = note

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

        kind = cast(Literal["loss"], d.pop("kind"))
        if kind != "loss":
            raise ValueError(f"kind must match const 'loss', got '{kind}'")

        def _parse_note(data: object) -> None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(None | str | Unset, data)

        note = _parse_note(d.pop("note", UNSET))

        loss_entry = cls(
            declared_on=declared_on,
            attempts=attempts,
            kind=kind,
            note=note,
        )

        return loss_entry
