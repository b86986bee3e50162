from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar

from attrs import define as _attrs_define
from attrs import field as _attrs_field

if TYPE_CHECKING:
    from ..models.change_view import ChangeView
    from ..models.deterioration_view import DeteriorationView


T = TypeVar("T", bound="CourseView")


@_attrs_define
class CourseView:
    """One questionnaire over time."""

    questionnaire: str
    map_checked: bool
    worse_points: str
    changes: list[ChangeView]
    deteriorations: list[DeteriorationView]
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        questionnaire = self.questionnaire

        map_checked = self.map_checked

        worse_points = self.worse_points

        changes = []
        for changes_item_data in self.changes:
            changes_item = changes_item_data.to_dict()
            changes.append(changes_item)

        deteriorations = []
        for deteriorations_item_data in self.deteriorations:
            deteriorations_item = deteriorations_item_data.to_dict()
            deteriorations.append(deteriorations_item)

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "questionnaire": questionnaire,
                "map_checked": map_checked,
                "worse_points": worse_points,
                "changes": changes,
                "deteriorations": deteriorations,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.change_view import ChangeView  # noqa: PLC0415
        from ..models.deterioration_view import DeteriorationView  # noqa: PLC0415

        d = dict(src_dict)
        questionnaire = d.pop("questionnaire")

        map_checked = d.pop("map_checked")

        worse_points = d.pop("worse_points")

        changes = []
        _changes = d.pop("changes")
        for changes_item_data in _changes:
            changes_item = ChangeView.from_dict(changes_item_data)

            changes.append(changes_item)

        deteriorations = []
        _deteriorations = d.pop("deteriorations")
        for deteriorations_item_data in _deteriorations:
            deteriorations_item = DeteriorationView.from_dict(deteriorations_item_data)

            deteriorations.append(deteriorations_item)

        course_view = cls(
            questionnaire=questionnaire,
            map_checked=map_checked,
            worse_points=worse_points,
            changes=changes,
            deteriorations=deteriorations,
        )

        course_view.additional_properties = d
        return course_view

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
