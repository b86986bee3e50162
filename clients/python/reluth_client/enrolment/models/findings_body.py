from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar

from attrs import define as _attrs_define

if TYPE_CHECKING:
    from ..models.finding_body import FindingBody


T = TypeVar("T", bound="FindingsBody")


@_attrs_define
class FindingsBody:
    """Findings that are recorded together or not at all."""

    findings: list[FindingBody]

    def to_dict(self) -> dict[str, Any]:
        findings = []
        for findings_item_data in self.findings:
            findings_item = findings_item_data.to_dict()
            findings.append(findings_item)

        field_dict: dict[str, Any] = {}

        field_dict.update(
            {
                "findings": findings,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.finding_body import FindingBody  # noqa: PLC0415

        d = dict(src_dict)
        findings = []
        _findings = d.pop("findings")
        for findings_item_data in _findings:
            findings_item = FindingBody.from_dict(findings_item_data)

            findings.append(findings_item)

        findings_body = cls(
            findings=findings,
        )

        return findings_body
