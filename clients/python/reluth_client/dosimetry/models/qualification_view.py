from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar
from uuid import UUID

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..models.acquisition import Acquisition

if TYPE_CHECKING:
    from ..models.recovery_coefficient import RecoveryCoefficient


T = TypeVar("T", bound="QualificationView")


@_attrs_define
class QualificationView:
    """A calibration of one camera for one way of acquisition."""

    study: str
    site: str
    camera: str
    acquisition: Acquisition
    """ How activity in the body was imaged. Each has a calibration factor of its own. """
    calibration_factor: str
    """ counts per second and MBq """
    recovery: list[RecoveryCoefficient]
    phantom_on: datetime.date
    cross_checked_on: datetime.date
    cross_check_percent: str
    valid_from: datetime.date
    valid_to: datetime.date
    event_id: UUID
    position: int
    """ place in dosimetry's log """
    recorded_at: datetime.datetime
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        study = self.study

        site = self.site

        camera = self.camera

        acquisition = self.acquisition.value

        calibration_factor = self.calibration_factor

        recovery = []
        for recovery_item_data in self.recovery:
            recovery_item = recovery_item_data.to_dict()
            recovery.append(recovery_item)

        phantom_on = self.phantom_on.isoformat()

        cross_checked_on = self.cross_checked_on.isoformat()

        cross_check_percent = self.cross_check_percent

        valid_from = self.valid_from.isoformat()

        valid_to = self.valid_to.isoformat()

        event_id = str(self.event_id)

        position = self.position

        recorded_at = self.recorded_at.isoformat()

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "study": study,
                "site": site,
                "camera": camera,
                "acquisition": acquisition,
                "calibration_factor": calibration_factor,
                "recovery": recovery,
                "phantom_on": phantom_on,
                "cross_checked_on": cross_checked_on,
                "cross_check_percent": cross_check_percent,
                "valid_from": valid_from,
                "valid_to": valid_to,
                "event_id": event_id,
                "position": position,
                "recorded_at": recorded_at,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.recovery_coefficient import RecoveryCoefficient  # noqa: PLC0415

        d = dict(src_dict)
        study = d.pop("study")

        site = d.pop("site")

        camera = d.pop("camera")

        acquisition = Acquisition(d.pop("acquisition"))

        calibration_factor = d.pop("calibration_factor")

        recovery = []
        _recovery = d.pop("recovery")
        for recovery_item_data in _recovery:
            recovery_item = RecoveryCoefficient.from_dict(recovery_item_data)

            recovery.append(recovery_item)

        phantom_on = datetime.date.fromisoformat(d.pop("phantom_on"))

        cross_checked_on = datetime.date.fromisoformat(d.pop("cross_checked_on"))

        cross_check_percent = d.pop("cross_check_percent")

        valid_from = datetime.date.fromisoformat(d.pop("valid_from"))

        valid_to = datetime.date.fromisoformat(d.pop("valid_to"))

        event_id = UUID(d.pop("event_id"))

        position = d.pop("position")

        recorded_at = datetime.datetime.fromisoformat(d.pop("recorded_at"))

        qualification_view = cls(
            study=study,
            site=site,
            camera=camera,
            acquisition=acquisition,
            calibration_factor=calibration_factor,
            recovery=recovery,
            phantom_on=phantom_on,
            cross_checked_on=cross_checked_on,
            cross_check_percent=cross_check_percent,
            valid_from=valid_from,
            valid_to=valid_to,
            event_id=event_id,
            position=position,
            recorded_at=recorded_at,
        )

        qualification_view.additional_properties = d
        return qualification_view

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
