from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import Any, TypeVar, cast
from uuid import UUID

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..models.discrepancy_kind import DiscrepancyKind
from ..models.standing import Standing
from ..types import UNSET, Unset

T = TypeVar("T", bound="DiscrepancyView")


@_attrs_define
class DiscrepancyView:
    """Something to look at. Levels and reasons of annotations stand elsewhere, for fewer readers."""

    study: str
    discrepancy: UUID
    number: int
    """ in the order of opening, from 1 """
    subject: str
    kind: DiscrepancyKind
    """ What somebody has to look at. """
    opened_on: datetime.date
    because: None | UUID
    """ the fact that raised it: ours, or for STRATUM_TO_VERIFY enrolment's """
    status: Standing
    """ Whether somebody still has to look. """
    resolved_on: datetime.date | None | Unset = UNSET
    resolution: None | str | Unset = UNSET
    """ what came of it """
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        study = self.study

        discrepancy = str(self.discrepancy)

        number = self.number

        subject = self.subject

        kind = self.kind.value

        opened_on = self.opened_on.isoformat()

        because: None | str
        if isinstance(self.because, UUID):
            because = str(self.because)
        else:
            because = self.because

        status = self.status.value

        resolved_on: None | str | Unset
        if isinstance(self.resolved_on, Unset):
            resolved_on = UNSET
        elif isinstance(self.resolved_on, datetime.date):
            resolved_on = self.resolved_on.isoformat()
        else:
            resolved_on = self.resolved_on

        resolution: None | str | Unset
        if isinstance(self.resolution, Unset):
            resolution = UNSET
        else:
            resolution = self.resolution

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "study": study,
                "discrepancy": discrepancy,
                "number": number,
                "subject": subject,
                "kind": kind,
                "opened_on": opened_on,
                "because": because,
                "status": status,
            }
        )
        if resolved_on is not UNSET:
            field_dict["resolved_on"] = resolved_on
        if resolution is not UNSET:
            field_dict["resolution"] = resolution

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        study = d.pop("study")

        discrepancy = UUID(d.pop("discrepancy"))

        number = d.pop("number")

        subject = d.pop("subject")

        kind = DiscrepancyKind(d.pop("kind"))

        opened_on = datetime.date.fromisoformat(d.pop("opened_on"))

        def _parse_because(data: object) -> None | UUID:
            if data is None:
                return data
            try:
                if not isinstance(data, str):
                    raise TypeError()
                because_type_0 = UUID(data)

                return because_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(None | UUID, data)

        because = _parse_because(d.pop("because"))

        status = Standing(d.pop("status"))

        def _parse_resolved_on(data: object) -> datetime.date | None | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            try:
                if not isinstance(data, str):
                    raise TypeError()
                resolved_on_type_0 = datetime.date.fromisoformat(data)

                return resolved_on_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(datetime.date | None | Unset, data)

        resolved_on = _parse_resolved_on(d.pop("resolved_on", UNSET))

        def _parse_resolution(data: object) -> None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(None | str | Unset, data)

        resolution = _parse_resolution(d.pop("resolution", UNSET))

        discrepancy_view = cls(
            study=study,
            discrepancy=discrepancy,
            number=number,
            subject=subject,
            kind=kind,
            opened_on=opened_on,
            because=because,
            status=status,
            resolved_on=resolved_on,
            resolution=resolution,
        )

        discrepancy_view.additional_properties = d
        return discrepancy_view

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
