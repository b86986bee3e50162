from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..models.response import Response
from ..models.rule import Rule

T = TypeVar("T", bound="PartView")


@_attrs_define
class PartView:
    """A response, the rule that gave it, and the lesions that it rests on."""

    response: None | Response
    """ null: there are no such lesions """
    rule: Rule
    """ What decided a response (RECIST 1.1, 4.3 and tables 1 and 2). """
    lesions: list[str]
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        response: None | str
        if isinstance(self.response, Response):
            response = self.response.value
        else:
            response = self.response

        rule = self.rule.value

        lesions = self.lesions

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "response": response,
                "rule": rule,
                "lesions": lesions,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)

        def _parse_response(data: object) -> None | Response:
            if data is None:
                return data
            try:
                if not isinstance(data, str):
                    raise TypeError()
                response_type_0 = Response(data)

                return response_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(None | Response, data)

        response = _parse_response(d.pop("response"))

        rule = Rule(d.pop("rule"))

        lesions = cast(list[str], d.pop("lesions"))

        part_view = cls(
            response=response,
            rule=rule,
            lesions=lesions,
        )

        part_view.additional_properties = d
        return part_view

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
