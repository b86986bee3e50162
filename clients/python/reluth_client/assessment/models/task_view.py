from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, cast
from uuid import UUID

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..models.modality import Modality
from ..models.task_view_task import TaskViewTask

T = TypeVar("T", bound="TaskView")


@_attrs_define
class TaskView:
    """Something that waits for a reader."""

    case: UUID
    task: TaskViewTask
    held: bool
    """ whether you have a place in the case; if not, claim one first """
    sequence: int
    """ of the scan in the case; the baseline is 0 """
    days_from_baseline: int
    """ between the scans """
    modality: Modality
    """ Imaging that RECIST 1.1 accepts for measurable disease here. """
    study_uid: str
    images: None | str
    """ where a central reader looks at them; null where that was not set up """
    waiting_days: int
    """ since it was submitted """
    due_in_days: int
    """ below 0: overdue """
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        case = str(self.case)

        task = self.task.value

        held = self.held

        sequence = self.sequence

        days_from_baseline = self.days_from_baseline

        modality = self.modality.value

        study_uid = self.study_uid

        images: None | str
        images = self.images

        waiting_days = self.waiting_days

        due_in_days = self.due_in_days

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "case": case,
                "task": task,
                "held": held,
                "sequence": sequence,
                "days_from_baseline": days_from_baseline,
                "modality": modality,
                "study_uid": study_uid,
                "images": images,
                "waiting_days": waiting_days,
                "due_in_days": due_in_days,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        case = UUID(d.pop("case"))

        task = TaskViewTask(d.pop("task"))

        held = d.pop("held")

        sequence = d.pop("sequence")

        days_from_baseline = d.pop("days_from_baseline")

        modality = Modality(d.pop("modality"))

        study_uid = d.pop("study_uid")

        def _parse_images(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        images = _parse_images(d.pop("images"))

        waiting_days = d.pop("waiting_days")

        due_in_days = d.pop("due_in_days")

        task_view = cls(
            case=case,
            task=task,
            held=held,
            sequence=sequence,
            days_from_baseline=days_from_baseline,
            modality=modality,
            study_uid=study_uid,
            images=images,
            waiting_days=waiting_days,
            due_in_days=due_in_days,
        )

        task_view.additional_properties = d
        return task_view

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
