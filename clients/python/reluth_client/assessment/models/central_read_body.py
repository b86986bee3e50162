from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar, cast

from attrs import define as _attrs_define

from ..models.response import Response
from ..types import UNSET, Unset

if TYPE_CHECKING:
    from ..models.seen_body import SeenBody


T = TypeVar("T", bound="CentralReadBody")


@_attrs_define
class CentralReadBody:
    """A read, locked at once."""

    sequence: int
    """ of the scan in the case; the baseline is 0 """
    seen: SeenBody
    """ All that was seen on one scan. A lesion that is not named was not assessed. """
    response: Response
    """ Overall response. NON_CR_NON_PD exists only without target lesions (endpoints 4.1 rule 9). """
    stated_stands: None | str | Unset = UNSET
    """ why the stated response is not the derived one """

    def to_dict(self) -> dict[str, Any]:
        sequence = self.sequence

        seen = self.seen.to_dict()

        response = self.response.value

        stated_stands: None | str | Unset
        if isinstance(self.stated_stands, Unset):
            stated_stands = UNSET
        else:
            stated_stands = self.stated_stands

        field_dict: dict[str, Any] = {}

        field_dict.update(
            {
                "sequence": sequence,
                "seen": seen,
                "response": response,
            }
        )
        if stated_stands is not UNSET:
            field_dict["stated_stands"] = stated_stands

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.seen_body import SeenBody  # noqa: PLC0415

        d = dict(src_dict)
        sequence = d.pop("sequence")

        seen = SeenBody.from_dict(d.pop("seen"))

        response = Response(d.pop("response"))

        def _parse_stated_stands(data: object) -> None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(None | str | Unset, data)

        stated_stands = _parse_stated_stands(d.pop("stated_stands", UNSET))

        central_read_body = cls(
            sequence=sequence,
            seen=seen,
            response=response,
            stated_stands=stated_stands,
        )

        return central_read_body
