from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, cast
from uuid import UUID

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..models.query_end import QueryEnd
from ..models.reader import Reader
from ..models.response import Response
from ..models.rule import Rule

T = TypeVar("T", bound="QueryView")


@_attrs_define
class QueryView:
    """A difference between a stated response and the derived one."""

    query: UUID
    timepoint: str
    reader: Reader
    """ Who read a scan. """
    stated: Response
    """ Overall response. NON_CR_NON_PD exists only without target lesions (endpoints 4.1 rule 9). """
    derived: Response
    """ Overall response. NON_CR_NON_PD exists only without target lesions (endpoints 4.1 rule 9). """
    rule: Rule
    """ What decided a response (RECIST 1.1, 4.3 and tables 1 and 2). """
    lesions: list[str]
    closed: None | QueryEnd
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        query = str(self.query)

        timepoint = self.timepoint

        reader = self.reader.value

        stated = self.stated.value

        derived = self.derived.value

        rule = self.rule.value

        lesions = self.lesions

        closed: None | str
        if isinstance(self.closed, QueryEnd):
            closed = self.closed.value
        else:
            closed = self.closed

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "query": query,
                "timepoint": timepoint,
                "reader": reader,
                "stated": stated,
                "derived": derived,
                "rule": rule,
                "lesions": lesions,
                "closed": closed,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        query = UUID(d.pop("query"))

        timepoint = d.pop("timepoint")

        reader = Reader(d.pop("reader"))

        stated = Response(d.pop("stated"))

        derived = Response(d.pop("derived"))

        rule = Rule(d.pop("rule"))

        lesions = cast(list[str], d.pop("lesions"))

        def _parse_closed(data: object) -> None | QueryEnd:
            if data is None:
                return data
            try:
                if not isinstance(data, str):
                    raise TypeError()
                closed_type_0 = QueryEnd(data)

                return closed_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(None | QueryEnd, data)

        closed = _parse_closed(d.pop("closed"))

        query_view = cls(
            query=query,
            timepoint=timepoint,
            reader=reader,
            stated=stated,
            derived=derived,
            rule=rule,
            lesions=lesions,
            closed=closed,
        )

        query_view.additional_properties = d
        return query_view

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
