from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar

from attrs import define as _attrs_define
from attrs import field as _attrs_field

if TYPE_CHECKING:
    from ..models.reconsent_view import ReconsentView


T = TypeVar("T", bound="ReconsentsView")


@_attrs_define
class ReconsentsView:
    """Who has to sign a later version of the consent at a site, by number."""

    site: str
    on: datetime.date
    reconsents: list[ReconsentView]
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        site = self.site

        on = self.on.isoformat()

        reconsents = []
        for reconsents_item_data in self.reconsents:
            reconsents_item = reconsents_item_data.to_dict()
            reconsents.append(reconsents_item)

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "site": site,
                "on": on,
                "reconsents": reconsents,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.reconsent_view import ReconsentView  # noqa: PLC0415

        d = dict(src_dict)
        site = d.pop("site")

        on = datetime.date.fromisoformat(d.pop("on"))

        reconsents = []
        _reconsents = d.pop("reconsents")
        for reconsents_item_data in _reconsents:
            reconsents_item = ReconsentView.from_dict(reconsents_item_data)

            reconsents.append(reconsents_item)

        reconsents_view = cls(
            site=site,
            on=on,
            reconsents=reconsents,
        )

        reconsents_view.additional_properties = d
        return reconsents_view

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
