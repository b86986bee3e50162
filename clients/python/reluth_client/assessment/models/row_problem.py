from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar

from attrs import define as _attrs_define
from attrs import field as _attrs_field

if TYPE_CHECKING:
    from ..models.row_problem_context import RowProblemContext
    from ..models.violation import Violation


T = TypeVar("T", bound="RowProblem")


@_attrs_define
class RowProblem:
    """Why a row was refused, and what would make it pass."""

    type_: str
    title: str
    remedy: str
    context: RowProblemContext
    errors: list[Violation]
    """ cells by column """
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        type_ = self.type_

        title = self.title

        remedy = self.remedy

        context = self.context.to_dict()

        errors = []
        for errors_item_data in self.errors:
            errors_item = errors_item_data.to_dict()
            errors.append(errors_item)

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "type": type_,
                "title": title,
                "remedy": remedy,
                "context": context,
                "errors": errors,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.row_problem_context import RowProblemContext  # noqa: PLC0415
        from ..models.violation import Violation  # noqa: PLC0415

        d = dict(src_dict)
        type_ = d.pop("type")

        title = d.pop("title")

        remedy = d.pop("remedy")

        context = RowProblemContext.from_dict(d.pop("context"))

        errors = []
        _errors = d.pop("errors")
        for errors_item_data in _errors:
            errors_item = Violation.from_dict(errors_item_data)

            errors.append(errors_item)

        row_problem = cls(
            type_=type_,
            title=title,
            remedy=remedy,
            context=context,
            errors=errors,
        )

        row_problem.additional_properties = d
        return row_problem

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
