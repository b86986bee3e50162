from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import Any, TypeVar, cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..models.unmet import Unmet

T = TypeVar("T", bound="PointView")


@_attrs_define
class PointView:
    """A point of the opening checklist, as last recorded."""

    requirement: str
    text: str
    unmet: None | Unmet
    """ why it does not count; null if it does """
    met_on: datetime.date | None
    reference: None | str
    version: None | str
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        requirement = self.requirement

        text = self.text

        unmet: None | str
        if isinstance(self.unmet, Unmet):
            unmet = self.unmet.value
        else:
            unmet = self.unmet

        met_on: None | str
        if isinstance(self.met_on, datetime.date):
            met_on = self.met_on.isoformat()
        else:
            met_on = self.met_on

        reference: None | str
        reference = self.reference

        version: None | str
        version = self.version

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "requirement": requirement,
                "text": text,
                "unmet": unmet,
                "met_on": met_on,
                "reference": reference,
                "version": version,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        requirement = d.pop("requirement")

        text = d.pop("text")

        def _parse_unmet(data: object) -> None | Unmet:
            if data is None:
                return data
            try:
                if not isinstance(data, str):
                    raise TypeError()
                unmet_type_0 = Unmet(data)

                return unmet_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(None | Unmet, data)

        unmet = _parse_unmet(d.pop("unmet"))

        def _parse_met_on(data: object) -> datetime.date | None:
            if data is None:
                return data
            try:
                if not isinstance(data, str):
                    raise TypeError()
                met_on_type_0 = datetime.date.fromisoformat(data)

                return met_on_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(datetime.date | None, data)

        met_on = _parse_met_on(d.pop("met_on"))

        def _parse_reference(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        reference = _parse_reference(d.pop("reference"))

        def _parse_version(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        version = _parse_version(d.pop("version"))

        point_view = cls(
            requirement=requirement,
            text=text,
            unmet=unmet,
            met_on=met_on,
            reference=reference,
            version=version,
        )

        point_view.additional_properties = d
        return point_view

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
