from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import Any, TypeVar

from attrs import define as _attrs_define

from ..models.contact_means import ContactMeans

T = TypeVar("T", bound="AttemptBody")


@_attrs_define
class AttemptBody:
    """An attempt to reach the subject."""

    on: datetime.date
    means: ContactMeans
    """ How a subject was sought. """

    def to_dict(self) -> dict[str, Any]:
        on = self.on.isoformat()

        means = self.means.value

        field_dict: dict[str, Any] = {}

        field_dict.update(
            {
                "on": on,
                "means": means,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        on = datetime.date.fromisoformat(d.pop("on"))

        means = ContactMeans(d.pop("means"))

        attempt_body = cls(
            on=on,
            means=means,
        )

        return attempt_body
