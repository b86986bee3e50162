from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import Any, TypeVar

from attrs import define as _attrs_define

from ..models.run_in_exit import RunInExit

T = TypeVar("T", bound="ExitBody")


@_attrs_define
class ExitBody:
    """Why an included subject will not be randomized. A death is recorded as such and ends the run-in by itself."""

    reason: RunInExit
    """ Why a subject left between inclusion and randomization. Only `PROGRESSION` is the paper's screen failure.
    """
    ended_on: datetime.date

    def to_dict(self) -> dict[str, Any]:
        reason = self.reason.value

        ended_on = self.ended_on.isoformat()

        field_dict: dict[str, Any] = {}

        field_dict.update(
            {
                "reason": reason,
                "ended_on": ended_on,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        reason = RunInExit(d.pop("reason"))

        ended_on = datetime.date.fromisoformat(d.pop("ended_on"))

        exit_body = cls(
            reason=reason,
            ended_on=ended_on,
        )

        return exit_body
