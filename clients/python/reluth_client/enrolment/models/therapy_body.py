from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import Any, TypeVar

from attrs import define as _attrs_define

from ..models.therapy_class import TherapyClass

T = TypeVar("T", bound="TherapyBody")


@_attrs_define
class TherapyBody:
    """An anticancer therapy outside the protocol."""

    started_on: datetime.date
    therapy: TherapyClass
    """ Class of a new anticancer therapy; Lutathera outside the protocol is one (digest Q14). """

    def to_dict(self) -> dict[str, Any]:
        started_on = self.started_on.isoformat()

        therapy = self.therapy.value

        field_dict: dict[str, Any] = {}

        field_dict.update(
            {
                "started_on": started_on,
                "therapy": therapy,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        started_on = datetime.date.fromisoformat(d.pop("started_on"))

        therapy = TherapyClass(d.pop("therapy"))

        therapy_body = cls(
            started_on=started_on,
            therapy=therapy,
        )

        return therapy_body
