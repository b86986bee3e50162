from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar
from uuid import UUID

from attrs import define as _attrs_define
from attrs import field as _attrs_field

if TYPE_CHECKING:
    from ..models.hit_view import HitView


T = TypeVar("T", bound="OpenedView")


@_attrs_define
class OpenedView:
    """A text with its words."""

    id: UUID
    subject: str
    purpose: str
    """ the field that it was for """
    hits: list[HitView]
    sent_by: str
    since: datetime.datetime
    text: str
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        id = str(self.id)

        subject = self.subject

        purpose = self.purpose

        hits = []
        for hits_item_data in self.hits:
            hits_item = hits_item_data.to_dict()
            hits.append(hits_item)

        sent_by = self.sent_by

        since = self.since.isoformat()

        text = self.text

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "id": id,
                "subject": subject,
                "purpose": purpose,
                "hits": hits,
                "sent_by": sent_by,
                "since": since,
                "text": text,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.hit_view import HitView  # noqa: PLC0415

        d = dict(src_dict)
        id = UUID(d.pop("id"))

        subject = d.pop("subject")

        purpose = d.pop("purpose")

        hits = []
        _hits = d.pop("hits")
        for hits_item_data in _hits:
            hits_item = HitView.from_dict(hits_item_data)

            hits.append(hits_item)

        sent_by = d.pop("sent_by")

        since = datetime.datetime.fromisoformat(d.pop("since"))

        text = d.pop("text")

        opened_view = cls(
            id=id,
            subject=subject,
            purpose=purpose,
            hits=hits,
            sent_by=sent_by,
            since=since,
            text=text,
        )

        opened_view.additional_properties = d
        return opened_view

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
