from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import Any, TypeVar, cast

from attrs import define as _attrs_define

from ..types import UNSET, Unset

T = TypeVar("T", bound="PauseBody")


@_attrs_define
class PauseBody:
    """Why a site is paused, and from which day on."""

    reason: str
    """ kept in clear for ever; no names, please """
    paused_on: datetime.date | None | Unset = UNSET
    """ today if absent """

    def to_dict(self) -> dict[str, Any]:
        reason = self.reason

        paused_on: None | str | Unset
        if isinstance(self.paused_on, Unset):
            paused_on = UNSET
        elif isinstance(self.paused_on, datetime.date):
            paused_on = self.paused_on.isoformat()
        else:
            paused_on = self.paused_on

        field_dict: dict[str, Any] = {}

        field_dict.update(
            {
                "reason": reason,
            }
        )
        if paused_on is not UNSET:
            field_dict["paused_on"] = paused_on

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        reason = d.pop("reason")

        def _parse_paused_on(data: object) -> datetime.date | None | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            try:
                if not isinstance(data, str):
                    raise TypeError()
                paused_on_type_0 = datetime.date.fromisoformat(data)

                return paused_on_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(datetime.date | None | Unset, data)

        paused_on = _parse_paused_on(d.pop("paused_on", UNSET))

        pause_body = cls(
            reason=reason,
            paused_on=paused_on,
        )

        return pause_body
