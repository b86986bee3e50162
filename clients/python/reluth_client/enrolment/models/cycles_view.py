from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar, cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..models.phase import Phase
from ..models.treatment_stop import TreatmentStop

if TYPE_CHECKING:
    from ..models.cumulative_view import CumulativeView
    from ..models.given_cycle import GivenCycle
    from ..models.next_cycle_view import NextCycleView
    from ..models.put_off_view import PutOffView


T = TypeVar("T", bound="CyclesView")


@_attrs_define
class CyclesView:
    """The treatment of one subject. It tells the arm."""

    subject: str
    at: datetime.date
    arm: None | str
    """ null before the allocation is heard here """
    phase: None | Phase
    """ of treatment after randomization """
    given: list[GivenCycle]
    put_off: list[PutOffView]
    next_: NextCycleView | None
    cumulative: CumulativeView
    """ Activity over all cycles, in MBq. """
    discontinued_on: datetime.date | None
    discontinued_because: None | TreatmentStop
    surveillance_since: datetime.date | None
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        from ..models.next_cycle_view import NextCycleView  # noqa: PLC0415

        subject = self.subject

        at = self.at.isoformat()

        arm: None | str
        arm = self.arm

        phase: None | str
        if isinstance(self.phase, Phase):
            phase = self.phase.value
        else:
            phase = self.phase

        given = []
        for given_item_data in self.given:
            given_item = given_item_data.to_dict()
            given.append(given_item)

        put_off = []
        for put_off_item_data in self.put_off:
            put_off_item = put_off_item_data.to_dict()
            put_off.append(put_off_item)

        next_: dict[str, Any] | None
        if isinstance(self.next_, NextCycleView):
            next_ = self.next_.to_dict()
        else:
            next_ = self.next_

        cumulative = self.cumulative.to_dict()

        discontinued_on: None | str
        if isinstance(self.discontinued_on, datetime.date):
            discontinued_on = self.discontinued_on.isoformat()
        else:
            discontinued_on = self.discontinued_on

        discontinued_because: None | str
        if isinstance(self.discontinued_because, TreatmentStop):
            discontinued_because = self.discontinued_because.value
        else:
            discontinued_because = self.discontinued_because

        surveillance_since: None | str
        if isinstance(self.surveillance_since, datetime.date):
            surveillance_since = self.surveillance_since.isoformat()
        else:
            surveillance_since = self.surveillance_since

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "subject": subject,
                "at": at,
                "arm": arm,
                "phase": phase,
                "given": given,
                "put_off": put_off,
                "next": next_,
                "cumulative": cumulative,
                "discontinued_on": discontinued_on,
                "discontinued_because": discontinued_because,
                "surveillance_since": surveillance_since,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.cumulative_view import CumulativeView  # noqa: PLC0415
        from ..models.given_cycle import GivenCycle  # noqa: PLC0415
        from ..models.next_cycle_view import NextCycleView  # noqa: PLC0415
        from ..models.put_off_view import PutOffView  # noqa: PLC0415

        d = dict(src_dict)
        subject = d.pop("subject")

        at = datetime.date.fromisoformat(d.pop("at"))

        def _parse_arm(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        arm = _parse_arm(d.pop("arm"))

        def _parse_phase(data: object) -> None | Phase:
            if data is None:
                return data
            try:
                if not isinstance(data, str):
                    raise TypeError()
                phase_type_0 = Phase(data)

                return phase_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(None | Phase, data)

        phase = _parse_phase(d.pop("phase"))

        given = []
        _given = d.pop("given")
        for given_item_data in _given:
            given_item = GivenCycle.from_dict(given_item_data)

            given.append(given_item)

        put_off = []
        _put_off = d.pop("put_off")
        for put_off_item_data in _put_off:
            put_off_item = PutOffView.from_dict(put_off_item_data)

            put_off.append(put_off_item)

        def _parse_next_(data: object) -> NextCycleView | None:
            if data is None:
                return data
            try:
                if not isinstance(data, dict):
                    raise TypeError()
                next_type_0 = NextCycleView.from_dict(data)

                return next_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(NextCycleView | None, data)

        next_ = _parse_next_(d.pop("next"))

        cumulative = CumulativeView.from_dict(d.pop("cumulative"))

        def _parse_discontinued_on(data: object) -> datetime.date | None:
            if data is None:
                return data
            try:
                if not isinstance(data, str):
                    raise TypeError()
                discontinued_on_type_0 = datetime.date.fromisoformat(data)

                return discontinued_on_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(datetime.date | None, data)

        discontinued_on = _parse_discontinued_on(d.pop("discontinued_on"))

        def _parse_discontinued_because(data: object) -> None | TreatmentStop:
            if data is None:
                return data
            try:
                if not isinstance(data, str):
                    raise TypeError()
                discontinued_because_type_0 = TreatmentStop(data)

                return discontinued_because_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(None | TreatmentStop, data)

        discontinued_because = _parse_discontinued_because(d.pop("discontinued_because"))

        def _parse_surveillance_since(data: object) -> datetime.date | None:
            if data is None:
                return data
            try:
                if not isinstance(data, str):
                    raise TypeError()
                surveillance_since_type_0 = datetime.date.fromisoformat(data)

                return surveillance_since_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(datetime.date | None, data)

        surveillance_since = _parse_surveillance_since(d.pop("surveillance_since"))

        cycles_view = cls(
            subject=subject,
            at=at,
            arm=arm,
            phase=phase,
            given=given,
            put_off=put_off,
            next_=next_,
            cumulative=cumulative,
            discontinued_on=discontinued_on,
            discontinued_because=discontinued_because,
            surveillance_since=surveillance_since,
        )

        cycles_view.additional_properties = d
        return cycles_view

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
