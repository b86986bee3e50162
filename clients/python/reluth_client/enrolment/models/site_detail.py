from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar, cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field

if TYPE_CHECKING:
    from ..models.consent_version_view import ConsentVersionView
    from ..models.point_view import PointView
    from ..models.version_view import VersionView


T = TypeVar("T", bound="SiteDetail")


@_attrs_define
class SiteDetail:
    """A site with its opening checklist: for the day of its activation, before that for today."""

    site: str
    name: str
    activated_on: datetime.date | None
    """ null while it is being prepared """
    paused_on: datetime.date | None
    """ it takes nobody in since this day """
    consent_versions: list[str]
    screened: int
    """ subject numbers issued so far """
    checklist: list[PointView]
    ready: bool
    """ whether every point of the checklist counts """
    protocol_version: str
    """ in force at the site on the day of this answer """
    protocol_versions: list[VersionView]
    """ oldest first; the last that is effective is in force """
    consents: list[ConsentVersionView]
    """ oldest first """
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

        checklist = []
        for checklist_item_data in self.checklist:
            checklist_item = checklist_item_data.to_dict()
            checklist.append(checklist_item)

        ready = self.ready

        protocol_version = self.protocol_version

        protocol_versions = []
        for protocol_versions_item_data in self.protocol_versions:
            protocol_versions_item = protocol_versions_item_data.to_dict()
            protocol_versions.append(protocol_versions_item)

        consents = []
        for consents_item_data in self.consents:
            consents_item = consents_item_data.to_dict()
            consents.append(consents_item)

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
                "checklist": checklist,
                "ready": ready,
                "protocol_version": protocol_version,
                "protocol_versions": protocol_versions,
                "consents": consents,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.consent_version_view import ConsentVersionView  # noqa: PLC0415
        from ..models.point_view import PointView  # noqa: PLC0415
        from ..models.version_view import VersionView  # noqa: PLC0415

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

        checklist = []
        _checklist = d.pop("checklist")
        for checklist_item_data in _checklist:
            checklist_item = PointView.from_dict(checklist_item_data)

            checklist.append(checklist_item)

        ready = d.pop("ready")

        protocol_version = d.pop("protocol_version")

        protocol_versions = []
        _protocol_versions = d.pop("protocol_versions")
        for protocol_versions_item_data in _protocol_versions:
            protocol_versions_item = VersionView.from_dict(protocol_versions_item_data)

            protocol_versions.append(protocol_versions_item)

        consents = []
        _consents = d.pop("consents")
        for consents_item_data in _consents:
            consents_item = ConsentVersionView.from_dict(consents_item_data)

            consents.append(consents_item)

        site_detail = cls(
            site=site,
            name=name,
            activated_on=activated_on,
            paused_on=paused_on,
            consent_versions=consent_versions,
            screened=screened,
            checklist=checklist,
            ready=ready,
            protocol_version=protocol_version,
            protocol_versions=protocol_versions,
            consents=consents,
        )

        site_detail.additional_properties = d
        return site_detail

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
