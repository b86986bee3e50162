from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import (
    Any,
    Literal,
    TypeVar,
    cast,
)

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..models.reader import Reader
from ..types import UNSET, Unset

T = TypeVar("T", bound="Definition")


@_attrs_define
class Definition:
    """What was computed: enough to compute it again by hand."""

    endpoint: str
    label: str
    reader: Reader
    """ Who read a scan. """
    analysis: str
    """ what this reading is to the analysis plan """
    timepoint: str
    window_first_day: int
    """ days after randomization, which is day 0 """
    window_last_day: int
    as_of: datetime.date
    """ the last clinical day that counts """
    population: Literal["all randomized subjects"] | Unset = "all randomized subjects"
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        endpoint = self.endpoint

        label = self.label

        reader = self.reader.value

        analysis = self.analysis

        timepoint = self.timepoint

        window_first_day = self.window_first_day

        window_last_day = self.window_last_day

        as_of = self.as_of.isoformat()

        population = self.population

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "endpoint": endpoint,
                "label": label,
                "reader": reader,
                "analysis": analysis,
                "timepoint": timepoint,
                "window_first_day": window_first_day,
                "window_last_day": window_last_day,
                "as_of": as_of,
            }
        )
        if population is not UNSET:
            field_dict["population"] = population

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        endpoint = d.pop("endpoint")

        label = d.pop("label")

        reader = Reader(d.pop("reader"))

        analysis = d.pop("analysis")

        timepoint = d.pop("timepoint")

        window_first_day = d.pop("window_first_day")

        window_last_day = d.pop("window_last_day")

        as_of = datetime.date.fromisoformat(d.pop("as_of"))

        population = cast(Literal["all randomized subjects"] | Unset, d.pop("population", UNSET))
        if population != "all randomized subjects" and not isinstance(population, Unset):
            raise ValueError(f"population must match const 'all randomized subjects', got '{population}'")

        definition = cls(
            endpoint=endpoint,
            label=label,
            reader=reader,
            analysis=analysis,
            timepoint=timepoint,
            window_first_day=window_first_day,
            window_last_day=window_last_day,
            as_of=as_of,
            population=population,
        )

        definition.additional_properties = d
        return definition

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
