from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar, cast
from uuid import UUID

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..models.analyte import Analyte

if TYPE_CHECKING:
    from ..models.grade_view import GradeView


T = TypeVar("T", bound="LaboratoryResultView")


@_attrs_define
class LaboratoryResultView:
    """One result as reported, its grade, and the alert that it raised, if any."""

    study: str
    subject: str
    result: UUID
    analyte: Analyte
    """ Laboratory analytes that are graded so far. """
    value: str
    unit: str
    lower_limit: None | str
    upper_limit: None | str
    sampled_on: datetime.date
    grade: GradeView
    """ The grade that a value establishes. The two ends differ while something that decides is missing. """
    alerts: list[UUID]
    event_id: UUID
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        study = self.study

        subject = self.subject

        result = str(self.result)

        analyte = self.analyte.value

        value = self.value

        unit = self.unit

        lower_limit: None | str
        lower_limit = self.lower_limit

        upper_limit: None | str
        upper_limit = self.upper_limit

        sampled_on = self.sampled_on.isoformat()

        grade = self.grade.to_dict()

        alerts = []
        for alerts_item_data in self.alerts:
            alerts_item = str(alerts_item_data)
            alerts.append(alerts_item)

        event_id = str(self.event_id)

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "study": study,
                "subject": subject,
                "result": result,
                "analyte": analyte,
                "value": value,
                "unit": unit,
                "lower_limit": lower_limit,
                "upper_limit": upper_limit,
                "sampled_on": sampled_on,
                "grade": grade,
                "alerts": alerts,
                "event_id": event_id,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.grade_view import GradeView  # noqa: PLC0415

        d = dict(src_dict)
        study = d.pop("study")

        subject = d.pop("subject")

        result = UUID(d.pop("result"))

        analyte = Analyte(d.pop("analyte"))

        value = d.pop("value")

        unit = d.pop("unit")

        def _parse_lower_limit(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        lower_limit = _parse_lower_limit(d.pop("lower_limit"))

        def _parse_upper_limit(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        upper_limit = _parse_upper_limit(d.pop("upper_limit"))

        sampled_on = datetime.date.fromisoformat(d.pop("sampled_on"))

        grade = GradeView.from_dict(d.pop("grade"))

        alerts = []
        _alerts = d.pop("alerts")
        for alerts_item_data in _alerts:
            alerts_item = UUID(alerts_item_data)

            alerts.append(alerts_item)

        event_id = UUID(d.pop("event_id"))

        laboratory_result_view = cls(
            study=study,
            subject=subject,
            result=result,
            analyte=analyte,
            value=value,
            unit=unit,
            lower_limit=lower_limit,
            upper_limit=upper_limit,
            sampled_on=sampled_on,
            grade=grade,
            alerts=alerts,
            event_id=event_id,
        )

        laboratory_result_view.additional_properties = d
        return laboratory_result_view

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
