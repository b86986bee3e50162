from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import Any, TypeVar, cast

from attrs import define as _attrs_define

from ..types import UNSET, Unset

T = TypeVar("T", bound="ConsentBody")


@_attrs_define
class ConsentBody:
    """A signed consent."""

    version: str
    signed_on: datetime.date
    copy_given: bool | None | Unset = UNSET
    """ whether the subject has its copy """

    def to_dict(self) -> dict[str, Any]:
        version = self.version

        signed_on = self.signed_on.isoformat()

        copy_given: bool | None | Unset
        if isinstance(self.copy_given, Unset):
            copy_given = UNSET
        else:
            copy_given = self.copy_given

        field_dict: dict[str, Any] = {}

        field_dict.update(
            {
                "version": version,
                "signed_on": signed_on,
            }
        )
        if copy_given is not UNSET:
            field_dict["copy_given"] = copy_given

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        version = d.pop("version")

        signed_on = datetime.date.fromisoformat(d.pop("signed_on"))

        def _parse_copy_given(data: object) -> bool | None | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(bool | None | Unset, data)

        copy_given = _parse_copy_given(d.pop("copy_given", UNSET))

        consent_body = cls(
            version=version,
            signed_on=signed_on,
            copy_given=copy_given,
        )

        return consent_body
