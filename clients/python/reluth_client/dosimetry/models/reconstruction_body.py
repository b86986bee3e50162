from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

from attrs import define as _attrs_define

from ..models.image_correction import ImageCorrection
from ..types import UNSET, Unset

T = TypeVar("T", bound="ReconstructionBody")


@_attrs_define
class ReconstructionBody:
    """How a tomographic acquisition was reconstructed."""

    algorithm: str
    iterations: int
    subsets: int
    corrections: list[ImageCorrection] | Unset = UNSET

    def to_dict(self) -> dict[str, Any]:
        algorithm = self.algorithm

        iterations = self.iterations

        subsets = self.subsets

        corrections: list[str] | Unset = UNSET
        if not isinstance(self.corrections, Unset):
            corrections = []
            for corrections_item_data in self.corrections:
                corrections_item = corrections_item_data.value
                corrections.append(corrections_item)

        field_dict: dict[str, Any] = {}

        field_dict.update(
            {
                "algorithm": algorithm,
                "iterations": iterations,
                "subsets": subsets,
            }
        )
        if corrections is not UNSET:
            field_dict["corrections"] = corrections

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        algorithm = d.pop("algorithm")

        iterations = d.pop("iterations")

        subsets = d.pop("subsets")

        _corrections = d.pop("corrections", UNSET)
        corrections: list[ImageCorrection] | Unset = UNSET
        if _corrections is not UNSET:
            corrections = []
            for corrections_item_data in _corrections:
                corrections_item = ImageCorrection(corrections_item_data)

                corrections.append(corrections_item)

        reconstruction_body = cls(
            algorithm=algorithm,
            iterations=iterations,
            subsets=subsets,
            corrections=corrections,
        )

        return reconstruction_body
