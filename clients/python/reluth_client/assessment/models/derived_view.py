from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar, cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..models.response import Response
from ..models.rule import Rule

if TYPE_CHECKING:
    from ..models.part_view import PartView


T = TypeVar("T", bound="DerivedView")


@_attrs_define
class DerivedView:
    """What follows from the lesions at one timepoint. Sums in millimetres."""

    response: Response
    """ Overall response. NON_CR_NON_PD exists only without target lesions (endpoints 4.1 rule 9). """
    rule: Rule
    """ What decided a response (RECIST 1.1, 4.3 and tables 1 and 2). """
    lesions: list[str]
    baseline: str
    """ the scan that it is compared with """
    sum_mm: str
    """ of the lesions that were measured """
    baseline_sum_mm: str
    nadir_mm: str
    """ smallest of the baseline and the complete sums before """
    not_measured: list[str]
    target: PartView
    """ A response, the rule that gave it, and the lesions that it rests on. """
    non_target: PartView
    """ A response, the rule that gave it, and the lesions that it rests on. """
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        response = self.response.value

        rule = self.rule.value

        lesions = self.lesions

        baseline = self.baseline

        sum_mm = self.sum_mm

        baseline_sum_mm = self.baseline_sum_mm

        nadir_mm = self.nadir_mm

        not_measured = self.not_measured

        target = self.target.to_dict()

        non_target = self.non_target.to_dict()

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "response": response,
                "rule": rule,
                "lesions": lesions,
                "baseline": baseline,
                "sum_mm": sum_mm,
                "baseline_sum_mm": baseline_sum_mm,
                "nadir_mm": nadir_mm,
                "not_measured": not_measured,
                "target": target,
                "non_target": non_target,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.part_view import PartView  # noqa: PLC0415

        d = dict(src_dict)
        response = Response(d.pop("response"))

        rule = Rule(d.pop("rule"))

        lesions = cast(list[str], d.pop("lesions"))

        baseline = d.pop("baseline")

        sum_mm = d.pop("sum_mm")

        baseline_sum_mm = d.pop("baseline_sum_mm")

        nadir_mm = d.pop("nadir_mm")

        not_measured = cast(list[str], d.pop("not_measured"))

        target = PartView.from_dict(d.pop("target"))

        non_target = PartView.from_dict(d.pop("non_target"))

        derived_view = cls(
            response=response,
            rule=rule,
            lesions=lesions,
            baseline=baseline,
            sum_mm=sum_mm,
            baseline_sum_mm=baseline_sum_mm,
            nadir_mm=nadir_mm,
            not_measured=not_measured,
            target=target,
            non_target=non_target,
        )

        derived_view.additional_properties = d
        return derived_view

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
