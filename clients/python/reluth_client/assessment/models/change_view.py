from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import Any, TypeVar, cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field

T = TypeVar("T", bound="ChangeView")


@_attrs_define
class ChangeView:
    """A scale on one occasion, compared with its baseline."""

    scale: str
    occasion: str
    completed_on: datetime.date
    score: None | str
    baseline: None | str
    """ the occasion that it is compared with """
    change: None | str
    """ null: one of the two scores is missing """
    worse: bool | None
    """ by as many points as the protocol calls worse """
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        scale = self.scale

        occasion = self.occasion

        completed_on = self.completed_on.isoformat()

        score: None | str
        score = self.score

        baseline: None | str
        baseline = self.baseline

        change: None | str
        change = self.change

        worse: bool | None
        worse = self.worse

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "scale": scale,
                "occasion": occasion,
                "completed_on": completed_on,
                "score": score,
                "baseline": baseline,
                "change": change,
                "worse": worse,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        scale = d.pop("scale")

        occasion = d.pop("occasion")

        completed_on = datetime.date.fromisoformat(d.pop("completed_on"))

        def _parse_score(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        score = _parse_score(d.pop("score"))

        def _parse_baseline(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        baseline = _parse_baseline(d.pop("baseline"))

        def _parse_change(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        change = _parse_change(d.pop("change"))

        def _parse_worse(data: object) -> bool | None:
            if data is None:
                return data
            return cast(bool | None, data)

        worse = _parse_worse(d.pop("worse"))

        change_view = cls(
            scale=scale,
            occasion=occasion,
            completed_on=completed_on,
            score=score,
            baseline=baseline,
            change=change,
            worse=worse,
        )

        change_view.additional_properties = d
        return change_view

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
