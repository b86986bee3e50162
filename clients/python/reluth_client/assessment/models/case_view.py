from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar, cast
from uuid import UUID

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..models.case_view_task_type_0 import CaseViewTaskType0

if TYPE_CHECKING:
    from ..models.difference_view import DifferenceView
    from ..models.lesions_view import LesionsView
    from ..models.scan_view import ScanView


T = TypeVar("T", bound="CaseView")


@_attrs_define
class CaseView:
    """A case as one of its readers sees it: up to the scan that is to be read, and nothing of the other reader."""

    case: UUID
    task: CaseViewTaskType0 | None
    """ what is to be done next; null: nothing now """
    next_: int | None
    """ the scan that it is about """
    scans: list[ScanView]
    lesions: LesionsView | None
    differences: list[DifferenceView]
    """ for the adjudicator alone """
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        from ..models.lesions_view import LesionsView  # noqa: PLC0415

        case = str(self.case)

        task: None | str
        if isinstance(self.task, CaseViewTaskType0):
            task = self.task.value
        else:
            task = self.task

        next_: int | None
        next_ = self.next_

        scans = []
        for scans_item_data in self.scans:
            scans_item = scans_item_data.to_dict()
            scans.append(scans_item)

        lesions: dict[str, Any] | None
        if isinstance(self.lesions, LesionsView):
            lesions = self.lesions.to_dict()
        else:
            lesions = self.lesions

        differences = []
        for differences_item_data in self.differences:
            differences_item = differences_item_data.to_dict()
            differences.append(differences_item)

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "case": case,
                "task": task,
                "next": next_,
                "scans": scans,
                "lesions": lesions,
                "differences": differences,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.difference_view import DifferenceView  # noqa: PLC0415
        from ..models.lesions_view import LesionsView  # noqa: PLC0415
        from ..models.scan_view import ScanView  # noqa: PLC0415

        d = dict(src_dict)
        case = UUID(d.pop("case"))

        def _parse_task(data: object) -> CaseViewTaskType0 | None:
            if data is None:
                return data
            try:
                if not isinstance(data, str):
                    raise TypeError()
                task_type_0 = CaseViewTaskType0(data)

                return task_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(CaseViewTaskType0 | None, data)

        task = _parse_task(d.pop("task"))

        def _parse_next_(data: object) -> int | None:
            if data is None:
                return data
            return cast(int | None, data)

        next_ = _parse_next_(d.pop("next"))

        scans = []
        _scans = d.pop("scans")
        for scans_item_data in _scans:
            scans_item = ScanView.from_dict(scans_item_data)

            scans.append(scans_item)

        def _parse_lesions(data: object) -> LesionsView | None:
            if data is None:
                return data
            try:
                if not isinstance(data, dict):
                    raise TypeError()
                lesions_type_0 = LesionsView.from_dict(data)

                return lesions_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(LesionsView | None, data)

        lesions = _parse_lesions(d.pop("lesions"))

        differences = []
        _differences = d.pop("differences")
        for differences_item_data in _differences:
            differences_item = DifferenceView.from_dict(differences_item_data)

            differences.append(differences_item)

        case_view = cls(
            case=case,
            task=task,
            next_=next_,
            scans=scans,
            lesions=lesions,
            differences=differences,
        )

        case_view.additional_properties = d
        return case_view

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
