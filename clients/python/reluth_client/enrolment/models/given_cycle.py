from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar, cast
from uuid import UUID

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..models.cycle_reason import CycleReason

if TYPE_CHECKING:
    from ..models.dose_view import DoseView


T = TypeVar("T", bound="GivenCycle")


@_attrs_define
class GivenCycle:
    """A cycle as given. Activities in MBq."""

    cycle: int
    given_on: datetime.date
    prescribed_mbq: str
    administered_mbq: str
    reduction_reason: CycleReason | None
    dose: DoseView | None
    event_id: UUID
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        from ..models.dose_view import DoseView  # noqa: PLC0415

        cycle = self.cycle

        given_on = self.given_on.isoformat()

        prescribed_mbq = self.prescribed_mbq

        administered_mbq = self.administered_mbq

        reduction_reason: None | str
        if isinstance(self.reduction_reason, CycleReason):
            reduction_reason = self.reduction_reason.value
        else:
            reduction_reason = self.reduction_reason

        dose: dict[str, Any] | None
        if isinstance(self.dose, DoseView):
            dose = self.dose.to_dict()
        else:
            dose = self.dose

        event_id = str(self.event_id)

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "cycle": cycle,
                "given_on": given_on,
                "prescribed_mbq": prescribed_mbq,
                "administered_mbq": administered_mbq,
                "reduction_reason": reduction_reason,
                "dose": dose,
                "event_id": event_id,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.dose_view import DoseView  # noqa: PLC0415

        d = dict(src_dict)
        cycle = d.pop("cycle")

        given_on = datetime.date.fromisoformat(d.pop("given_on"))

        prescribed_mbq = d.pop("prescribed_mbq")

        administered_mbq = d.pop("administered_mbq")

        def _parse_reduction_reason(data: object) -> CycleReason | None:
            if data is None:
                return data
            try:
                if not isinstance(data, str):
                    raise TypeError()
                reduction_reason_type_0 = CycleReason(data)

                return reduction_reason_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(CycleReason | None, data)

        reduction_reason = _parse_reduction_reason(d.pop("reduction_reason"))

        def _parse_dose(data: object) -> DoseView | None:
            if data is None:
                return data
            try:
                if not isinstance(data, dict):
                    raise TypeError()
                dose_type_0 = DoseView.from_dict(data)

                return dose_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(DoseView | None, data)

        dose = _parse_dose(d.pop("dose"))

        event_id = UUID(d.pop("event_id"))

        given_cycle = cls(
            cycle=cycle,
            given_on=given_on,
            prescribed_mbq=prescribed_mbq,
            administered_mbq=administered_mbq,
            reduction_reason=reduction_reason,
            dose=dose,
            event_id=event_id,
        )

        given_cycle.additional_properties = d
        return given_cycle

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
