from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar, cast

from attrs import define as _attrs_define

from ..models.modality import Modality
from ..types import UNSET, Unset

if TYPE_CHECKING:
    from ..models.non_target_body import NonTargetBody
    from ..models.target_body import TargetBody


T = TypeVar("T", bound="BaselineAgainBody")


@_attrs_define
class BaselineAgainBody:
    """A choice that replaces an earlier one."""

    scan_on: datetime.date
    """ the day of the scan, which dates a progression """
    modality: Modality
    """ Imaging that RECIST 1.1 accepts for measurable disease here. """
    reason: str
    """ kept in clear for ever; no names, please """
    study_uid: None | str | Unset = UNSET
    targets: list[TargetBody] | Unset = UNSET
    non_targets: list[NonTargetBody] | Unset = UNSET

    def to_dict(self) -> dict[str, Any]:
        scan_on = self.scan_on.isoformat()

        modality = self.modality.value

        reason = self.reason

        study_uid: None | str | Unset
        if isinstance(self.study_uid, Unset):
            study_uid = UNSET
        else:
            study_uid = self.study_uid

        targets: list[dict[str, Any]] | Unset = UNSET
        if not isinstance(self.targets, Unset):
            targets = []
            for targets_item_data in self.targets:
                targets_item = targets_item_data.to_dict()
                targets.append(targets_item)

        non_targets: list[dict[str, Any]] | Unset = UNSET
        if not isinstance(self.non_targets, Unset):
            non_targets = []
            for non_targets_item_data in self.non_targets:
                non_targets_item = non_targets_item_data.to_dict()
                non_targets.append(non_targets_item)

        field_dict: dict[str, Any] = {}

        field_dict.update(
            {
                "scan_on": scan_on,
                "modality": modality,
                "reason": reason,
            }
        )
        if study_uid is not UNSET:
            field_dict["study_uid"] = study_uid
        if targets is not UNSET:
            field_dict["targets"] = targets
        if non_targets is not UNSET:
            field_dict["non_targets"] = non_targets

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.non_target_body import NonTargetBody  # noqa: PLC0415
        from ..models.target_body import TargetBody  # noqa: PLC0415

        d = dict(src_dict)
        scan_on = datetime.date.fromisoformat(d.pop("scan_on"))

        modality = Modality(d.pop("modality"))

        reason = d.pop("reason")

        def _parse_study_uid(data: object) -> None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(None | str | Unset, data)

        study_uid = _parse_study_uid(d.pop("study_uid", UNSET))

        _targets = d.pop("targets", UNSET)
        targets: list[TargetBody] | Unset = UNSET
        if _targets is not UNSET:
            targets = []
            for targets_item_data in _targets:
                targets_item = TargetBody.from_dict(targets_item_data)

                targets.append(targets_item)

        _non_targets = d.pop("non_targets", UNSET)
        non_targets: list[NonTargetBody] | Unset = UNSET
        if _non_targets is not UNSET:
            non_targets = []
            for non_targets_item_data in _non_targets:
                non_targets_item = NonTargetBody.from_dict(non_targets_item_data)

                non_targets.append(non_targets_item)

        baseline_again_body = cls(
            scan_on=scan_on,
            modality=modality,
            reason=reason,
            study_uid=study_uid,
            targets=targets,
            non_targets=non_targets,
        )

        return baseline_again_body
