from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..models.response import Response
from ..models.rule import Rule

T = TypeVar("T", bound="ChangedView")


@_attrs_define
class ChangedView:
    """A timepoint whose derived response is another one than before."""

    timepoint: str
    before: None | Response
    after: None | Response
    rule: None | Rule
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        timepoint = self.timepoint

        before: None | str
        if isinstance(self.before, Response):
            before = self.before.value
        else:
            before = self.before

        after: None | str
        if isinstance(self.after, Response):
            after = self.after.value
        else:
            after = self.after

        rule: None | str
        if isinstance(self.rule, Rule):
            rule = self.rule.value
        else:
            rule = self.rule

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "timepoint": timepoint,
                "before": before,
                "after": after,
                "rule": rule,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        timepoint = d.pop("timepoint")

        def _parse_before(data: object) -> None | Response:
            if data is None:
                return data
            try:
                if not isinstance(data, str):
                    raise TypeError()
                before_type_0 = Response(data)

                return before_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(None | Response, data)

        before = _parse_before(d.pop("before"))

        def _parse_after(data: object) -> None | Response:
            if data is None:
                return data
            try:
                if not isinstance(data, str):
                    raise TypeError()
                after_type_0 = Response(data)

                return after_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(None | Response, data)

        after = _parse_after(d.pop("after"))

        def _parse_rule(data: object) -> None | Rule:
            if data is None:
                return data
            try:
                if not isinstance(data, str):
                    raise TypeError()
                rule_type_0 = Rule(data)

                return rule_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(None | Rule, data)

        rule = _parse_rule(d.pop("rule"))

        changed_view = cls(
            timepoint=timepoint,
            before=before,
            after=after,
            rule=rule,
        )

        changed_view.additional_properties = d
        return changed_view

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
