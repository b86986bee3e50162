from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import (
    TYPE_CHECKING,
    Any,
    Literal,
    TypeVar,
    cast,
)

from attrs import define as _attrs_define

from ..models.cycle_reason import CycleReason
from ..types import UNSET, Unset

if TYPE_CHECKING:
    from ..models.dose_body import DoseBody


T = TypeVar("T", bound="CycleEntry")


@_attrs_define
class CycleEntry:
    cycle: int
    given_on: datetime.date
    kind: Literal["cycle"]
    administered_mbq: float | None | str | Unset = UNSET
    prescribed_mbq: float | None | str | Unset = UNSET
    reduction_reason: CycleReason | None | Unset = UNSET
    """ why less was prescribed """
    dose: DoseBody | None | Unset = UNSET

    def to_dict(self) -> dict[str, Any]:
        from ..models.dose_body import DoseBody  # noqa: PLC0415

        cycle = self.cycle

        given_on = self.given_on.isoformat()

        kind = self.kind

        administered_mbq: float | None | str | Unset
        if isinstance(self.administered_mbq, Unset):
            administered_mbq = UNSET
        else:
            administered_mbq = self.administered_mbq

        prescribed_mbq: float | None | str | Unset
        if isinstance(self.prescribed_mbq, Unset):
            prescribed_mbq = UNSET
        else:
            prescribed_mbq = self.prescribed_mbq

        reduction_reason: None | str | Unset
        if isinstance(self.reduction_reason, Unset):
            reduction_reason = UNSET
        elif isinstance(self.reduction_reason, CycleReason):
            reduction_reason = self.reduction_reason.value
        else:
            reduction_reason = self.reduction_reason

        dose: dict[str, Any] | None | Unset
        if isinstance(self.dose, Unset):
            dose = UNSET
        elif isinstance(self.dose, DoseBody):
            dose = self.dose.to_dict()
        else:
            dose = self.dose

        field_dict: dict[str, Any] = {}

        field_dict.update(
            {
                "cycle": cycle,
                "given_on": given_on,
                "kind": kind,
            }
        )
        if administered_mbq is not UNSET:
            field_dict["administered_mbq"] = administered_mbq
        if prescribed_mbq is not UNSET:
            field_dict["prescribed_mbq"] = prescribed_mbq
        if reduction_reason is not UNSET:
            field_dict["reduction_reason"] = reduction_reason
        if dose is not UNSET:
            field_dict["dose"] = dose

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.dose_body import DoseBody  # noqa: PLC0415

        d = dict(src_dict)
        cycle = d.pop("cycle")

        given_on = datetime.date.fromisoformat(d.pop("given_on"))

        kind = cast(Literal["cycle"], d.pop("kind"))
        if kind != "cycle":
            raise ValueError(f"kind must match const 'cycle', got '{kind}'")

        def _parse_administered_mbq(data: object) -> float | None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(float | None | str | Unset, data)

        administered_mbq = _parse_administered_mbq(d.pop("administered_mbq", UNSET))

        def _parse_prescribed_mbq(data: object) -> float | None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(float | None | str | Unset, data)

        prescribed_mbq = _parse_prescribed_mbq(d.pop("prescribed_mbq", UNSET))

        def _parse_reduction_reason(data: object) -> CycleReason | None | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            try:
                if not isinstance(data, str):
                    raise TypeError()
                reduction_reason_type_0 = CycleReason(data)

                return reduction_reason_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(CycleReason | None | Unset, data)

        reduction_reason = _parse_reduction_reason(d.pop("reduction_reason", UNSET))

        def _parse_dose(data: object) -> DoseBody | None | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            try:
                if not isinstance(data, dict):
                    raise TypeError()
                dose_type_0 = DoseBody.from_dict(data)

                return dose_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(DoseBody | None | Unset, data)

        dose = _parse_dose(d.pop("dose", UNSET))

        cycle_entry = cls(
            cycle=cycle,
            given_on=given_on,
            kind=kind,
            administered_mbq=administered_mbq,
            prescribed_mbq=prescribed_mbq,
            reduction_reason=reduction_reason,
            dose=dose,
        )

        return cycle_entry
