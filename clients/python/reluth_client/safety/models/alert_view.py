from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import Any, TypeVar, cast
from uuid import UUID

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..models.grade import Grade

T = TypeVar("T", bound="AlertView")


@_attrs_define
class AlertView:
    """One alert. `open`: the condition still holds, or has not been shown to be over."""

    alert: UUID
    study: str
    subject: str
    rule: str
    rule_version: int
    term_name: None | str
    priority: int
    """ 1 now, 2 the same day, 3 work-list, 4 digest """
    term: int
    grade: Grade
    """ 0 is "within limits"; 5 is death. Laboratory terms never reach 5 (safety 2.3, C8). """
    evidence: UUID
    """ the event that raised it """
    raised_at: datetime.datetime
    open_: bool
    closed_by: None | UUID
    """ the event after which the episode was over """
    position: int
    """ place of the alert in safety's log """
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        alert = str(self.alert)

        study = self.study

        subject = self.subject

        rule = self.rule

        rule_version = self.rule_version

        term_name: None | str
        term_name = self.term_name

        priority = self.priority

        term = self.term

        grade = self.grade.value

        evidence = str(self.evidence)

        raised_at = self.raised_at.isoformat()

        open_ = self.open_

        closed_by: None | str
        if isinstance(self.closed_by, UUID):
            closed_by = str(self.closed_by)
        else:
            closed_by = self.closed_by

        position = self.position

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "alert": alert,
                "study": study,
                "subject": subject,
                "rule": rule,
                "rule_version": rule_version,
                "term_name": term_name,
                "priority": priority,
                "term": term,
                "grade": grade,
                "evidence": evidence,
                "raised_at": raised_at,
                "open": open_,
                "closed_by": closed_by,
                "position": position,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        alert = UUID(d.pop("alert"))

        study = d.pop("study")

        subject = d.pop("subject")

        rule = d.pop("rule")

        rule_version = d.pop("rule_version")

        def _parse_term_name(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        term_name = _parse_term_name(d.pop("term_name"))

        priority = d.pop("priority")

        term = d.pop("term")

        grade = Grade(d.pop("grade"))

        evidence = UUID(d.pop("evidence"))

        raised_at = datetime.datetime.fromisoformat(d.pop("raised_at"))

        open_ = d.pop("open")

        def _parse_closed_by(data: object) -> None | UUID:
            if data is None:
                return data
            try:
                if not isinstance(data, str):
                    raise TypeError()
                closed_by_type_0 = UUID(data)

                return closed_by_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(None | UUID, data)

        closed_by = _parse_closed_by(d.pop("closed_by"))

        position = d.pop("position")

        alert_view = cls(
            alert=alert,
            study=study,
            subject=subject,
            rule=rule,
            rule_version=rule_version,
            term_name=term_name,
            priority=priority,
            term=term,
            grade=grade,
            evidence=evidence,
            raised_at=raised_at,
            open_=open_,
            closed_by=closed_by,
            position=position,
        )

        alert_view.additional_properties = d
        return alert_view

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
