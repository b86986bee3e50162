from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import Any, TypeVar, cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..models.response import Response
from ..models.status import Status
from ..types import UNSET, Unset

T = TypeVar("T", bound="DiseaseStatusRow")


@_attrs_define
class DiseaseStatusRow:
    """One included subject. The arm is nowhere in it."""

    subject: str
    site: str
    status: Status
    """ In order of precedence. `PENDING`: included, and no scan after the run-in cycles is recorded yet. """
    adverse_events: int
    serious_adverse_events: int
    since: datetime.date | None | Unset = UNSET
    """ the day that made the status """
    t: int | None | Unset = UNSET
    """ `since` in days from randomization, which is day 1 """
    last_response: None | Response | Unset = UNSET
    last_scan_on: datetime.date | None | Unset = UNSET
    progressed_on: datetime.date | None | Unset = UNSET
    new_therapy_on: datetime.date | None | Unset = UNSET
    randomized_on: datetime.date | None | Unset = UNSET
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        subject = self.subject

        site = self.site

        status = self.status.value

        adverse_events = self.adverse_events

        serious_adverse_events = self.serious_adverse_events

        since: None | str | Unset
        if isinstance(self.since, Unset):
            since = UNSET
        elif isinstance(self.since, datetime.date):
            since = self.since.isoformat()
        else:
            since = self.since

        t: int | None | Unset
        if isinstance(self.t, Unset):
            t = UNSET
        else:
            t = self.t

        last_response: None | str | Unset
        if isinstance(self.last_response, Unset):
            last_response = UNSET
        elif isinstance(self.last_response, Response):
            last_response = self.last_response.value
        else:
            last_response = self.last_response

        last_scan_on: None | str | Unset
        if isinstance(self.last_scan_on, Unset):
            last_scan_on = UNSET
        elif isinstance(self.last_scan_on, datetime.date):
            last_scan_on = self.last_scan_on.isoformat()
        else:
            last_scan_on = self.last_scan_on

        progressed_on: None | str | Unset
        if isinstance(self.progressed_on, Unset):
            progressed_on = UNSET
        elif isinstance(self.progressed_on, datetime.date):
            progressed_on = self.progressed_on.isoformat()
        else:
            progressed_on = self.progressed_on

        new_therapy_on: None | str | Unset
        if isinstance(self.new_therapy_on, Unset):
            new_therapy_on = UNSET
        elif isinstance(self.new_therapy_on, datetime.date):
            new_therapy_on = self.new_therapy_on.isoformat()
        else:
            new_therapy_on = self.new_therapy_on

        randomized_on: None | str | Unset
        if isinstance(self.randomized_on, Unset):
            randomized_on = UNSET
        elif isinstance(self.randomized_on, datetime.date):
            randomized_on = self.randomized_on.isoformat()
        else:
            randomized_on = self.randomized_on

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "subject": subject,
                "site": site,
                "status": status,
                "adverse_events": adverse_events,
                "serious_adverse_events": serious_adverse_events,
            }
        )
        if since is not UNSET:
            field_dict["since"] = since
        if t is not UNSET:
            field_dict["t"] = t
        if last_response is not UNSET:
            field_dict["last_response"] = last_response
        if last_scan_on is not UNSET:
            field_dict["last_scan_on"] = last_scan_on
        if progressed_on is not UNSET:
            field_dict["progressed_on"] = progressed_on
        if new_therapy_on is not UNSET:
            field_dict["new_therapy_on"] = new_therapy_on
        if randomized_on is not UNSET:
            field_dict["randomized_on"] = randomized_on

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        subject = d.pop("subject")

        site = d.pop("site")

        status = Status(d.pop("status"))

        adverse_events = d.pop("adverse_events")

        serious_adverse_events = d.pop("serious_adverse_events")

        def _parse_since(data: object) -> datetime.date | None | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            try:
                if not isinstance(data, str):
                    raise TypeError()
                since_type_0 = datetime.date.fromisoformat(data)

                return since_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(datetime.date | None | Unset, data)

        since = _parse_since(d.pop("since", UNSET))

        def _parse_t(data: object) -> int | None | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(int | None | Unset, data)

        t = _parse_t(d.pop("t", UNSET))

        def _parse_last_response(data: object) -> None | Response | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            try:
                if not isinstance(data, str):
                    raise TypeError()
                last_response_type_0 = Response(data)

                return last_response_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(None | Response | Unset, data)

        last_response = _parse_last_response(d.pop("last_response", UNSET))

        def _parse_last_scan_on(data: object) -> datetime.date | None | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            try:
                if not isinstance(data, str):
                    raise TypeError()
                last_scan_on_type_0 = datetime.date.fromisoformat(data)

                return last_scan_on_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(datetime.date | None | Unset, data)

        last_scan_on = _parse_last_scan_on(d.pop("last_scan_on", UNSET))

        def _parse_progressed_on(data: object) -> datetime.date | None | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            try:
                if not isinstance(data, str):
                    raise TypeError()
                progressed_on_type_0 = datetime.date.fromisoformat(data)

                return progressed_on_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(datetime.date | None | Unset, data)

        progressed_on = _parse_progressed_on(d.pop("progressed_on", UNSET))

        def _parse_new_therapy_on(data: object) -> datetime.date | None | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            try:
                if not isinstance(data, str):
                    raise TypeError()
                new_therapy_on_type_0 = datetime.date.fromisoformat(data)

                return new_therapy_on_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(datetime.date | None | Unset, data)

        new_therapy_on = _parse_new_therapy_on(d.pop("new_therapy_on", UNSET))

        def _parse_randomized_on(data: object) -> datetime.date | None | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            try:
                if not isinstance(data, str):
                    raise TypeError()
                randomized_on_type_0 = datetime.date.fromisoformat(data)

                return randomized_on_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(datetime.date | None | Unset, data)

        randomized_on = _parse_randomized_on(d.pop("randomized_on", UNSET))

        disease_status_row = cls(
            subject=subject,
            site=site,
            status=status,
            adverse_events=adverse_events,
            serious_adverse_events=serious_adverse_events,
            since=since,
            t=t,
            last_response=last_response,
            last_scan_on=last_scan_on,
            progressed_on=progressed_on,
            new_therapy_on=new_therapy_on,
            randomized_on=randomized_on,
        )

        disease_status_row.additional_properties = d
        return disease_status_row

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
