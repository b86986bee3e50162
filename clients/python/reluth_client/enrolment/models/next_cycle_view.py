from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar, cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field

if TYPE_CHECKING:
    from ..models.hindrance_view import HindranceView


T = TypeVar("T", bound="NextCycleView")


@_attrs_define
class NextCycleView:
    """The next cycle: its window, the day for which it is planned, and what forbids it on that day.

    It is no advice to treat: laboratory values and adverse events are looked at elsewhere.

    """

    cycle: int
    prescribed_mbq: str
    earliest_on: datetime.date | None
    """ null as long as what it is counted from has not happened """
    target_on: datetime.date | None
    latest_on: datetime.date | None
    planned_on: datetime.date | None
    forbidden_by: list[HindranceView]
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        cycle = self.cycle

        prescribed_mbq = self.prescribed_mbq

        earliest_on: None | str
        if isinstance(self.earliest_on, datetime.date):
            earliest_on = self.earliest_on.isoformat()
        else:
            earliest_on = self.earliest_on

        target_on: None | str
        if isinstance(self.target_on, datetime.date):
            target_on = self.target_on.isoformat()
        else:
            target_on = self.target_on

        latest_on: None | str
        if isinstance(self.latest_on, datetime.date):
            latest_on = self.latest_on.isoformat()
        else:
            latest_on = self.latest_on

        planned_on: None | str
        if isinstance(self.planned_on, datetime.date):
            planned_on = self.planned_on.isoformat()
        else:
            planned_on = self.planned_on

        forbidden_by = []
        for forbidden_by_item_data in self.forbidden_by:
            forbidden_by_item = forbidden_by_item_data.to_dict()
            forbidden_by.append(forbidden_by_item)

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "cycle": cycle,
                "prescribed_mbq": prescribed_mbq,
                "earliest_on": earliest_on,
                "target_on": target_on,
                "latest_on": latest_on,
                "planned_on": planned_on,
                "forbidden_by": forbidden_by,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.hindrance_view import HindranceView  # noqa: PLC0415

        d = dict(src_dict)
        cycle = d.pop("cycle")

        prescribed_mbq = d.pop("prescribed_mbq")

        def _parse_earliest_on(data: object) -> datetime.date | None:
            if data is None:
                return data
            try:
                if not isinstance(data, str):
                    raise TypeError()
                earliest_on_type_0 = datetime.date.fromisoformat(data)

                return earliest_on_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(datetime.date | None, data)

        earliest_on = _parse_earliest_on(d.pop("earliest_on"))

        def _parse_target_on(data: object) -> datetime.date | None:
            if data is None:
                return data
            try:
                if not isinstance(data, str):
                    raise TypeError()
                target_on_type_0 = datetime.date.fromisoformat(data)

                return target_on_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(datetime.date | None, data)

        target_on = _parse_target_on(d.pop("target_on"))

        def _parse_latest_on(data: object) -> datetime.date | None:
            if data is None:
                return data
            try:
                if not isinstance(data, str):
                    raise TypeError()
                latest_on_type_0 = datetime.date.fromisoformat(data)

                return latest_on_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(datetime.date | None, data)

        latest_on = _parse_latest_on(d.pop("latest_on"))

        def _parse_planned_on(data: object) -> datetime.date | None:
            if data is None:
                return data
            try:
                if not isinstance(data, str):
                    raise TypeError()
                planned_on_type_0 = datetime.date.fromisoformat(data)

                return planned_on_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(datetime.date | None, data)

        planned_on = _parse_planned_on(d.pop("planned_on"))

        forbidden_by = []
        _forbidden_by = d.pop("forbidden_by")
        for forbidden_by_item_data in _forbidden_by:
            forbidden_by_item = HindranceView.from_dict(forbidden_by_item_data)

            forbidden_by.append(forbidden_by_item)

        next_cycle_view = cls(
            cycle=cycle,
            prescribed_mbq=prescribed_mbq,
            earliest_on=earliest_on,
            target_on=target_on,
            latest_on=latest_on,
            planned_on=planned_on,
            forbidden_by=forbidden_by,
        )

        next_cycle_view.additional_properties = d
        return next_cycle_view

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
