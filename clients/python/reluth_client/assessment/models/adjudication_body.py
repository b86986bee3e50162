from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

from attrs import define as _attrs_define

from ..models.adjudication_body_chosen import AdjudicationBodyChosen
from ..models.discordance import Discordance

T = TypeVar("T", bound="AdjudicationBody")


@_attrs_define
class AdjudicationBody:
    """The choice between two reads that differ."""

    sequence: int
    chosen: AdjudicationBodyChosen
    """ as the case shows them to the adjudicator """
    because: Discordance
    """ Why two readers differed, as the adjudicator judges it. """

    def to_dict(self) -> dict[str, Any]:
        sequence = self.sequence

        chosen = self.chosen.value

        because = self.because.value

        field_dict: dict[str, Any] = {}

        field_dict.update(
            {
                "sequence": sequence,
                "chosen": chosen,
                "because": because,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        sequence = d.pop("sequence")

        chosen = AdjudicationBodyChosen(d.pop("chosen"))

        because = Discordance(d.pop("because"))

        adjudication_body = cls(
            sequence=sequence,
            chosen=chosen,
            because=because,
        )

        return adjudication_body
