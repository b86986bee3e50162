from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import Any, TypeVar, cast

from attrs import define as _attrs_define

from ..types import UNSET, Unset

T = TypeVar("T", bound="InclusionBody")


@_attrs_define
class InclusionBody:
    """The day as of which gate 1 is evaluated: today, or the day on which the subject was included at the site."""

    included_on: datetime.date | None | Unset = UNSET
    """ today if absent """

    def to_dict(self) -> dict[str, Any]:
        included_on: None | str | Unset
        if isinstance(self.included_on, Unset):
            included_on = UNSET
        elif isinstance(self.included_on, datetime.date):
            included_on = self.included_on.isoformat()
        else:
            included_on = self.included_on

        field_dict: dict[str, Any] = {}

        field_dict.update({})
        if included_on is not UNSET:
            field_dict["included_on"] = included_on

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)

        def _parse_included_on(data: object) -> datetime.date | None | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            try:
                if not isinstance(data, str):
                    raise TypeError()
                included_on_type_0 = datetime.date.fromisoformat(data)

                return included_on_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(datetime.date | None | Unset, data)

        included_on = _parse_included_on(d.pop("included_on", UNSET))

        inclusion_body = cls(
            included_on=included_on,
        )

        return inclusion_body
