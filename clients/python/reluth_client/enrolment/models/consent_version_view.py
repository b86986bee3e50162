from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import Any, TypeVar, cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field

T = TypeVar("T", bound="ConsentVersionView")


@_attrs_define
class ConsentVersionView:
    """A version of the consent that the site may use from a day on."""

    version: str
    approved_from: datetime.date
    reconsent_by: datetime.date | None
    """ until when whoever signed an earlier version signs this one """
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        version = self.version

        approved_from = self.approved_from.isoformat()

        reconsent_by: None | str
        if isinstance(self.reconsent_by, datetime.date):
            reconsent_by = self.reconsent_by.isoformat()
        else:
            reconsent_by = self.reconsent_by

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "version": version,
                "approved_from": approved_from,
                "reconsent_by": reconsent_by,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        version = d.pop("version")

        approved_from = datetime.date.fromisoformat(d.pop("approved_from"))

        def _parse_reconsent_by(data: object) -> datetime.date | None:
            if data is None:
                return data
            try:
                if not isinstance(data, str):
                    raise TypeError()
                reconsent_by_type_0 = datetime.date.fromisoformat(data)

                return reconsent_by_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(datetime.date | None, data)

        reconsent_by = _parse_reconsent_by(d.pop("reconsent_by"))

        consent_version_view = cls(
            version=version,
            approved_from=approved_from,
            reconsent_by=reconsent_by,
        )

        consent_version_view.additional_properties = d
        return consent_version_view

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
