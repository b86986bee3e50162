from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import Any, TypeVar, cast
from uuid import UUID

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..models.curve_model import CurveModel

T = TypeVar("T", bound="DoseView")


@_attrs_define
class DoseView:
    """The absorbed dose of an organ from one cycle."""

    organ: str
    cycle: int
    model: CurveModel
    """ How activity over time was made a whole. """
    effective_half_life_h: None | str
    time_integrated_activity_mbq_h: str
    mass_g: str
    absorbed_dose_gy: str
    gy_per_gbq: str
    uncertainty_percent: None | str
    """ one standard deviation; null: not known, see `unknown` """
    unknown: None | str
    because: str
    """ why by this model """
    fit_probability: None | str
    """ of residuals at least as large if the fitted model holds """
    method: str
    software: str
    protocol_sha256: str
    inputs: list[UUID]
    """ the events that it is derived again from """
    counts: bool
    """ false once a scan that it comes from is no longer computed with """
    outdated: bool
    """ something was measured since that it does not come from """
    event_id: UUID
    position: int
    """ place in dosimetry's log """
    recorded_at: datetime.datetime
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        organ = self.organ

        cycle = self.cycle

        model = self.model.value

        effective_half_life_h: None | str
        effective_half_life_h = self.effective_half_life_h

        time_integrated_activity_mbq_h = self.time_integrated_activity_mbq_h

        mass_g = self.mass_g

        absorbed_dose_gy = self.absorbed_dose_gy

        gy_per_gbq = self.gy_per_gbq

        uncertainty_percent: None | str
        uncertainty_percent = self.uncertainty_percent

        unknown: None | str
        unknown = self.unknown

        because = self.because

        fit_probability: None | str
        fit_probability = self.fit_probability

        method = self.method

        software = self.software

        protocol_sha256 = self.protocol_sha256

        inputs = []
        for inputs_item_data in self.inputs:
            inputs_item = str(inputs_item_data)
            inputs.append(inputs_item)

        counts = self.counts

        outdated = self.outdated

        event_id = str(self.event_id)

        position = self.position

        recorded_at = self.recorded_at.isoformat()

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "organ": organ,
                "cycle": cycle,
                "model": model,
                "effective_half_life_h": effective_half_life_h,
                "time_integrated_activity_mbq_h": time_integrated_activity_mbq_h,
                "mass_g": mass_g,
                "absorbed_dose_gy": absorbed_dose_gy,
                "gy_per_gbq": gy_per_gbq,
                "uncertainty_percent": uncertainty_percent,
                "unknown": unknown,
                "because": because,
                "fit_probability": fit_probability,
                "method": method,
                "software": software,
                "protocol_sha256": protocol_sha256,
                "inputs": inputs,
                "counts": counts,
                "outdated": outdated,
                "event_id": event_id,
                "position": position,
                "recorded_at": recorded_at,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        organ = d.pop("organ")

        cycle = d.pop("cycle")

        model = CurveModel(d.pop("model"))

        def _parse_effective_half_life_h(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        effective_half_life_h = _parse_effective_half_life_h(d.pop("effective_half_life_h"))

        time_integrated_activity_mbq_h = d.pop("time_integrated_activity_mbq_h")

        mass_g = d.pop("mass_g")

        absorbed_dose_gy = d.pop("absorbed_dose_gy")

        gy_per_gbq = d.pop("gy_per_gbq")

        def _parse_uncertainty_percent(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        uncertainty_percent = _parse_uncertainty_percent(d.pop("uncertainty_percent"))

        def _parse_unknown(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        unknown = _parse_unknown(d.pop("unknown"))

        because = d.pop("because")

        def _parse_fit_probability(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        fit_probability = _parse_fit_probability(d.pop("fit_probability"))

        method = d.pop("method")

        software = d.pop("software")

        protocol_sha256 = d.pop("protocol_sha256")

        inputs = []
        _inputs = d.pop("inputs")
        for inputs_item_data in _inputs:
            inputs_item = UUID(inputs_item_data)

            inputs.append(inputs_item)

        counts = d.pop("counts")

        outdated = d.pop("outdated")

        event_id = UUID(d.pop("event_id"))

        position = d.pop("position")

        recorded_at = datetime.datetime.fromisoformat(d.pop("recorded_at"))

        dose_view = cls(
            organ=organ,
            cycle=cycle,
            model=model,
            effective_half_life_h=effective_half_life_h,
            time_integrated_activity_mbq_h=time_integrated_activity_mbq_h,
            mass_g=mass_g,
            absorbed_dose_gy=absorbed_dose_gy,
            gy_per_gbq=gy_per_gbq,
            uncertainty_percent=uncertainty_percent,
            unknown=unknown,
            because=because,
            fit_probability=fit_probability,
            method=method,
            software=software,
            protocol_sha256=protocol_sha256,
            inputs=inputs,
            counts=counts,
            outdated=outdated,
            event_id=event_id,
            position=position,
            recorded_at=recorded_at,
        )

        dose_view.additional_properties = d
        return dose_view

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
