from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar, cast

from attrs import define as _attrs_define

from ..models.acquisition import Acquisition
from ..models.quality_status import QualityStatus
from ..types import UNSET, Unset

if TYPE_CHECKING:
    from ..models.reconstruction_body import ReconstructionBody
    from ..models.region_body import RegionBody


T = TypeVar("T", bound="ScanBody")


@_attrs_define
class ScanBody:
    """A scan with all its regions. The hours after the infusion follow from the two moments."""

    cycle: int
    acquired_at: datetime.datetime
    acquisition: Acquisition
    """ How activity in the body was imaged. Each has a calibration factor of its own. """
    camera: str
    study_uid: str
    """ DICOM Study Instance UID of the pseudonymised images """
    quality: QualityStatus
    """ The outcome of the quality control of an acquisition. Only `PASSED` is computed with. """
    regions: list[RegionBody]
    reconstruction: None | ReconstructionBody | Unset = UNSET
    """ of a tomographic acquisition """

    def to_dict(self) -> dict[str, Any]:
        from ..models.reconstruction_body import ReconstructionBody  # noqa: PLC0415

        cycle = self.cycle

        acquired_at = self.acquired_at.isoformat()

        acquisition = self.acquisition.value

        camera = self.camera

        study_uid = self.study_uid

        quality = self.quality.value

        regions = []
        for regions_item_data in self.regions:
            regions_item = regions_item_data.to_dict()
            regions.append(regions_item)

        reconstruction: dict[str, Any] | None | Unset
        if isinstance(self.reconstruction, Unset):
            reconstruction = UNSET
        elif isinstance(self.reconstruction, ReconstructionBody):
            reconstruction = self.reconstruction.to_dict()
        else:
            reconstruction = self.reconstruction

        field_dict: dict[str, Any] = {}

        field_dict.update(
            {
                "cycle": cycle,
                "acquired_at": acquired_at,
                "acquisition": acquisition,
                "camera": camera,
                "study_uid": study_uid,
                "quality": quality,
                "regions": regions,
            }
        )
        if reconstruction is not UNSET:
            field_dict["reconstruction"] = reconstruction

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.reconstruction_body import ReconstructionBody  # noqa: PLC0415
        from ..models.region_body import RegionBody  # noqa: PLC0415

        d = dict(src_dict)
        cycle = d.pop("cycle")

        acquired_at = datetime.datetime.fromisoformat(d.pop("acquired_at"))

        acquisition = Acquisition(d.pop("acquisition"))

        camera = d.pop("camera")

        study_uid = d.pop("study_uid")

        quality = QualityStatus(d.pop("quality"))

        regions = []
        _regions = d.pop("regions")
        for regions_item_data in _regions:
            regions_item = RegionBody.from_dict(regions_item_data)

            regions.append(regions_item)

        def _parse_reconstruction(data: object) -> None | ReconstructionBody | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            try:
                if not isinstance(data, dict):
                    raise TypeError()
                reconstruction_type_0 = ReconstructionBody.from_dict(data)

                return reconstruction_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(None | ReconstructionBody | Unset, data)

        reconstruction = _parse_reconstruction(d.pop("reconstruction", UNSET))

        scan_body = cls(
            cycle=cycle,
            acquired_at=acquired_at,
            acquisition=acquisition,
            camera=camera,
            study_uid=study_uid,
            quality=quality,
            regions=regions,
            reconstruction=reconstruction,
        )

        return scan_body
