from __future__ import annotations

from collections.abc import Mapping
from typing import (
    TYPE_CHECKING,
    Any,
    Literal,
    TypeVar,
    cast,
)

from attrs import define as _attrs_define

if TYPE_CHECKING:
    from ..models.finding_body import FindingBody


T = TypeVar("T", bound="FindingsEntry")


@_attrs_define
class FindingsEntry:
    findings: list[FindingBody]
    kind: Literal["findings"]

    def to_dict(self) -> dict[str, Any]:
        findings = []
        for findings_item_data in self.findings:
            findings_item = findings_item_data.to_dict()
            findings.append(findings_item)

        kind = self.kind

        field_dict: dict[str, Any] = {}

        field_dict.update(
            {
                "findings": findings,
                "kind": kind,
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

        kind = cast(Literal["findings"], d.pop("kind"))
        if kind != "findings":
            raise ValueError(f"kind must match const 'findings', got '{kind}'")

        findings_entry = cls(
            findings=findings,
            kind=kind,
        )

        return findings_entry
