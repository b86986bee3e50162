from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar, cast
from uuid import UUID

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import UNSET, Unset

if TYPE_CHECKING:
    from ..models.stratum_level import StratumLevel


T = TypeVar("T", bound="VerificationRecorded")


@_attrs_define
class VerificationRecorded:
    """The answer to who has strata verified."""

    stratum: list[StratumLevel]
    """ as enrolment derived it on that day """
    differs: list[str]
    """ factors whose level is another one than as randomized """
    verified_on: datetime.date
    criteria_version: str
    sources: list[UUID]
    """ enrolment's facts behind the levels """
    event_id: UUID
    study: str
    subject: str
    discrepancy: None | Unset | UUID = UNSET
    """ opened with it, if it found a new difference """
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

        study = self.study

        subject = self.subject

        discrepancy: None | str | Unset
        if isinstance(self.discrepancy, Unset):
            discrepancy = UNSET
        elif isinstance(self.discrepancy, UUID):
            discrepancy = str(self.discrepancy)
        else:
            discrepancy = self.discrepancy

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
                "study": study,
                "subject": subject,
            }
        )
        if discrepancy is not UNSET:
            field_dict["discrepancy"] = discrepancy

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

        study = d.pop("study")

        subject = d.pop("subject")

        def _parse_discrepancy(data: object) -> None | Unset | UUID:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            try:
                if not isinstance(data, str):
                    raise TypeError()
                discrepancy_type_0 = UUID(data)

                return discrepancy_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(None | Unset | UUID, data)

        discrepancy = _parse_discrepancy(d.pop("discrepancy", UNSET))

        verification_recorded = cls(
            stratum=stratum,
            differs=differs,
            verified_on=verified_on,
            criteria_version=criteria_version,
            sources=sources,
            event_id=event_id,
            study=study,
            subject=subject,
            discrepancy=discrepancy,
        )

        verification_recorded.additional_properties = d
        return verification_recorded

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
