from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, cast

from attrs import define as _attrs_define

from ..models.measured_body_state_type_0 import MeasuredBodyStateType0
from ..types import UNSET, Unset

T = TypeVar("T", bound="MeasuredBody")


@_attrs_define
class MeasuredBody:
    """A target lesion at a timepoint: its length, or why there is none."""

    lesion: str
    mm: float | None | str | Unset = UNSET
    state: MeasuredBodyStateType0 | None | Unset = UNSET
    """ instead of `mm` """

    def to_dict(self) -> dict[str, Any]:
        lesion = self.lesion

        mm: float | None | str | Unset
        if isinstance(self.mm, Unset):
            mm = UNSET
        else:
            mm = self.mm

        state: None | str | Unset
        if isinstance(self.state, Unset):
            state = UNSET
        elif isinstance(self.state, MeasuredBodyStateType0):
            state = self.state.value
        else:
            state = self.state

        field_dict: dict[str, Any] = {}

        field_dict.update(
            {
                "lesion": lesion,
            }
        )
        if mm is not UNSET:
            field_dict["mm"] = mm
        if state is not UNSET:
            field_dict["state"] = state

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        lesion = d.pop("lesion")

        def _parse_mm(data: object) -> float | None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(float | None | str | Unset, data)

        mm = _parse_mm(d.pop("mm", UNSET))

        def _parse_state(data: object) -> MeasuredBodyStateType0 | None | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            try:
                if not isinstance(data, str):
                    raise TypeError()
                state_type_0 = MeasuredBodyStateType0(data)

                return state_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(MeasuredBodyStateType0 | None | Unset, data)

        state = _parse_state(d.pop("state", UNSET))

        measured_body = cls(
            lesion=lesion,
            mm=mm,
            state=state,
        )

        return measured_body
