from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar

from attrs import define as _attrs_define
from attrs import field as _attrs_field

if TYPE_CHECKING:
    from ..models.delegation_view import DelegationView


T = TypeVar("T", bound="DelegationsView")


@_attrs_define
class DelegationsView:
    """The delegation log of a site."""

    site: str
    delegations: list[DelegationView]
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        site = self.site

        delegations = []
        for delegations_item_data in self.delegations:
            delegations_item = delegations_item_data.to_dict()
            delegations.append(delegations_item)

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "site": site,
                "delegations": delegations,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.delegation_view import DelegationView  # noqa: PLC0415

        d = dict(src_dict)
        site = d.pop("site")

        delegations = []
        _delegations = d.pop("delegations")
        for delegations_item_data in _delegations:
            delegations_item = DelegationView.from_dict(delegations_item_data)

            delegations.append(delegations_item)

        delegations_view = cls(
            site=site,
            delegations=delegations,
        )

        delegations_view.additional_properties = d
        return delegations_view

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
