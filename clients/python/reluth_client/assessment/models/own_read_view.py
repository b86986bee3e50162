from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..models.response import Response

if TYPE_CHECKING:
    from ..models.derived_view import DerivedView
    from ..models.seen import Seen


T = TypeVar("T", bound="OwnReadView")


@_attrs_define
class OwnReadView:
    """What you said of a scan."""

    seen: Seen
    """ One timepoint. A target without a length, and a non-target that is not named, were not assessed. """
    response: Response
    """ Overall response. NON_CR_NON_PD exists only without target lesions (endpoints 4.1 rule 9). """
    derived: DerivedView
    """ What follows from the lesions at one timepoint. Sums in millimetres. """
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        seen = self.seen.to_dict()

        response = self.response.value

        derived = self.derived.to_dict()

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "seen": seen,
                "response": response,
                "derived": derived,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.derived_view import DerivedView  # noqa: PLC0415
        from ..models.seen import Seen  # noqa: PLC0415

        d = dict(src_dict)
        seen = Seen.from_dict(d.pop("seen"))

        response = Response(d.pop("response"))

        derived = DerivedView.from_dict(d.pop("derived"))

        own_read_view = cls(
            seen=seen,
            response=response,
            derived=derived,
        )

        own_read_view.additional_properties = d
        return own_read_view

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
