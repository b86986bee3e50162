from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

from attrs import define as _attrs_define

from ..models.webhook_body_events_item import WebhookBodyEventsItem

T = TypeVar("T", bound="WebhookBody")


@_attrs_define
class WebhookBody:
    """Where to deliver, and which facts. What is recorded from now on is told; a replay tells what was before."""

    url: str
    """ `https`, without user or fragment """
    events: list[WebhookBodyEventsItem]
    """ names of facts, each once """

    def to_dict(self) -> dict[str, Any]:
        url = self.url

        events = []
        for events_item_data in self.events:
            events_item = events_item_data.value
            events.append(events_item)

        field_dict: dict[str, Any] = {}

        field_dict.update(
            {
                "url": url,
                "events": events,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        url = d.pop("url")

        events = []
        _events = d.pop("events")
        for events_item_data in _events:
            events_item = WebhookBodyEventsItem(events_item_data)

            events.append(events_item)

        webhook_body = cls(
            url=url,
            events=events,
        )

        return webhook_body
