from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import Any, TypeVar, cast

from attrs import define as _attrs_define

from ..types import UNSET, Unset

T = TypeVar("T", bound="ConsentVersionBody")


@_attrs_define
class ConsentVersionBody:
    """A version of the consent, the day from which it is used, and until when others sign it if they have to."""

    version: str
    approved_from: datetime.date
    """ may lie ahead """
    reconsent_by: datetime.date | None | Unset = UNSET
    """ nobody has to if absent """

    def to_dict(self) -> dict[str, Any]:
        version = self.version

        approved_from = self.approved_from.isoformat()

        reconsent_by: None | str | Unset
        if isinstance(self.reconsent_by, Unset):
            reconsent_by = UNSET
        elif isinstance(self.reconsent_by, datetime.date):
            reconsent_by = self.reconsent_by.isoformat()
        else:
            reconsent_by = self.reconsent_by

        field_dict: dict[str, Any] = {}

        field_dict.update(
            {
                "version": version,
                "approved_from": approved_from,
            }
        )
        if reconsent_by is not UNSET:
            field_dict["reconsent_by"] = reconsent_by

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        version = d.pop("version")

        approved_from = datetime.date.fromisoformat(d.pop("approved_from"))

        def _parse_reconsent_by(data: object) -> datetime.date | None | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            try:
                if not isinstance(data, str):
                    raise TypeError()
                reconsent_by_type_0 = datetime.date.fromisoformat(data)

                return reconsent_by_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(datetime.date | None | Unset, data)

        reconsent_by = _parse_reconsent_by(d.pop("reconsent_by", UNSET))

        consent_version_body = cls(
            version=version,
            approved_from=approved_from,
            reconsent_by=reconsent_by,
        )

        return consent_version_body
