from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import Any, TypeVar, cast
from uuid import UUID

from attrs import define as _attrs_define
from attrs import field as _attrs_field

T = TypeVar("T", bound="NewWebhookView")


@_attrs_define
class NewWebhookView:
    """A webhook with its secret."""

    id: UUID
    url: str
    events: list[str]
    made_by: str
    made_at: datetime.datetime
    position: int
    """ up to which everything was delivered, or is not asked for """
    failures: int
    """ attempts since the last success """
    failing_since: datetime.datetime | None
    disabled: None | str
    """ why nothing is delivered any more; a replay begins again """
    secret: str
    """ signs what is delivered: HMAC-SHA256 after Standard Webhooks """
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        id = str(self.id)

        url = self.url

        events = self.events

        made_by = self.made_by

        made_at = self.made_at.isoformat()

        position = self.position

        failures = self.failures

        failing_since: None | str
        if isinstance(self.failing_since, datetime.datetime):
            failing_since = self.failing_since.isoformat()
        else:
            failing_since = self.failing_since

        disabled: None | str
        disabled = self.disabled

        secret = self.secret

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "id": id,
                "url": url,
                "events": events,
                "made_by": made_by,
                "made_at": made_at,
                "position": position,
                "failures": failures,
                "failing_since": failing_since,
                "disabled": disabled,
                "secret": secret,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        id = UUID(d.pop("id"))

        url = d.pop("url")

        events = cast(list[str], d.pop("events"))

        made_by = d.pop("made_by")

        made_at = datetime.datetime.fromisoformat(d.pop("made_at"))

        position = d.pop("position")

        failures = d.pop("failures")

        def _parse_failing_since(data: object) -> datetime.datetime | None:
            if data is None:
                return data
            try:
                if not isinstance(data, str):
                    raise TypeError()
                failing_since_type_0 = datetime.datetime.fromisoformat(data)

                return failing_since_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(datetime.datetime | None, data)

        failing_since = _parse_failing_since(d.pop("failing_since"))

        def _parse_disabled(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        disabled = _parse_disabled(d.pop("disabled"))

        secret = d.pop("secret")

        new_webhook_view = cls(
            id=id,
            url=url,
            events=events,
            made_by=made_by,
            made_at=made_at,
            position=position,
            failures=failures,
            failing_since=failing_since,
            disabled=disabled,
            secret=secret,
        )

        new_webhook_view.additional_properties = d
        return new_webhook_view

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
