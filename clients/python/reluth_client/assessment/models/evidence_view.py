from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import Any, TypeVar
from uuid import UUID

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..models.reader import Reader
from ..models.response import Response

T = TypeVar("T", bound="EvidenceView")


@_attrs_define
class EvidenceView:
    """What a gate needs of a reading, with the event and the position by which it is found again."""

    event_id: UUID
    position: int
    scan_on: datetime.date
    response: Response
    """ Overall response. NON_CR_NON_PD exists only without target lesions (endpoints 4.1 rule 9). """
    reader: Reader
    """ Who read a scan. """
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        event_id = str(self.event_id)

        position = self.position

        scan_on = self.scan_on.isoformat()

        response = self.response.value

        reader = self.reader.value

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "event_id": event_id,
                "position": position,
                "scan_on": scan_on,
                "response": response,
                "reader": reader,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        event_id = UUID(d.pop("event_id"))

        position = d.pop("position")

        scan_on = datetime.date.fromisoformat(d.pop("scan_on"))

        response = Response(d.pop("response"))

        reader = Reader(d.pop("reader"))

        evidence_view = cls(
            event_id=event_id,
            position=position,
            scan_on=scan_on,
            response=response,
            reader=reader,
        )

        evidence_view.additional_properties = d
        return evidence_view

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
