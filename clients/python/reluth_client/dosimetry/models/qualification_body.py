from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar, cast

from attrs import define as _attrs_define

from ..models.acquisition import Acquisition
from ..types import UNSET, Unset

if TYPE_CHECKING:
    from ..models.recovery_body import RecoveryBody


T = TypeVar("T", bound="QualificationBody")


@_attrs_define
class QualificationBody:
    """A calibration of one camera for one way of acquisition, and the days on which it is valid, both included."""

    camera: str
    """ model of the camera, with its number where there are two """
    acquisition: Acquisition
    """ How activity in the body was imaged. Each has a calibration factor of its own. """
    calibration_factor: float | str
    """ counts per second and MBq """
    phantom_on: datetime.date
    cross_checked_on: datetime.date
    cross_check_percent: float | str
    """ how far the dose calibrator lay from its reference """
    valid_from: datetime.date
    valid_to: datetime.date
    recovery: list[RecoveryBody] | Unset = UNSET

    def to_dict(self) -> dict[str, Any]:
        camera = self.camera

        acquisition = self.acquisition.value

        calibration_factor: float | str
        calibration_factor = self.calibration_factor

        phantom_on = self.phantom_on.isoformat()

        cross_checked_on = self.cross_checked_on.isoformat()

        cross_check_percent: float | str
        cross_check_percent = self.cross_check_percent

        valid_from = self.valid_from.isoformat()

        valid_to = self.valid_to.isoformat()

        recovery: list[dict[str, Any]] | Unset = UNSET
        if not isinstance(self.recovery, Unset):
            recovery = []
            for recovery_item_data in self.recovery:
                recovery_item = recovery_item_data.to_dict()
                recovery.append(recovery_item)

        field_dict: dict[str, Any] = {}

        field_dict.update(
            {
                "camera": camera,
                "acquisition": acquisition,
                "calibration_factor": calibration_factor,
                "phantom_on": phantom_on,
                "cross_checked_on": cross_checked_on,
                "cross_check_percent": cross_check_percent,
                "valid_from": valid_from,
                "valid_to": valid_to,
            }
        )
        if recovery is not UNSET:
            field_dict["recovery"] = recovery

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.recovery_body import RecoveryBody  # noqa: PLC0415

        d = dict(src_dict)
        camera = d.pop("camera")

        acquisition = Acquisition(d.pop("acquisition"))

        def _parse_calibration_factor(data: object) -> float | str:
            return cast(float | str, data)

        calibration_factor = _parse_calibration_factor(d.pop("calibration_factor"))

        phantom_on = datetime.date.fromisoformat(d.pop("phantom_on"))

        cross_checked_on = datetime.date.fromisoformat(d.pop("cross_checked_on"))

        def _parse_cross_check_percent(data: object) -> float | str:
            return cast(float | str, data)

        cross_check_percent = _parse_cross_check_percent(d.pop("cross_check_percent"))

        valid_from = datetime.date.fromisoformat(d.pop("valid_from"))

        valid_to = datetime.date.fromisoformat(d.pop("valid_to"))

        _recovery = d.pop("recovery", UNSET)
        recovery: list[RecoveryBody] | Unset = UNSET
        if _recovery is not UNSET:
            recovery = []
            for recovery_item_data in _recovery:
                recovery_item = RecoveryBody.from_dict(recovery_item_data)

                recovery.append(recovery_item)

        qualification_body = cls(
            camera=camera,
            acquisition=acquisition,
            calibration_factor=calibration_factor,
            phantom_on=phantom_on,
            cross_checked_on=cross_checked_on,
            cross_check_percent=cross_check_percent,
            valid_from=valid_from,
            valid_to=valid_to,
            recovery=recovery,
        )

        return qualification_body
