from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import Any, TypeVar, cast
from uuid import UUID

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..models.duty import Duty

T = TypeVar("T", bound="DelegationView")


@_attrs_define
class DelegationView:
    """A delegation, and whether it is in force today."""

    delegation: UUID
    """ the event that recorded it """
    person: str
    duty: Duty
    """ A duty of the trial. A role says what an account can do in this system, a duty what the person may do at a
    site.

    Only `RANDOMIZE` is a condition of a command; the others are kept for the site's file and stop nobody here. """
    from_on: datetime.date
    until_on: datetime.date | None
    """ its last day, if that was agreed when it was given """
    ended_on: datetime.date | None
    """ the first day on which it is no longer in force, if it was ended """
    in_force: bool
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        delegation = str(self.delegation)

        person = self.person

        duty = self.duty.value

        from_on = self.from_on.isoformat()

        until_on: None | str
        if isinstance(self.until_on, datetime.date):
            until_on = self.until_on.isoformat()
        else:
            until_on = self.until_on

        ended_on: None | str
        if isinstance(self.ended_on, datetime.date):
            ended_on = self.ended_on.isoformat()
        else:
            ended_on = self.ended_on

        in_force = self.in_force

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "delegation": delegation,
                "person": person,
                "duty": duty,
                "from_on": from_on,
                "until_on": until_on,
                "ended_on": ended_on,
                "in_force": in_force,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        delegation = UUID(d.pop("delegation"))

        person = d.pop("person")

        duty = Duty(d.pop("duty"))

        from_on = datetime.date.fromisoformat(d.pop("from_on"))

        def _parse_until_on(data: object) -> datetime.date | None:
            if data is None:
                return data
            try:
                if not isinstance(data, str):
                    raise TypeError()
                until_on_type_0 = datetime.date.fromisoformat(data)

                return until_on_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(datetime.date | None, data)

        until_on = _parse_until_on(d.pop("until_on"))

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

        in_force = d.pop("in_force")

        delegation_view = cls(
            delegation=delegation,
            person=person,
            duty=duty,
            from_on=from_on,
            until_on=until_on,
            ended_on=ended_on,
            in_force=in_force,
        )

        delegation_view.additional_properties = d
        return delegation_view

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
