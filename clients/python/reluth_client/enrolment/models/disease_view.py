from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import Any, TypeVar, cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..models.reader import Reader

T = TypeVar("T", bound="DiseaseView")


@_attrs_define
class DiseaseView:
    """Whether the disease has progressed since inclusion, dated by the scan."""

    progressed: bool
    progressed_on: datetime.date | None
    reader: None | Reader
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        progressed = self.progressed

        progressed_on: None | str
        if isinstance(self.progressed_on, datetime.date):
            progressed_on = self.progressed_on.isoformat()
        else:
            progressed_on = self.progressed_on

        reader: None | str
        if isinstance(self.reader, Reader):
            reader = self.reader.value
        else:
            reader = self.reader

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "progressed": progressed,
                "progressed_on": progressed_on,
                "reader": reader,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        progressed = d.pop("progressed")

        def _parse_progressed_on(data: object) -> datetime.date | None:
            if data is None:
                return data
            try:
                if not isinstance(data, str):
                    raise TypeError()
                progressed_on_type_0 = datetime.date.fromisoformat(data)

                return progressed_on_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(datetime.date | None, data)

        progressed_on = _parse_progressed_on(d.pop("progressed_on"))

        def _parse_reader(data: object) -> None | Reader:
            if data is None:
                return data
            try:
                if not isinstance(data, str):
                    raise TypeError()
                reader_type_0 = Reader(data)

                return reader_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(None | Reader, data)

        reader = _parse_reader(d.pop("reader"))

        disease_view = cls(
            progressed=progressed,
            progressed_on=progressed_on,
            reader=reader,
        )

        disease_view.additional_properties = d
        return disease_view

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
