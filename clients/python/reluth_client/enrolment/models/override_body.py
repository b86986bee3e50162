from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import Any, TypeVar, cast

from attrs import define as _attrs_define

from ..types import UNSET, Unset

T = TypeVar("T", bound="OverrideBody")


@_attrs_define
class OverrideBody:
    """A criterion that is to stand in a subject's way no longer, and why. The reason is sealed."""

    gate: int
    """ 1 inclusion, 2 randomization """
    criterion: str
    reason: str
    overridden_on: datetime.date | None | Unset = UNSET
    """ today if absent """

    def to_dict(self) -> dict[str, Any]:
        gate = self.gate

        criterion = self.criterion

        reason = self.reason

        overridden_on: None | str | Unset
        if isinstance(self.overridden_on, Unset):
            overridden_on = UNSET
        elif isinstance(self.overridden_on, datetime.date):
            overridden_on = self.overridden_on.isoformat()
        else:
            overridden_on = self.overridden_on

        field_dict: dict[str, Any] = {}

        field_dict.update(
            {
                "gate": gate,
                "criterion": criterion,
                "reason": reason,
            }
        )
        if overridden_on is not UNSET:
            field_dict["overridden_on"] = overridden_on

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        gate = d.pop("gate")

        criterion = d.pop("criterion")

        reason = d.pop("reason")

        def _parse_overridden_on(data: object) -> datetime.date | None | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            try:
                if not isinstance(data, str):
                    raise TypeError()
                overridden_on_type_0 = datetime.date.fromisoformat(data)

                return overridden_on_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(datetime.date | None | Unset, data)

        overridden_on = _parse_overridden_on(d.pop("overridden_on", UNSET))

        override_body = cls(
            gate=gate,
            criterion=criterion,
            reason=reason,
            overridden_on=overridden_on,
        )

        return override_body
