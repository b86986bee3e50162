from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import Any, TypeVar, cast

from attrs import define as _attrs_define

from ..types import UNSET, Unset

T = TypeVar("T", bound="ResumptionBody")


@_attrs_define
class ResumptionBody:
    """Why a site is resumed, and from which day on."""

    reason: str
    """ kept in clear for ever; no names, please """
    resumed_on: datetime.date | None | Unset = UNSET
    """ today if absent """

    def to_dict(self) -> dict[str, Any]:
        reason = self.reason

        resumed_on: None | str | Unset
        if isinstance(self.resumed_on, Unset):
            resumed_on = UNSET
        elif isinstance(self.resumed_on, datetime.date):
            resumed_on = self.resumed_on.isoformat()
        else:
            resumed_on = self.resumed_on

        field_dict: dict[str, Any] = {}

        field_dict.update(
            {
                "reason": reason,
            }
        )
        if resumed_on is not UNSET:
            field_dict["resumed_on"] = resumed_on

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        reason = d.pop("reason")

        def _parse_resumed_on(data: object) -> datetime.date | None | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            try:
                if not isinstance(data, str):
                    raise TypeError()
                resumed_on_type_0 = datetime.date.fromisoformat(data)

                return resumed_on_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(datetime.date | None | Unset, data)

        resumed_on = _parse_resumed_on(d.pop("resumed_on", UNSET))

        resumption_body = cls(
            reason=reason,
            resumed_on=resumed_on,
        )

        return resumption_body
