from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import Any, TypeVar, cast
from uuid import UUID

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..models.deviation_kind import DeviationKind
from ..models.severity import Severity

T = TypeVar("T", bound="DeviationView")


@_attrs_define
class DeviationView:
    """A deviation as recorded. `about` is the event that it is about."""

    deviation: DeviationKind
    """ What was not as the protocol has it. """
    severity: Severity
    """ Of a deviation. A major one takes the subject out of the per-protocol set (digest 2, ruling 17). """
    occurred_on: datetime.date
    visit: None | str
    criterion: None | str
    about: None | UUID
    event_id: UUID
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        deviation = self.deviation.value

        severity = self.severity.value

        occurred_on = self.occurred_on.isoformat()

        visit: None | str
        visit = self.visit

        criterion: None | str
        criterion = self.criterion

        about: None | str
        if isinstance(self.about, UUID):
            about = str(self.about)
        else:
            about = self.about

        event_id = str(self.event_id)

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "deviation": deviation,
                "severity": severity,
                "occurred_on": occurred_on,
                "visit": visit,
                "criterion": criterion,
                "about": about,
                "event_id": event_id,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        deviation = DeviationKind(d.pop("deviation"))

        severity = Severity(d.pop("severity"))

        occurred_on = datetime.date.fromisoformat(d.pop("occurred_on"))

        def _parse_visit(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        visit = _parse_visit(d.pop("visit"))

        def _parse_criterion(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        criterion = _parse_criterion(d.pop("criterion"))

        def _parse_about(data: object) -> None | UUID:
            if data is None:
                return data
            try:
                if not isinstance(data, str):
                    raise TypeError()
                about_type_0 = UUID(data)

                return about_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(None | UUID, data)

        about = _parse_about(d.pop("about"))

        event_id = UUID(d.pop("event_id"))

        deviation_view = cls(
            deviation=deviation,
            severity=severity,
            occurred_on=occurred_on,
            visit=visit,
            criterion=criterion,
            about=about,
            event_id=event_id,
        )

        deviation_view.additional_properties = d
        return deviation_view

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
