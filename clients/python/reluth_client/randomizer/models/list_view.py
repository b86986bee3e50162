from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..models.list_view_kind import ListViewKind

if TYPE_CHECKING:
    from ..models.listed_rows import ListedRows


T = TypeVar("T", bound="ListView")


@_attrs_define
class ListView:
    """An imported list: how long it is, and not what stands in it."""

    study: str
    kind: ListViewKind
    list_sha256: str
    """ SHA-256(nonce, rows): names it in a draft; the nonce stays sealed with it """
    rows: int
    strata: list[ListedRows]
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        study = self.study

        kind = self.kind.value

        list_sha256 = self.list_sha256

        rows = self.rows

        strata = []
        for strata_item_data in self.strata:
            strata_item = strata_item_data.to_dict()
            strata.append(strata_item)

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "study": study,
                "kind": kind,
                "list_sha256": list_sha256,
                "rows": rows,
                "strata": strata,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.listed_rows import ListedRows  # noqa: PLC0415

        d = dict(src_dict)
        study = d.pop("study")

        kind = ListViewKind(d.pop("kind"))

        list_sha256 = d.pop("list_sha256")

        rows = d.pop("rows")

        strata = []
        _strata = d.pop("strata")
        for strata_item_data in _strata:
            strata_item = ListedRows.from_dict(strata_item_data)

            strata.append(strata_item)

        list_view = cls(
            study=study,
            kind=kind,
            list_sha256=list_sha256,
            rows=rows,
            strata=strata,
        )

        list_view.additional_properties = d
        return list_view

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
