from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar, cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..models.reason import Reason
from ..models.verdict import Verdict

if TYPE_CHECKING:
    from ..models.eligibility_view_remedies import EligibilityViewRemedies
    from ..models.factor_level import FactorLevel
    from ..models.row_view import RowView


T = TypeVar("T", bound="EligibilityView")


@_attrs_define
class EligibilityView:
    """A gate as it would be decided now. Nothing was recorded."""

    subject: str
    gate: str
    at: datetime.date
    verdict: Verdict
    """ The outcome of a gate. Only `ELIGIBLE` passes; `PENDING` means that something is not known. """
    summary: str
    criteria_version: str
    protocol_sha256: str
    rows: list[RowView]
    decided_elsewhere: list[str]
    """ criteria that are decided when randomization is requested """
    reasons: list[Reason]
    """ what stands in the way of randomization """
    remedies: EligibilityViewRemedies
    """ for each of the reasons, what would change that """
    strata: list[FactorLevel]
    """ levels of the stratification factors, if all are known """
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        subject = self.subject

        gate = self.gate

        at = self.at.isoformat()

        verdict = self.verdict.value

        summary = self.summary

        criteria_version = self.criteria_version

        protocol_sha256 = self.protocol_sha256

        rows = []
        for rows_item_data in self.rows:
            rows_item = rows_item_data.to_dict()
            rows.append(rows_item)

        decided_elsewhere = self.decided_elsewhere

        reasons = []
        for reasons_item_data in self.reasons:
            reasons_item = reasons_item_data.value
            reasons.append(reasons_item)

        remedies = self.remedies.to_dict()

        strata = []
        for strata_item_data in self.strata:
            strata_item = strata_item_data.to_dict()
            strata.append(strata_item)

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "subject": subject,
                "gate": gate,
                "at": at,
                "verdict": verdict,
                "summary": summary,
                "criteria_version": criteria_version,
                "protocol_sha256": protocol_sha256,
                "rows": rows,
                "decided_elsewhere": decided_elsewhere,
                "reasons": reasons,
                "remedies": remedies,
                "strata": strata,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.eligibility_view_remedies import EligibilityViewRemedies  # noqa: PLC0415
        from ..models.factor_level import FactorLevel  # noqa: PLC0415
        from ..models.row_view import RowView  # noqa: PLC0415

        d = dict(src_dict)
        subject = d.pop("subject")

        gate = d.pop("gate")

        at = datetime.date.fromisoformat(d.pop("at"))

        verdict = Verdict(d.pop("verdict"))

        summary = d.pop("summary")

        criteria_version = d.pop("criteria_version")

        protocol_sha256 = d.pop("protocol_sha256")

        rows = []
        _rows = d.pop("rows")
        for rows_item_data in _rows:
            rows_item = RowView.from_dict(rows_item_data)

            rows.append(rows_item)

        decided_elsewhere = cast(list[str], d.pop("decided_elsewhere"))

        reasons = []
        _reasons = d.pop("reasons")
        for reasons_item_data in _reasons:
            reasons_item = Reason(reasons_item_data)

            reasons.append(reasons_item)

        remedies = EligibilityViewRemedies.from_dict(d.pop("remedies"))

        strata = []
        _strata = d.pop("strata")
        for strata_item_data in _strata:
            strata_item = FactorLevel.from_dict(strata_item_data)

            strata.append(strata_item)

        eligibility_view = cls(
            subject=subject,
            gate=gate,
            at=at,
            verdict=verdict,
            summary=summary,
            criteria_version=criteria_version,
            protocol_sha256=protocol_sha256,
            rows=rows,
            decided_elsewhere=decided_elsewhere,
            reasons=reasons,
            remedies=remedies,
            strata=strata,
        )

        eligibility_view.additional_properties = d
        return eligibility_view

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
