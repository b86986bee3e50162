from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar

from attrs import define as _attrs_define
from attrs import field as _attrs_field

if TYPE_CHECKING:
    from ..models.computed_view_not_computed import ComputedViewNotComputed
    from ..models.recorded_fact import RecordedFact


T = TypeVar("T", bound="ComputedView")


@_attrs_define
class ComputedView:
    """The doses as recorded, and the organs that have none."""

    recorded: list[RecordedFact]
    not_computed: ComputedViewNotComputed
    """ by organ, why there is no dose """
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        recorded = []
        for recorded_item_data in self.recorded:
            recorded_item = recorded_item_data.to_dict()
            recorded.append(recorded_item)

        not_computed = self.not_computed.to_dict()

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "recorded": recorded,
                "not_computed": not_computed,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.computed_view_not_computed import ComputedViewNotComputed  # noqa: PLC0415
        from ..models.recorded_fact import RecordedFact  # noqa: PLC0415

        d = dict(src_dict)
        recorded = []
        _recorded = d.pop("recorded")
        for recorded_item_data in _recorded:
            recorded_item = RecordedFact.from_dict(recorded_item_data)

            recorded.append(recorded_item)

        not_computed = ComputedViewNotComputed.from_dict(d.pop("not_computed"))

        computed_view = cls(
            recorded=recorded,
            not_computed=not_computed,
        )

        computed_view.additional_properties = d
        return computed_view

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
