from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import Any, TypeVar, cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field

T = TypeVar("T", bound="SiteView")


@_attrs_define
class SiteView:
    """A site in the list. One that is still being prepared has only its checklist, and is not listed."""

    site: str
    name: str
    activated_on: datetime.date | None
    """ null while it is being prepared """
    paused_on: datetime.date | None
    """ it takes nobody in since this day """
    consent_versions: list[str]
    screened: int
    """ subject numbers issued so far """
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        site = self.site

        name = self.name

        activated_on: None | str
        if isinstance(self.activated_on, datetime.date):
            activated_on = self.activated_on.isoformat()
        else:
            activated_on = self.activated_on

        paused_on: None | str
        if isinstance(self.paused_on, datetime.date):
            paused_on = self.paused_on.isoformat()
        else:
            paused_on = self.paused_on

        consent_versions = self.consent_versions

        screened = self.screened

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "site": site,
                "name": name,
                "activated_on": activated_on,
                "paused_on": paused_on,
                "consent_versions": consent_versions,
                "screened": screened,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        site = d.pop("site")

        name = d.pop("name")

        def _parse_activated_on(data: object) -> datetime.date | None:
            if data is None:
                return data
            try:
                if not isinstance(data, str):
                    raise TypeError()
                activated_on_type_0 = datetime.date.fromisoformat(data)

                return activated_on_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(datetime.date | None, data)

        activated_on = _parse_activated_on(d.pop("activated_on"))

        def _parse_paused_on(data: object) -> datetime.date | None:
            if data is None:
                return data
            try:
                if not isinstance(data, str):
                    raise TypeError()
                paused_on_type_0 = datetime.date.fromisoformat(data)

                return paused_on_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(datetime.date | None, data)

        paused_on = _parse_paused_on(d.pop("paused_on"))

        consent_versions = cast(list[str], d.pop("consent_versions"))

        screened = d.pop("screened")

        site_view = cls(
            site=site,
            name=name,
            activated_on=activated_on,
            paused_on=paused_on,
            consent_versions=consent_versions,
            screened=screened,
        )

        site_view.additional_properties = d
        return site_view

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
