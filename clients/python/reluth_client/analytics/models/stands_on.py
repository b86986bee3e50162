from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar, cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import UNSET, Unset

if TYPE_CHECKING:
    from ..models.stands_on_positions import StandsOnPositions
    from ..models.stands_on_projections import StandsOnProjections


T = TypeVar("T", bound="StandsOn")


@_attrs_define
class StandsOn:
    """From which prefix of which logs a figure was derived, and by which rules."""

    positions: StandsOnPositions
    """ by topic: every message up to this position of its owner's log is in """
    projections: StandsOnProjections
    """ versions of the read models """
    protocol_sha256: str
    """ hash of the protocol file that the rules come from """
    complete: bool
    """ false while a message before a known one is missing, or facts are parked """
    missing: list[str] | Unset = UNSET
    """ topics of which an earlier message is missing """
    parked: int | Unset = 0
    """ subjects of whom some facts could not be applied """
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        positions = self.positions.to_dict()

        projections = self.projections.to_dict()

        protocol_sha256 = self.protocol_sha256

        complete = self.complete

        missing: list[str] | Unset = UNSET
        if not isinstance(self.missing, Unset):
            missing = self.missing

        parked = self.parked

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "positions": positions,
                "projections": projections,
                "protocol_sha256": protocol_sha256,
                "complete": complete,
            }
        )
        if missing is not UNSET:
            field_dict["missing"] = missing
        if parked is not UNSET:
            field_dict["parked"] = parked

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.stands_on_positions import StandsOnPositions  # noqa: PLC0415
        from ..models.stands_on_projections import StandsOnProjections  # noqa: PLC0415

        d = dict(src_dict)
        positions = StandsOnPositions.from_dict(d.pop("positions"))

        projections = StandsOnProjections.from_dict(d.pop("projections"))

        protocol_sha256 = d.pop("protocol_sha256")

        complete = d.pop("complete")

        missing = cast(list[str], d.pop("missing", UNSET))

        parked = d.pop("parked", UNSET)

        stands_on = cls(
            positions=positions,
            projections=projections,
            protocol_sha256=protocol_sha256,
            complete=complete,
            missing=missing,
            parked=parked,
        )

        stands_on.additional_properties = d
        return stands_on

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
