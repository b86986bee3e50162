from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar, cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field

if TYPE_CHECKING:
    from ..models.configuration import Configuration


T = TypeVar("T", bound="DraftView")


@_attrs_define
class DraftView:
    """A version of the configuration as it is signed. For those who sign: block sizes stand in it."""

    study: str
    version: int
    configuration: Configuration
    configuration_sha256: str
    protocol_version: str
    protocol_sha256: str
    drafted_by: str
    signed_by: list[str]
    """ accounts of the persons who signed; two are needed """
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        study = self.study

        version = self.version

        configuration = self.configuration.to_dict()

        configuration_sha256 = self.configuration_sha256

        protocol_version = self.protocol_version

        protocol_sha256 = self.protocol_sha256

        drafted_by = self.drafted_by

        signed_by = self.signed_by

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "study": study,
                "version": version,
                "configuration": configuration,
                "configuration_sha256": configuration_sha256,
                "protocol_version": protocol_version,
                "protocol_sha256": protocol_sha256,
                "drafted_by": drafted_by,
                "signed_by": signed_by,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.configuration import Configuration  # noqa: PLC0415

        d = dict(src_dict)
        study = d.pop("study")

        version = d.pop("version")

        configuration = Configuration.from_dict(d.pop("configuration"))

        configuration_sha256 = d.pop("configuration_sha256")

        protocol_version = d.pop("protocol_version")

        protocol_sha256 = d.pop("protocol_sha256")

        drafted_by = d.pop("drafted_by")

        signed_by = cast(list[str], d.pop("signed_by"))

        draft_view = cls(
            study=study,
            version=version,
            configuration=configuration,
            configuration_sha256=configuration_sha256,
            protocol_version=protocol_version,
            protocol_sha256=protocol_sha256,
            drafted_by=drafted_by,
            signed_by=signed_by,
        )

        draft_view.additional_properties = d
        return draft_view

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
