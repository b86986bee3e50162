from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar, cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field

if TYPE_CHECKING:
    from ..models.line_view import LineView
    from ..models.missing_view import MissingView


T = TypeVar("T", bound="OrganView")


@_attrs_define
class OrganView:
    """What an organ has had from the cycles of this study. Earlier courses are not known here."""

    organ: str
    cycles: list[int]
    """ those in the sum """
    missing: list[MissingView]
    known_gy: str
    """ the sum of the doses that are known: at least so much """
    total_gy: None | str
    """ over all infused cycles; null while one of them is missing """
    sd_gy: None | str
    """ one standard deviation of `known_gy`; null: not known """
    lines: list[LineView]
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        organ = self.organ

        cycles = self.cycles

        missing = []
        for missing_item_data in self.missing:
            missing_item = missing_item_data.to_dict()
            missing.append(missing_item)

        known_gy = self.known_gy

        total_gy: None | str
        total_gy = self.total_gy

        sd_gy: None | str
        sd_gy = self.sd_gy

        lines = []
        for lines_item_data in self.lines:
            lines_item = lines_item_data.to_dict()
            lines.append(lines_item)

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "organ": organ,
                "cycles": cycles,
                "missing": missing,
                "known_gy": known_gy,
                "total_gy": total_gy,
                "sd_gy": sd_gy,
                "lines": lines,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.line_view import LineView  # noqa: PLC0415
        from ..models.missing_view import MissingView  # noqa: PLC0415

        d = dict(src_dict)
        organ = d.pop("organ")

        cycles = cast(list[int], d.pop("cycles"))

        missing = []
        _missing = d.pop("missing")
        for missing_item_data in _missing:
            missing_item = MissingView.from_dict(missing_item_data)

            missing.append(missing_item)

        known_gy = d.pop("known_gy")

        def _parse_total_gy(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        total_gy = _parse_total_gy(d.pop("total_gy"))

        def _parse_sd_gy(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        sd_gy = _parse_sd_gy(d.pop("sd_gy"))

        lines = []
        _lines = d.pop("lines")
        for lines_item_data in _lines:
            lines_item = LineView.from_dict(lines_item_data)

            lines.append(lines_item)

        organ_view = cls(
            organ=organ,
            cycles=cycles,
            missing=missing,
            known_gy=known_gy,
            total_gy=total_gy,
            sd_gy=sd_gy,
            lines=lines,
        )

        organ_view.additional_properties = d
        return organ_view

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
