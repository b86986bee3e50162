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

from ..models.run_in_exit import RunInExit

T = TypeVar("T", bound="ExitEntry")


@_attrs_define
class ExitEntry:
    reason: RunInExit
    """ Why a subject left between inclusion and randomization. Only `PROGRESSION` is the paper's screen failure.
    """
    ended_on: datetime.date
    kind: Literal["run_in_exit"]

    def to_dict(self) -> dict[str, Any]:
        reason = self.reason.value

        ended_on = self.ended_on.isoformat()

        kind = self.kind

        field_dict: dict[str, Any] = {}

        field_dict.update(
            {
                "reason": reason,
                "ended_on": ended_on,
                "kind": kind,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        reason = RunInExit(d.pop("reason"))

        ended_on = datetime.date.fromisoformat(d.pop("ended_on"))

        kind = cast(Literal["run_in_exit"], d.pop("kind"))
        if kind != "run_in_exit":
            raise ValueError(f"kind must match const 'run_in_exit', got '{kind}'")

        exit_entry = cls(
            reason=reason,
            ended_on=ended_on,
            kind=kind,
        )

        return exit_entry
