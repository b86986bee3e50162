from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import Any, TypeVar, cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..models.participation import Participation
from ..models.run_in_exit import RunInExit

T = TypeVar("T", bound="SubjectLine")


@_attrs_define
class SubjectLine:
    """A subject in the list. Of one that was erased the number, the site and the withdrawal are left."""

    subject: str
    site: str
    participation: Participation
    """ Where a subject is. Only `SCREEN_FAILURE_PD` is the paper's screen failure (ruling 18).

    No state tells the arm: how far treatment after randomization has come is a region of its own. """
    screened_on: datetime.date | None
    consented_on: datetime.date | None
    included_on: datetime.date | None
    cycles: int
    ended_on: datetime.date | None
    exit_reason: None | RunInExit
    randomized_on: datetime.date | None
    died_on: datetime.date | None
    erased_on: datetime.date | None
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        subject = self.subject

        site = self.site

        participation = self.participation.value

        screened_on: None | str
        if isinstance(self.screened_on, datetime.date):
            screened_on = self.screened_on.isoformat()
        else:
            screened_on = self.screened_on

        consented_on: None | str
        if isinstance(self.consented_on, datetime.date):
            consented_on = self.consented_on.isoformat()
        else:
            consented_on = self.consented_on

        included_on: None | str
        if isinstance(self.included_on, datetime.date):
            included_on = self.included_on.isoformat()
        else:
            included_on = self.included_on

        cycles = self.cycles

        ended_on: None | str
        if isinstance(self.ended_on, datetime.date):
            ended_on = self.ended_on.isoformat()
        else:
            ended_on = self.ended_on

        exit_reason: None | str
        if isinstance(self.exit_reason, RunInExit):
            exit_reason = self.exit_reason.value
        else:
            exit_reason = self.exit_reason

        randomized_on: None | str
        if isinstance(self.randomized_on, datetime.date):
            randomized_on = self.randomized_on.isoformat()
        else:
            randomized_on = self.randomized_on

        died_on: None | str
        if isinstance(self.died_on, datetime.date):
            died_on = self.died_on.isoformat()
        else:
            died_on = self.died_on

        erased_on: None | str
        if isinstance(self.erased_on, datetime.date):
            erased_on = self.erased_on.isoformat()
        else:
            erased_on = self.erased_on

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "subject": subject,
                "site": site,
                "participation": participation,
                "screened_on": screened_on,
                "consented_on": consented_on,
                "included_on": included_on,
                "cycles": cycles,
                "ended_on": ended_on,
                "exit_reason": exit_reason,
                "randomized_on": randomized_on,
                "died_on": died_on,
                "erased_on": erased_on,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        subject = d.pop("subject")

        site = d.pop("site")

        participation = Participation(d.pop("participation"))

        def _parse_screened_on(data: object) -> datetime.date | None:
            if data is None:
                return data
            try:
                if not isinstance(data, str):
                    raise TypeError()
                screened_on_type_0 = datetime.date.fromisoformat(data)

                return screened_on_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(datetime.date | None, data)

        screened_on = _parse_screened_on(d.pop("screened_on"))

        def _parse_consented_on(data: object) -> datetime.date | None:
            if data is None:
                return data
            try:
                if not isinstance(data, str):
                    raise TypeError()
                consented_on_type_0 = datetime.date.fromisoformat(data)

                return consented_on_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(datetime.date | None, data)

        consented_on = _parse_consented_on(d.pop("consented_on"))

        def _parse_included_on(data: object) -> datetime.date | None:
            if data is None:
                return data
            try:
                if not isinstance(data, str):
                    raise TypeError()
                included_on_type_0 = datetime.date.fromisoformat(data)

                return included_on_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(datetime.date | None, data)

        included_on = _parse_included_on(d.pop("included_on"))

        cycles = d.pop("cycles")

        def _parse_ended_on(data: object) -> datetime.date | None:
            if data is None:
                return data
            try:
                if not isinstance(data, str):
                    raise TypeError()
                ended_on_type_0 = datetime.date.fromisoformat(data)

                return ended_on_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(datetime.date | None, data)

        ended_on = _parse_ended_on(d.pop("ended_on"))

        def _parse_exit_reason(data: object) -> None | RunInExit:
            if data is None:
                return data
            try:
                if not isinstance(data, str):
                    raise TypeError()
                exit_reason_type_0 = RunInExit(data)

                return exit_reason_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(None | RunInExit, data)

        exit_reason = _parse_exit_reason(d.pop("exit_reason"))

        def _parse_randomized_on(data: object) -> datetime.date | None:
            if data is None:
                return data
            try:
                if not isinstance(data, str):
                    raise TypeError()
                randomized_on_type_0 = datetime.date.fromisoformat(data)

                return randomized_on_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(datetime.date | None, data)

        randomized_on = _parse_randomized_on(d.pop("randomized_on"))

        def _parse_died_on(data: object) -> datetime.date | None:
            if data is None:
                return data
            try:
                if not isinstance(data, str):
                    raise TypeError()
                died_on_type_0 = datetime.date.fromisoformat(data)

                return died_on_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(datetime.date | None, data)

        died_on = _parse_died_on(d.pop("died_on"))

        def _parse_erased_on(data: object) -> datetime.date | None:
            if data is None:
                return data
            try:
                if not isinstance(data, str):
                    raise TypeError()
                erased_on_type_0 = datetime.date.fromisoformat(data)

                return erased_on_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(datetime.date | None, data)

        erased_on = _parse_erased_on(d.pop("erased_on"))

        subject_line = cls(
            subject=subject,
            site=site,
            participation=participation,
            screened_on=screened_on,
            consented_on=consented_on,
            included_on=included_on,
            cycles=cycles,
            ended_on=ended_on,
            exit_reason=exit_reason,
            randomized_on=randomized_on,
            died_on=died_on,
            erased_on=erased_on,
        )

        subject_line.additional_properties = d
        return subject_line

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
