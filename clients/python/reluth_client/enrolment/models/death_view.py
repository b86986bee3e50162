from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import Any, TypeVar

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..models.death_cause import DeathCause

T = TypeVar("T", bound="DeathView")


@_attrs_define
class DeathView:
    """The death."""

    died_on: datetime.date
    cause: DeathCause
    """ Cause of death, as coarse as the digest's catalogue has it (5.1). """
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        died_on = self.died_on.isoformat()

        cause = self.cause.value

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "died_on": died_on,
                "cause": cause,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        died_on = datetime.date.fromisoformat(d.pop("died_on"))

        cause = DeathCause(d.pop("cause"))

        death_view = cls(
            died_on=died_on,
            cause=cause,
        )

        death_view.additional_properties = d
        return death_view

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
