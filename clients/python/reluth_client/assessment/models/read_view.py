from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar, cast
from uuid import UUID

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..models.modality import Modality
from ..models.reader import Reader
from ..models.response import Response

if TYPE_CHECKING:
    from ..models.changed_view import ChangedView
    from ..models.derived_view import DerivedView
    from ..models.seen import Seen


T = TypeVar("T", bound="ReadView")


@_attrs_define
class ReadView:
    """What was recorded, and what it changed at timepoints that were read before."""

    study: str
    subject: str
    timepoint: str
    scan_on: datetime.date
    modality: Modality
    """ Imaging that RECIST 1.1 accepts for measurable disease here. """
    reader: Reader
    """ Who read a scan. """
    response: Response
    """ Overall response. NON_CR_NON_PD exists only without target lesions (endpoints 4.1 rule 9). """
    study_uid: None | str
    images: None | str
    """ where the site looks at them; null where that was not set up """
    seen: None | Seen
    """ as kept: lengths in tenths of a millimetre """
    derived: DerivedView | None
    """ null where nothing was measured """
    query: None | UUID
    """ the open query about the difference between both, if there is one """
    has_comment: bool
    event_id: UUID
    changed: list[ChangedView]
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        from ..models.derived_view import DerivedView  # noqa: PLC0415
        from ..models.seen import Seen  # noqa: PLC0415

        study = self.study

        subject = self.subject

        timepoint = self.timepoint

        scan_on = self.scan_on.isoformat()

        modality = self.modality.value

        reader = self.reader.value

        response = self.response.value

        study_uid: None | str
        study_uid = self.study_uid

        images: None | str
        images = self.images

        seen: dict[str, Any] | None
        if isinstance(self.seen, Seen):
            seen = self.seen.to_dict()
        else:
            seen = self.seen

        derived: dict[str, Any] | None
        if isinstance(self.derived, DerivedView):
            derived = self.derived.to_dict()
        else:
            derived = self.derived

        query: None | str
        if isinstance(self.query, UUID):
            query = str(self.query)
        else:
            query = self.query

        has_comment = self.has_comment

        event_id = str(self.event_id)

        changed = []
        for changed_item_data in self.changed:
            changed_item = changed_item_data.to_dict()
            changed.append(changed_item)

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "study": study,
                "subject": subject,
                "timepoint": timepoint,
                "scan_on": scan_on,
                "modality": modality,
                "reader": reader,
                "response": response,
                "study_uid": study_uid,
                "images": images,
                "seen": seen,
                "derived": derived,
                "query": query,
                "has_comment": has_comment,
                "event_id": event_id,
                "changed": changed,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.changed_view import ChangedView  # noqa: PLC0415
        from ..models.derived_view import DerivedView  # noqa: PLC0415
        from ..models.seen import Seen  # noqa: PLC0415

        d = dict(src_dict)
        study = d.pop("study")

        subject = d.pop("subject")

        timepoint = d.pop("timepoint")

        scan_on = datetime.date.fromisoformat(d.pop("scan_on"))

        modality = Modality(d.pop("modality"))

        reader = Reader(d.pop("reader"))

        response = Response(d.pop("response"))

        def _parse_study_uid(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        study_uid = _parse_study_uid(d.pop("study_uid"))

        def _parse_images(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        images = _parse_images(d.pop("images"))

        def _parse_seen(data: object) -> None | Seen:
            if data is None:
                return data
            try:
                if not isinstance(data, dict):
                    raise TypeError()
                seen_type_0 = Seen.from_dict(data)

                return seen_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(None | Seen, data)

        seen = _parse_seen(d.pop("seen"))

        def _parse_derived(data: object) -> DerivedView | None:
            if data is None:
                return data
            try:
                if not isinstance(data, dict):
                    raise TypeError()
                derived_type_0 = DerivedView.from_dict(data)

                return derived_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(DerivedView | None, data)

        derived = _parse_derived(d.pop("derived"))

        def _parse_query(data: object) -> None | UUID:
            if data is None:
                return data
            try:
                if not isinstance(data, str):
                    raise TypeError()
                query_type_0 = UUID(data)

                return query_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(None | UUID, data)

        query = _parse_query(d.pop("query"))

        has_comment = d.pop("has_comment")

        event_id = UUID(d.pop("event_id"))

        changed = []
        _changed = d.pop("changed")
        for changed_item_data in _changed:
            changed_item = ChangedView.from_dict(changed_item_data)

            changed.append(changed_item)

        read_view = cls(
            study=study,
            subject=subject,
            timepoint=timepoint,
            scan_on=scan_on,
            modality=modality,
            reader=reader,
            response=response,
            study_uid=study_uid,
            images=images,
            seen=seen,
            derived=derived,
            query=query,
            has_comment=has_comment,
            event_id=event_id,
            changed=changed,
        )

        read_view.additional_properties = d
        return read_view

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
