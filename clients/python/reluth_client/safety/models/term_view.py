from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..models.grade import Grade

T = TypeVar("T", bound="TermView")


@_attrs_define
class TermView:
    """One term that can be reported, and the grades that exist for it."""

    code: int
    term: str
    soc: str
    grades: list[Grade]
    specify: bool
    """ what the event was has to be said in the narrative """
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        code = self.code

        term = self.term

        soc = self.soc

        grades = []
        for grades_item_data in self.grades:
            grades_item = grades_item_data.value
            grades.append(grades_item)

        specify = self.specify

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "code": code,
                "term": term,
                "soc": soc,
                "grades": grades,
                "specify": specify,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        code = d.pop("code")

        term = d.pop("term")

        soc = d.pop("soc")

        grades = []
        _grades = d.pop("grades")
        for grades_item_data in _grades:
            grades_item = Grade(grades_item_data)

            grades.append(grades_item)

        specify = d.pop("specify")

        term_view = cls(
            code=code,
            term=term,
            soc=soc,
            grades=grades,
            specify=specify,
        )

        term_view.additional_properties = d
        return term_view

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
