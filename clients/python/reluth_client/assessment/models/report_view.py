from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar

from attrs import define as _attrs_define
from attrs import field as _attrs_field

if TYPE_CHECKING:
    from ..models.row_view import RowView


T = TypeVar("T", bound="ReportView")


@_attrs_define
class ReportView:
    """What became of a file: every row is in it."""

    rows: int
    recorded: int
    already: int
    refused: int
    report: list[RowView]
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        rows = self.rows

        recorded = self.recorded

        already = self.already

        refused = self.refused

        report = []
        for report_item_data in self.report:
            report_item = report_item_data.to_dict()
            report.append(report_item)

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "rows": rows,
                "recorded": recorded,
                "already": already,
                "refused": refused,
                "report": report,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.row_view import RowView  # noqa: PLC0415

        d = dict(src_dict)
        rows = d.pop("rows")

        recorded = d.pop("recorded")

        already = d.pop("already")

        refused = d.pop("refused")

        report = []
        _report = d.pop("report")
        for report_item_data in _report:
            report_item = RowView.from_dict(report_item_data)

            report.append(report_item)

        report_view = cls(
            rows=rows,
            recorded=recorded,
            already=already,
            refused=refused,
            report=report,
        )

        report_view.additional_properties = d
        return report_view

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
