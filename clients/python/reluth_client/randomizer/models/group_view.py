from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar, cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field

if TYPE_CHECKING:
    from ..models.group_view_between_type_0 import GroupViewBetweenType0
    from ..models.group_view_counts import GroupViewCounts
    from ..models.stratum_level import StratumLevel


T = TypeVar("T", bound="GroupView")


@_attrs_define
class GroupView:
    """The whole trial (no levels), one level of a factor, or a stratum."""

    levels: list[StratumLevel]
    counts: GroupViewCounts
    """ subjects by arm """
    imbalance: float
    """ largest minus smallest count, each divided by the arm's share in the ratio """
    between: GroupViewBetweenType0 | None
    """ counts by arm in the middle 95 % of the simulated trials """
    imbalance_p95: float | None
    """ what 95 % of the simulated trials do not pass """
    p_value: float | None
    """ probability under the live design of an imbalance as large """
    outside: bool | None
    """ whether the imbalance lies outside the envelope; null: not simulated """
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        from ..models.group_view_between_type_0 import GroupViewBetweenType0  # noqa: PLC0415

        levels = []
        for levels_item_data in self.levels:
            levels_item = levels_item_data.to_dict()
            levels.append(levels_item)

        counts = self.counts.to_dict()

        imbalance = self.imbalance

        between: dict[str, Any] | None
        if isinstance(self.between, GroupViewBetweenType0):
            between = self.between.to_dict()
        else:
            between = self.between

        imbalance_p95: float | None
        imbalance_p95 = self.imbalance_p95

        p_value: float | None
        p_value = self.p_value

        outside: bool | None
        outside = self.outside

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "levels": levels,
                "counts": counts,
                "imbalance": imbalance,
                "between": between,
                "imbalance_p95": imbalance_p95,
                "p_value": p_value,
                "outside": outside,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.group_view_between_type_0 import GroupViewBetweenType0  # noqa: PLC0415
        from ..models.group_view_counts import GroupViewCounts  # noqa: PLC0415
        from ..models.stratum_level import StratumLevel  # noqa: PLC0415

        d = dict(src_dict)
        levels = []
        _levels = d.pop("levels")
        for levels_item_data in _levels:
            levels_item = StratumLevel.from_dict(levels_item_data)

            levels.append(levels_item)

        counts = GroupViewCounts.from_dict(d.pop("counts"))

        imbalance = d.pop("imbalance")

        def _parse_between(data: object) -> GroupViewBetweenType0 | None:
            if data is None:
                return data
            try:
                if not isinstance(data, dict):
                    raise TypeError()
                between_type_0 = GroupViewBetweenType0.from_dict(data)

                return between_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(GroupViewBetweenType0 | None, data)

        between = _parse_between(d.pop("between"))

        def _parse_imbalance_p95(data: object) -> float | None:
            if data is None:
                return data
            return cast(float | None, data)

        imbalance_p95 = _parse_imbalance_p95(d.pop("imbalance_p95"))

        def _parse_p_value(data: object) -> float | None:
            if data is None:
                return data
            return cast(float | None, data)

        p_value = _parse_p_value(d.pop("p_value"))

        def _parse_outside(data: object) -> bool | None:
            if data is None:
                return data
            return cast(bool | None, data)

        outside = _parse_outside(d.pop("outside"))

        group_view = cls(
            levels=levels,
            counts=counts,
            imbalance=imbalance,
            between=between,
            imbalance_p95=imbalance_p95,
            p_value=p_value,
            outside=outside,
        )

        group_view.additional_properties = d
        return group_view

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
