from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import Any, TypeVar, cast

from attrs import define as _attrs_define

T = TypeVar("T", bound="SiteBody")


@_attrs_define
class SiteBody:
    """A site to activate."""

    site: str
    name: str
    """ name of the institution, never of a person """
    activated_on: datetime.date
    consent_versions: list[str]

    def to_dict(self) -> dict[str, Any]:
        site = self.site

        name = self.name

        activated_on = self.activated_on.isoformat()

        consent_versions = self.consent_versions

        field_dict: dict[str, Any] = {}

        field_dict.update(
            {
                "site": site,
                "name": name,
                "activated_on": activated_on,
                "consent_versions": consent_versions,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        site = d.pop("site")

        name = d.pop("name")

        activated_on = datetime.date.fromisoformat(d.pop("activated_on"))

        consent_versions = cast(list[str], d.pop("consent_versions"))

        site_body = cls(
            site=site,
            name=name,
            activated_on=activated_on,
            consent_versions=consent_versions,
        )

        return site_body
