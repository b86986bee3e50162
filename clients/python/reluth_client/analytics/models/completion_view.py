from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar, cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import UNSET, Unset

if TYPE_CHECKING:
    from ..models.completion_row import CompletionRow
    from ..models.stands_on import StandsOn


T = TypeVar("T", bound="CompletionView")


@_attrs_define
class CompletionView:
    """Every questionnaire of the protocol on every occasion, in its order."""

    study: str
    as_of: datetime.date
    """ the last clinical day that counts """
    rows: list[CompletionRow]
    stands_on: StandsOn
    """ From which prefix of which logs a figure was derived, and by which rules. """
    site: None | str | Unset = UNSET
    """ absent: all sites that the caller may see """
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        study = self.study

        as_of = self.as_of.isoformat()

        rows = []
        for rows_item_data in self.rows:
            rows_item = rows_item_data.to_dict()
            rows.append(rows_item)

        stands_on = self.stands_on.to_dict()

        site: None | str | Unset
        if isinstance(self.site, Unset):
            site = UNSET
        else:
            site = self.site

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "study": study,
                "as_of": as_of,
                "rows": rows,
                "stands_on": stands_on,
            }
        )
        if site is not UNSET:
            field_dict["site"] = site

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.completion_row import CompletionRow  # noqa: PLC0415
        from ..models.stands_on import StandsOn  # noqa: PLC0415

        d = dict(src_dict)
        study = d.pop("study")

        as_of = datetime.date.fromisoformat(d.pop("as_of"))

        rows = []
        _rows = d.pop("rows")
        for rows_item_data in _rows:
            rows_item = CompletionRow.from_dict(rows_item_data)

            rows.append(rows_item)

        stands_on = StandsOn.from_dict(d.pop("stands_on"))

        def _parse_site(data: object) -> None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(None | str | Unset, data)

        site = _parse_site(d.pop("site", UNSET))

        completion_view = cls(
            study=study,
            as_of=as_of,
            rows=rows,
            stands_on=stands_on,
            site=site,
        )

        completion_view.additional_properties = d
        return completion_view

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
