from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar, cast
from uuid import UUID

from attrs import define as _attrs_define
from attrs import field as _attrs_field

if TYPE_CHECKING:
    from ..models.stratum_level import StratumLevel


T = TypeVar("T", bound="VerificationView")


@_attrs_define
class VerificationView:
    """The strata as verified, for sensitivity analyses. Those as randomized are the primary ones."""

    stratum: list[StratumLevel]
    """ as enrolment derived it on that day """
    differs: list[str]
    """ factors whose level is another one than as randomized """
    verified_on: datetime.date
    criteria_version: str
    sources: list[UUID]
    """ enrolment's facts behind the levels """
    event_id: UUID
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        stratum = []
        for stratum_item_data in self.stratum:
            stratum_item = stratum_item_data.to_dict()
            stratum.append(stratum_item)

        differs = self.differs

        verified_on = self.verified_on.isoformat()

        criteria_version = self.criteria_version

        sources = []
        for sources_item_data in self.sources:
            sources_item = str(sources_item_data)
            sources.append(sources_item)

        event_id = str(self.event_id)

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "stratum": stratum,
                "differs": differs,
                "verified_on": verified_on,
                "criteria_version": criteria_version,
                "sources": sources,
                "event_id": event_id,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.stratum_level import StratumLevel  # noqa: PLC0415

        d = dict(src_dict)
        stratum = []
        _stratum = d.pop("stratum")
        for stratum_item_data in _stratum:
            stratum_item = StratumLevel.from_dict(stratum_item_data)

            stratum.append(stratum_item)

        differs = cast(list[str], d.pop("differs"))

        verified_on = datetime.date.fromisoformat(d.pop("verified_on"))

        criteria_version = d.pop("criteria_version")

        sources = []
        _sources = d.pop("sources")
        for sources_item_data in _sources:
            sources_item = UUID(sources_item_data)

            sources.append(sources_item)

        event_id = UUID(d.pop("event_id"))

        verification_view = cls(
            stratum=stratum,
            differs=differs,
            verified_on=verified_on,
            criteria_version=criteria_version,
            sources=sources,
            event_id=event_id,
        )

        verification_view.additional_properties = d
        return verification_view

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
