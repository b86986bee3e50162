from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import Any, TypeVar

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..models.run_in_exit import RunInExit

T = TypeVar("T", bound="ExitView")


@_attrs_define
class ExitView:
    """The end of the run-in without randomization."""

    reason: RunInExit
    """ Why a subject left between inclusion and randomization. Only `PROGRESSION` is the paper's screen failure.
    """
    ended_on: datetime.date
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        reason = self.reason.value

        ended_on = self.ended_on.isoformat()

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
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

        exit_view = cls(
            reason=reason,
            ended_on=ended_on,
        )

        exit_view.additional_properties = d
        return exit_view

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
