from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import Any, TypeVar, cast

from attrs import define as _attrs_define

from ..types import UNSET, Unset

T = TypeVar("T", bound="RequirementBody")


@_attrs_define
class RequirementBody:
    """A point of the opening checklist that was met. The study's protocol file lists the points."""

    requirement: str
    met_on: datetime.date
    reference: str
    """ where the document is filed; no names """
    version: None | str | Unset = UNSET
    """ of the protocol, where it matters """

    def to_dict(self) -> dict[str, Any]:
        requirement = self.requirement

        met_on = self.met_on.isoformat()

        reference = self.reference

        version: None | str | Unset
        if isinstance(self.version, Unset):
            version = UNSET
        else:
            version = self.version

        field_dict: dict[str, Any] = {}

        field_dict.update(
            {
                "requirement": requirement,
                "met_on": met_on,
                "reference": reference,
            }
        )
        if version is not UNSET:
            field_dict["version"] = version

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        requirement = d.pop("requirement")

        met_on = datetime.date.fromisoformat(d.pop("met_on"))

        reference = d.pop("reference")

        def _parse_version(data: object) -> None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(None | str | Unset, data)

        version = _parse_version(d.pop("version", UNSET))

        requirement_body = cls(
            requirement=requirement,
            met_on=met_on,
            reference=reference,
            version=version,
        )

        return requirement_body
