from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, cast

from attrs import define as _attrs_define

from ..types import UNSET, Unset

T = TypeVar("T", bound="ComputationBody")


@_attrs_define
class ComputationBody:
    """The cycle whose doses are wanted, and of which organs."""

    cycle: int
    organs: list[str] | None | Unset = UNSET
    """ all of these or none of them; absent: every organ that can be computed """

    def to_dict(self) -> dict[str, Any]:
        cycle = self.cycle

        organs: list[str] | None | Unset
        if isinstance(self.organs, Unset):
            organs = UNSET
        elif isinstance(self.organs, list):
            organs = self.organs

        else:
            organs = self.organs

        field_dict: dict[str, Any] = {}

        field_dict.update(
            {
                "cycle": cycle,
            }
        )
        if organs is not UNSET:
            field_dict["organs"] = organs

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        cycle = d.pop("cycle")

        def _parse_organs(data: object) -> list[str] | None | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            try:
                if not isinstance(data, list):
                    raise TypeError()
                organs_type_0 = cast(list[str], data)

                return organs_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(list[str] | None | Unset, data)

        organs = _parse_organs(d.pop("organs", UNSET))

        computation_body = cls(
            cycle=cycle,
            organs=organs,
        )

        return computation_body
