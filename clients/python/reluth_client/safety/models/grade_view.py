from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, cast
from uuid import UUID

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..models.grade import Grade

T = TypeVar("T", bound="GradeView")


@_attrs_define
class GradeView:
    """The grade that a value establishes. The two ends differ while something that decides is missing."""

    dictionary: str
    rules_sha256: str
    """ which table of thresholds gave it """
    term: int
    canonical_value: str
    canonical_unit: str
    grade_min: Grade | None
    grade_max: Grade | None
    event_id: UUID
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        dictionary = self.dictionary

        rules_sha256 = self.rules_sha256

        term = self.term

        canonical_value = self.canonical_value

        canonical_unit = self.canonical_unit

        grade_min: int | None
        if isinstance(self.grade_min, Grade):
            grade_min = self.grade_min.value
        else:
            grade_min = self.grade_min

        grade_max: int | None
        if isinstance(self.grade_max, Grade):
            grade_max = self.grade_max.value
        else:
            grade_max = self.grade_max

        event_id = str(self.event_id)

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "dictionary": dictionary,
                "rules_sha256": rules_sha256,
                "term": term,
                "canonical_value": canonical_value,
                "canonical_unit": canonical_unit,
                "grade_min": grade_min,
                "grade_max": grade_max,
                "event_id": event_id,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        dictionary = d.pop("dictionary")

        rules_sha256 = d.pop("rules_sha256")

        term = d.pop("term")

        canonical_value = d.pop("canonical_value")

        canonical_unit = d.pop("canonical_unit")

        def _parse_grade_min(data: object) -> Grade | None:
            if data is None:
                return data
            try:
                if not isinstance(data, int):
                    raise TypeError()
                grade_min_type_0 = Grade(data)

                return grade_min_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(Grade | None, data)

        grade_min = _parse_grade_min(d.pop("grade_min"))

        def _parse_grade_max(data: object) -> Grade | None:
            if data is None:
                return data
            try:
                if not isinstance(data, int):
                    raise TypeError()
                grade_max_type_0 = Grade(data)

                return grade_max_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(Grade | None, data)

        grade_max = _parse_grade_max(d.pop("grade_max"))

        event_id = UUID(d.pop("event_id"))

        grade_view = cls(
            dictionary=dictionary,
            rules_sha256=rules_sha256,
            term=term,
            canonical_value=canonical_value,
            canonical_unit=canonical_unit,
            grade_min=grade_min,
            grade_max=grade_max,
            event_id=event_id,
        )

        grade_view.additional_properties = d
        return grade_view

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
