from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar, cast
from uuid import UUID

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..models.acquisition import Acquisition
from ..models.quality_status import QualityStatus

if TYPE_CHECKING:
    from ..models.reconstruction import Reconstruction
    from ..models.region_view import RegionView


T = TypeVar("T", bound="ScanView")


@_attrs_define
class ScanView:
    """A scan with its regions. It is computed with if its control was passed and its qualification stands."""

    cycle: int
    acquired_at: datetime.datetime
    hours_post_injection: str
    acquisition: Acquisition
    """ How activity in the body was imaged. Each has a calibration factor of its own. """
    camera: str
    reconstruction: None | Reconstruction
    study_uid: str
    images: None | str
    """ where the site looks at them; null where that was not set up """
    quality: QualityStatus
    """ The outcome of the quality control of an acquisition. Only `PASSED` is computed with. """
    qualification: UUID
    qualification_stands: bool
    """ false once the site's qualification was annulled """
    regions: list[RegionView]
    event_id: UUID
    position: int
    """ place in dosimetry's log """
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        from ..models.reconstruction import Reconstruction  # noqa: PLC0415

        cycle = self.cycle

        acquired_at = self.acquired_at.isoformat()

        hours_post_injection = self.hours_post_injection

        acquisition = self.acquisition.value

        camera = self.camera

        reconstruction: dict[str, Any] | None
        if isinstance(self.reconstruction, Reconstruction):
            reconstruction = self.reconstruction.to_dict()
        else:
            reconstruction = self.reconstruction

        study_uid = self.study_uid

        images: None | str
        images = self.images

        quality = self.quality.value

        qualification = str(self.qualification)

        qualification_stands = self.qualification_stands

        regions = []
        for regions_item_data in self.regions:
            regions_item = regions_item_data.to_dict()
            regions.append(regions_item)

        event_id = str(self.event_id)

        position = self.position

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "cycle": cycle,
                "acquired_at": acquired_at,
                "hours_post_injection": hours_post_injection,
                "acquisition": acquisition,
                "camera": camera,
                "reconstruction": reconstruction,
                "study_uid": study_uid,
                "images": images,
                "quality": quality,
                "qualification": qualification,
                "qualification_stands": qualification_stands,
                "regions": regions,
                "event_id": event_id,
                "position": position,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.reconstruction import Reconstruction  # noqa: PLC0415
        from ..models.region_view import RegionView  # noqa: PLC0415

        d = dict(src_dict)
        cycle = d.pop("cycle")

        acquired_at = datetime.datetime.fromisoformat(d.pop("acquired_at"))

        hours_post_injection = d.pop("hours_post_injection")

        acquisition = Acquisition(d.pop("acquisition"))

        camera = d.pop("camera")

        def _parse_reconstruction(data: object) -> None | Reconstruction:
            if data is None:
                return data
            try:
                if not isinstance(data, dict):
                    raise TypeError()
                reconstruction_type_0 = Reconstruction.from_dict(data)

                return reconstruction_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(None | Reconstruction, data)

        reconstruction = _parse_reconstruction(d.pop("reconstruction"))

        study_uid = d.pop("study_uid")

        def _parse_images(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        images = _parse_images(d.pop("images"))

        quality = QualityStatus(d.pop("quality"))

        qualification = UUID(d.pop("qualification"))

        qualification_stands = d.pop("qualification_stands")

        regions = []
        _regions = d.pop("regions")
        for regions_item_data in _regions:
            regions_item = RegionView.from_dict(regions_item_data)

            regions.append(regions_item)

        event_id = UUID(d.pop("event_id"))

        position = d.pop("position")

        scan_view = cls(
            cycle=cycle,
            acquired_at=acquired_at,
            hours_post_injection=hours_post_injection,
            acquisition=acquisition,
            camera=camera,
            reconstruction=reconstruction,
            study_uid=study_uid,
            images=images,
            quality=quality,
            qualification=qualification,
            qualification_stands=qualification_stands,
            regions=regions,
            event_id=event_id,
            position=position,
        )

        scan_view.additional_properties = d
        return scan_view

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
