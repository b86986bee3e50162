from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import Any, TypeVar
from uuid import UUID

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..models.grade import Grade

T = TypeVar("T", bound="AlertRow")


@_attrs_define
class AlertRow:
    """An alert as safety raised it."""

    alert: UUID
    subject: str
    site: str
    rule: str
    rule_version: int
    priority: int
    """ 1 is the most urgent """
    term: int
    """ code that the NCI publishes with CTCAE """
    grade: Grade
    """ 0 is "within limits"; 5 is death. Laboratory terms never reach 5 (safety 2.3, C8). """
    evidence: UUID
    """ the fact that the rule fired on """
    raised_at: datetime.datetime
    open_: bool
    """ whether its condition still holds; nothing about what a person did with it """
    position: int
    """ place in the log of safety """
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        alert = str(self.alert)

        subject = self.subject

        site = self.site

        rule = self.rule

        rule_version = self.rule_version

        priority = self.priority

        term = self.term

        grade = self.grade.value

        evidence = str(self.evidence)

        raised_at = self.raised_at.isoformat()

        open_ = self.open_

        position = self.position

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "alert": alert,
                "subject": subject,
                "site": site,
                "rule": rule,
                "rule_version": rule_version,
                "priority": priority,
                "term": term,
                "grade": grade,
                "evidence": evidence,
                "raised_at": raised_at,
                "open": open_,
                "position": position,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        alert = UUID(d.pop("alert"))

        subject = d.pop("subject")

        site = d.pop("site")

        rule = d.pop("rule")

        rule_version = d.pop("rule_version")

        priority = d.pop("priority")

        term = d.pop("term")

        grade = Grade(d.pop("grade"))

        evidence = UUID(d.pop("evidence"))

        raised_at = datetime.datetime.fromisoformat(d.pop("raised_at"))

        open_ = d.pop("open")

        position = d.pop("position")

        alert_row = cls(
            alert=alert,
            subject=subject,
            site=site,
            rule=rule,
            rule_version=rule_version,
            priority=priority,
            term=term,
            grade=grade,
            evidence=evidence,
            raised_at=raised_at,
            open_=open_,
            position=position,
        )

        alert_row.additional_properties = d
        return alert_row

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
