from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

from attrs import define as _attrs_define

T = TypeVar("T", bound="ReReadBody")


@_attrs_define
class ReReadBody:
    """A locked read that is to be made again."""

    timepoint: str
    place: int
    """ the first reader's or the second's """
    reason: str
    """ kept in clear for ever; no names, please """

    def to_dict(self) -> dict[str, Any]:
        timepoint = self.timepoint

        place = self.place

        reason = self.reason

        field_dict: dict[str, Any] = {}

        field_dict.update(
            {
                "timepoint": timepoint,
                "place": place,
                "reason": reason,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        timepoint = d.pop("timepoint")

        place = d.pop("place")

        reason = d.pop("reason")

        re_read_body = cls(
            timepoint=timepoint,
            place=place,
            reason=reason,
        )

        return re_read_body
