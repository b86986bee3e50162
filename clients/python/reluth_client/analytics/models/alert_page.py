from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar, cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import UNSET, Unset

if TYPE_CHECKING:
    from ..models.alert_row import AlertRow
    from ..models.stands_on import StandsOn


T = TypeVar("T", bound="AlertPage")


@_attrs_define
class AlertPage:
    """Alerts, the newest first. `next` is absent on the last page."""

    study: str
    items: list[AlertRow]
    stands_on: StandsOn
    """ From which prefix of which logs a figure was derived, and by which rules. """
    next_: None | str | Unset = UNSET
    """ pass it as `cursor` to go on, with the same filters """
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        study = self.study

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
                "items": items,
                "stands_on": stands_on,
            }
        )
        if next_ is not UNSET:
            field_dict["next"] = next_

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.alert_row import AlertRow  # noqa: PLC0415
        from ..models.stands_on import StandsOn  # noqa: PLC0415

        d = dict(src_dict)
        study = d.pop("study")

        items = []
        _items = d.pop("items")
        for items_item_data in _items:
            items_item = AlertRow.from_dict(items_item_data)

            items.append(items_item)

        stands_on = StandsOn.from_dict(d.pop("stands_on"))

        def _parse_next_(data: object) -> None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(None | str | Unset, data)

        next_ = _parse_next_(d.pop("next", UNSET))

        alert_page = cls(
            study=study,
            items=items,
            stands_on=stands_on,
            next_=next_,
        )

        alert_page.additional_properties = d
        return alert_page

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
