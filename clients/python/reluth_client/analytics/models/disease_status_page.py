from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar, cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..models.reader import Reader
from ..types import UNSET, Unset

if TYPE_CHECKING:
    from ..models.disease_status_row import DiseaseStatusRow
    from ..models.stands_on import StandsOn


T = TypeVar("T", bound="DiseaseStatusPage")


@_attrs_define
class DiseaseStatusPage:
    """Included subjects in the order of their numbers, as of a cut-off date. `next` is absent on the last page."""

    study: str
    as_of: datetime.date
    """ the last clinical day that counts """
    reader: Reader
    """ Who read a scan. """
    items: list[DiseaseStatusRow]
    stands_on: StandsOn
    """ From which prefix of which logs a figure was derived, and by which rules. """
    next_: None | str | Unset = UNSET
    """ pass it as `cursor` to go on, with the same filters """
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        study = self.study

        as_of = self.as_of.isoformat()

        reader = self.reader.value

        items = []
        for items_item_data in self.items:
            items_item = items_item_data.to_dict()
            items.append(items_item)

        stands_on = self.stands_on.to_dict()

        next_: None | str | Unset
        if isinstance(self.next_, Unset):
            next_ = UNSET
        else:
            next_ = self.next_

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "study": study,
                "as_of": as_of,
                "reader": reader,
                "items": items,
                "stands_on": stands_on,
            }
        )
        if next_ is not UNSET:
            field_dict["next"] = next_

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.disease_status_row import DiseaseStatusRow  # noqa: PLC0415
        from ..models.stands_on import StandsOn  # noqa: PLC0415

        d = dict(src_dict)
        study = d.pop("study")

        as_of = datetime.date.fromisoformat(d.pop("as_of"))

        reader = Reader(d.pop("reader"))

        items = []
        _items = d.pop("items")
        for items_item_data in _items:
            items_item = DiseaseStatusRow.from_dict(items_item_data)

            items.append(items_item)

        stands_on = StandsOn.from_dict(d.pop("stands_on"))

        def _parse_next_(data: object) -> None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(None | str | Unset, data)

        next_ = _parse_next_(d.pop("next", UNSET))

        disease_status_page = cls(
            study=study,
            as_of=as_of,
            reader=reader,
            items=items,
            stands_on=stands_on,
            next_=next_,
        )

        disease_status_page.additional_properties = d
        return disease_status_page

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
