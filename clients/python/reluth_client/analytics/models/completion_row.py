from __future__ import annotations

from collections.abc import Mapping
from typing import (
    TYPE_CHECKING,
    Any,
    Literal,
    TypeVar,
    cast,
)

from attrs import define as _attrs_define
from attrs import field as _attrs_field

if TYPE_CHECKING:
    from ..models.completion_row_not_expected import CompletionRowNotExpected
    from ..models.rate import Rate


T = TypeVar("T", bound="CompletionRow")


@_attrs_define
class CompletionRow:
    """One questionnaire on one occasion. `population` = `received` + `missing` + `not_due` + `not_expected`."""

    occasion: str
    visits: list[str]
    """ of the schedule; an arm has one of them each """
    counted_from: str
    """ what the window is counted from """
    questionnaire: str
    population: int
    """ included subjects; on occasions counted from randomization the randomized """
    received: int
    received_in_window: int
    missing: int
    """ the window is over, nothing made it needless, and nothing was received """
    not_due: int
    """ the window is open or still to come """
    not_expected: CompletionRowNotExpected
    """ not received, by what came before the window was over """
    completion: Literal["not estimable"] | Rate
    """ received of what was expected: `received` + `missing` """
    available: Literal["not estimable"] | Rate
    """ received of the whole population """
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        from ..models.rate import Rate  # noqa: PLC0415

        occasion = self.occasion

        visits = self.visits

        counted_from = self.counted_from

        questionnaire = self.questionnaire

        population = self.population

        received = self.received

        received_in_window = self.received_in_window

        missing = self.missing

        not_due = self.not_due

        not_expected = self.not_expected.to_dict()

        completion: dict[str, Any] | Literal["not estimable"]
        if isinstance(self.completion, Rate):
            completion = self.completion.to_dict()
        else:
            completion = self.completion

        available: dict[str, Any] | Literal["not estimable"]
        if isinstance(self.available, Rate):
            available = self.available.to_dict()
        else:
            available = self.available

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "occasion": occasion,
                "visits": visits,
                "counted_from": counted_from,
                "questionnaire": questionnaire,
                "population": population,
                "received": received,
                "received_in_window": received_in_window,
                "missing": missing,
                "not_due": not_due,
                "not_expected": not_expected,
                "completion": completion,
                "available": available,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.completion_row_not_expected import CompletionRowNotExpected  # noqa: PLC0415
        from ..models.rate import Rate  # noqa: PLC0415

        d = dict(src_dict)
        occasion = d.pop("occasion")

        visits = cast(list[str], d.pop("visits"))

        counted_from = d.pop("counted_from")

        questionnaire = d.pop("questionnaire")

        population = d.pop("population")

        received = d.pop("received")

        received_in_window = d.pop("received_in_window")

        missing = d.pop("missing")

        not_due = d.pop("not_due")

        not_expected = CompletionRowNotExpected.from_dict(d.pop("not_expected"))

        def _parse_completion(data: object) -> Literal["not estimable"] | Rate:
            try:
                if not isinstance(data, dict):
                    raise TypeError()
                completion_type_0 = Rate.from_dict(data)

                return completion_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            completion_type_1 = cast(Literal["not estimable"], data)
            if completion_type_1 != "not estimable":
                raise ValueError(f"completion_type_1 must match const 'not estimable', got '{completion_type_1}'")
            return completion_type_1

        completion = _parse_completion(d.pop("completion"))

        def _parse_available(data: object) -> Literal["not estimable"] | Rate:
            try:
                if not isinstance(data, dict):
                    raise TypeError()
                available_type_0 = Rate.from_dict(data)

                return available_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            available_type_1 = cast(Literal["not estimable"], data)
            if available_type_1 != "not estimable":
                raise ValueError(f"available_type_1 must match const 'not estimable', got '{available_type_1}'")
            return available_type_1

        available = _parse_available(d.pop("available"))

        completion_row = cls(
            occasion=occasion,
            visits=visits,
            counted_from=counted_from,
            questionnaire=questionnaire,
            population=population,
            received=received,
            received_in_window=received_in_window,
            missing=missing,
            not_due=not_due,
            not_expected=not_expected,
            completion=completion,
            available=available,
        )

        completion_row.additional_properties = d
        return completion_row

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
