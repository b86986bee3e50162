from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

from attrs import define as _attrs_define

from ..models.non_target import NonTarget

T = TypeVar("T", bound="StateBody")


@_attrs_define
class StateBody:
    """A non-target lesion at a timepoint."""

    lesion: str
    state: NonTarget
    """ State of a non-target lesion at one timepoint. """

    def to_dict(self) -> dict[str, Any]:
        lesion = self.lesion

        state = self.state.value

        field_dict: dict[str, Any] = {}

        field_dict.update(
            {
                "lesion": lesion,
                "state": state,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        lesion = d.pop("lesion")

        state = NonTarget(d.pop("state"))

        state_body = cls(
            lesion=lesion,
            state=state,
        )

        return state_body
