from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import Any, TypeVar, cast

from attrs import define as _attrs_define

from ..models.duty import Duty
from ..types import UNSET, Unset

T = TypeVar("T", bound="DelegationBody")


@_attrs_define
class DelegationBody:
    """A duty to entrust, to the account that the person's tokens name, up to and including `until_on`."""

    person: str
    """ an account, never a name """
    duty: Duty
    """ A duty of the trial. A role says what an account can do in this system, a duty what the person may do at a
    site.

    Only `RANDOMIZE` is a condition of a command; the others are kept for the site's file and stop nobody here. """
    from_on: datetime.date
    until_on: datetime.date | None | Unset = UNSET
    """ until it is ended if absent """

    def to_dict(self) -> dict[str, Any]:
        person = self.person

        duty = self.duty.value

        from_on = self.from_on.isoformat()

        until_on: None | str | Unset
        if isinstance(self.until_on, Unset):
            until_on = UNSET
        elif isinstance(self.until_on, datetime.date):
            until_on = self.until_on.isoformat()
        else:
            until_on = self.until_on

        field_dict: dict[str, Any] = {}

        field_dict.update(
            {
                "person": person,
                "duty": duty,
                "from_on": from_on,
            }
        )
        if until_on is not UNSET:
            field_dict["until_on"] = until_on

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        person = d.pop("person")

        duty = Duty(d.pop("duty"))

        from_on = datetime.date.fromisoformat(d.pop("from_on"))

        def _parse_until_on(data: object) -> datetime.date | None | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            try:
                if not isinstance(data, str):
                    raise TypeError()
                until_on_type_0 = datetime.date.fromisoformat(data)

                return until_on_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(datetime.date | None | Unset, data)

        until_on = _parse_until_on(d.pop("until_on", UNSET))

        delegation_body = cls(
            person=person,
            duty=duty,
            from_on=from_on,
            until_on=until_on,
        )

        return delegation_body
