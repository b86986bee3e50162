from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar
from uuid import UUID

from attrs import define as _attrs_define

from ..types import UNSET, Unset

if TYPE_CHECKING:
    from ..models.consent_entry import ConsentEntry
    from ..models.contact_entry import ContactEntry
    from ..models.cycle_entry import CycleEntry
    from ..models.death_entry import DeathEntry
    from ..models.delay_entry import DelayEntry
    from ..models.deviation_entry import DeviationEntry
    from ..models.discontinuation_entry import DiscontinuationEntry
    from ..models.exit_entry import ExitEntry
    from ..models.findings_entry import FindingsEntry
    from ..models.loss_entry import LossEntry
    from ..models.non_inclusion_entry import NonInclusionEntry
    from ..models.omission_entry import OmissionEntry
    from ..models.recontact_entry import RecontactEntry
    from ..models.surveillance_entry import SurveillanceEntry
    from ..models.therapy_entry import TherapyEntry
    from ..models.visit_entry import VisitEntry
    from ..models.withdrawal_entry import WithdrawalEntry


T = TypeVar("T", bound="CorrectionBody")


@_attrs_define
class CorrectionBody:
    """The record that was wrong, why, and what should stand instead: the same entries as have routes of their own."""

    annul: UUID
    """ the event id under which it was recorded """
    reason: str
    """ kept in clear for ever; no names, please """
    entries: (
        list[
            ConsentEntry
            | ContactEntry
            | CycleEntry
            | DeathEntry
            | DelayEntry
            | DeviationEntry
            | DiscontinuationEntry
            | ExitEntry
            | FindingsEntry
            | LossEntry
            | NonInclusionEntry
            | OmissionEntry
            | RecontactEntry
            | SurveillanceEntry
            | TherapyEntry
            | VisitEntry
            | WithdrawalEntry
        ]
        | Unset
    ) = UNSET

    def to_dict(self) -> dict[str, Any]:
        from ..models.consent_entry import ConsentEntry  # noqa: PLC0415
        from ..models.contact_entry import ContactEntry  # noqa: PLC0415
        from ..models.cycle_entry import CycleEntry  # noqa: PLC0415
        from ..models.death_entry import DeathEntry  # noqa: PLC0415
        from ..models.delay_entry import DelayEntry  # noqa: PLC0415
        from ..models.deviation_entry import DeviationEntry  # noqa: PLC0415
        from ..models.discontinuation_entry import DiscontinuationEntry  # noqa: PLC0415
        from ..models.exit_entry import ExitEntry  # noqa: PLC0415
        from ..models.findings_entry import FindingsEntry  # noqa: PLC0415
        from ..models.loss_entry import LossEntry  # noqa: PLC0415
        from ..models.non_inclusion_entry import NonInclusionEntry  # noqa: PLC0415
        from ..models.omission_entry import OmissionEntry  # noqa: PLC0415
        from ..models.surveillance_entry import SurveillanceEntry  # noqa: PLC0415
        from ..models.therapy_entry import TherapyEntry  # noqa: PLC0415
        from ..models.visit_entry import VisitEntry  # noqa: PLC0415
        from ..models.withdrawal_entry import WithdrawalEntry  # noqa: PLC0415

        annul = str(self.annul)

        reason = self.reason

        entries: list[dict[str, Any]] | Unset = UNSET
        if not isinstance(self.entries, Unset):
            entries = []
            for entries_item_data in self.entries:
                entries_item: dict[str, Any]
                if isinstance(entries_item_data, ConsentEntry):
                    entries_item = entries_item_data.to_dict()
                elif isinstance(entries_item_data, FindingsEntry):
                    entries_item = entries_item_data.to_dict()
                elif isinstance(entries_item_data, NonInclusionEntry):
                    entries_item = entries_item_data.to_dict()
                elif isinstance(entries_item_data, VisitEntry):
                    entries_item = entries_item_data.to_dict()
                elif isinstance(entries_item_data, DeviationEntry):
                    entries_item = entries_item_data.to_dict()
                elif isinstance(entries_item_data, CycleEntry):
                    entries_item = entries_item_data.to_dict()
                elif isinstance(entries_item_data, DelayEntry):
                    entries_item = entries_item_data.to_dict()
                elif isinstance(entries_item_data, OmissionEntry):
                    entries_item = entries_item_data.to_dict()
                elif isinstance(entries_item_data, DiscontinuationEntry):
                    entries_item = entries_item_data.to_dict()
                elif isinstance(entries_item_data, SurveillanceEntry):
                    entries_item = entries_item_data.to_dict()
                elif isinstance(entries_item_data, ExitEntry):
                    entries_item = entries_item_data.to_dict()
                elif isinstance(entries_item_data, DeathEntry):
                    entries_item = entries_item_data.to_dict()
                elif isinstance(entries_item_data, TherapyEntry):
                    entries_item = entries_item_data.to_dict()
                elif isinstance(entries_item_data, ContactEntry):
                    entries_item = entries_item_data.to_dict()
                elif isinstance(entries_item_data, WithdrawalEntry):
                    entries_item = entries_item_data.to_dict()
                elif isinstance(entries_item_data, LossEntry):
                    entries_item = entries_item_data.to_dict()
                else:
                    entries_item = entries_item_data.to_dict()

                entries.append(entries_item)

        field_dict: dict[str, Any] = {}

        field_dict.update(
            {
                "annul": annul,
                "reason": reason,
            }
        )
        if entries is not UNSET:
            field_dict["entries"] = entries

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.consent_entry import ConsentEntry  # noqa: PLC0415
        from ..models.contact_entry import ContactEntry  # noqa: PLC0415
        from ..models.cycle_entry import CycleEntry  # noqa: PLC0415
        from ..models.death_entry import DeathEntry  # noqa: PLC0415
        from ..models.delay_entry import DelayEntry  # noqa: PLC0415
        from ..models.deviation_entry import DeviationEntry  # noqa: PLC0415
        from ..models.discontinuation_entry import DiscontinuationEntry  # noqa: PLC0415
        from ..models.exit_entry import ExitEntry  # noqa: PLC0415
        from ..models.findings_entry import FindingsEntry  # noqa: PLC0415
        from ..models.loss_entry import LossEntry  # noqa: PLC0415
        from ..models.non_inclusion_entry import NonInclusionEntry  # noqa: PLC0415
        from ..models.omission_entry import OmissionEntry  # noqa: PLC0415
        from ..models.recontact_entry import RecontactEntry  # noqa: PLC0415
        from ..models.surveillance_entry import SurveillanceEntry  # noqa: PLC0415
        from ..models.therapy_entry import TherapyEntry  # noqa: PLC0415
        from ..models.visit_entry import VisitEntry  # noqa: PLC0415
        from ..models.withdrawal_entry import WithdrawalEntry  # noqa: PLC0415

        d = dict(src_dict)
        annul = UUID(d.pop("annul"))

        reason = d.pop("reason")

        _entries = d.pop("entries", UNSET)
        entries: (
            list[
                ConsentEntry
                | ContactEntry
                | CycleEntry
                | DeathEntry
                | DelayEntry
                | DeviationEntry
                | DiscontinuationEntry
                | ExitEntry
                | FindingsEntry
                | LossEntry
                | NonInclusionEntry
                | OmissionEntry
                | RecontactEntry
                | SurveillanceEntry
                | TherapyEntry
                | VisitEntry
                | WithdrawalEntry
            ]
            | Unset
        ) = UNSET
        if _entries is not UNSET:
            entries = []
            for entries_item_data in _entries:

                def _parse_entries_item(
                    data: object,
                ) -> (
                    ConsentEntry
                    | ContactEntry
                    | CycleEntry
                    | DeathEntry
                    | DelayEntry
                    | DeviationEntry
                    | DiscontinuationEntry
                    | ExitEntry
                    | FindingsEntry
                    | LossEntry
                    | NonInclusionEntry
                    | OmissionEntry
                    | RecontactEntry
                    | SurveillanceEntry
                    | TherapyEntry
                    | VisitEntry
                    | WithdrawalEntry
                ):
                    try:
                        if not isinstance(data, dict):
                            raise TypeError()
                        entries_item_type_0 = ConsentEntry.from_dict(data)

                        return entries_item_type_0
                    except (TypeError, ValueError, AttributeError, KeyError):
                        pass
                    try:
                        if not isinstance(data, dict):
                            raise TypeError()
                        entries_item_type_1 = FindingsEntry.from_dict(data)

                        return entries_item_type_1
                    except (TypeError, ValueError, AttributeError, KeyError):
                        pass
                    try:
                        if not isinstance(data, dict):
                            raise TypeError()
                        entries_item_type_2 = NonInclusionEntry.from_dict(data)

                        return entries_item_type_2
                    except (TypeError, ValueError, AttributeError, KeyError):
                        pass
                    try:
                        if not isinstance(data, dict):
                            raise TypeError()
                        entries_item_type_3 = VisitEntry.from_dict(data)

                        return entries_item_type_3
                    except (TypeError, ValueError, AttributeError, KeyError):
                        pass
                    try:
                        if not isinstance(data, dict):
                            raise TypeError()
                        entries_item_type_4 = DeviationEntry.from_dict(data)

                        return entries_item_type_4
                    except (TypeError, ValueError, AttributeError, KeyError):
                        pass
                    try:
                        if not isinstance(data, dict):
                            raise TypeError()
                        entries_item_type_5 = CycleEntry.from_dict(data)

                        return entries_item_type_5
                    except (TypeError, ValueError, AttributeError, KeyError):
                        pass
                    try:
                        if not isinstance(data, dict):
                            raise TypeError()
                        entries_item_type_6 = DelayEntry.from_dict(data)

                        return entries_item_type_6
                    except (TypeError, ValueError, AttributeError, KeyError):
                        pass
                    try:
                        if not isinstance(data, dict):
                            raise TypeError()
                        entries_item_type_7 = OmissionEntry.from_dict(data)

                        return entries_item_type_7
                    except (TypeError, ValueError, AttributeError, KeyError):
                        pass
                    try:
                        if not isinstance(data, dict):
                            raise TypeError()
                        entries_item_type_8 = DiscontinuationEntry.from_dict(data)

                        return entries_item_type_8
                    except (TypeError, ValueError, AttributeError, KeyError):
                        pass
                    try:
                        if not isinstance(data, dict):
                            raise TypeError()
                        entries_item_type_9 = SurveillanceEntry.from_dict(data)

                        return entries_item_type_9
                    except (TypeError, ValueError, AttributeError, KeyError):
                        pass
                    try:
                        if not isinstance(data, dict):
                            raise TypeError()
                        entries_item_type_10 = ExitEntry.from_dict(data)

                        return entries_item_type_10
                    except (TypeError, ValueError, AttributeError, KeyError):
                        pass
                    try:
                        if not isinstance(data, dict):
                            raise TypeError()
                        entries_item_type_11 = DeathEntry.from_dict(data)

                        return entries_item_type_11
                    except (TypeError, ValueError, AttributeError, KeyError):
                        pass
                    try:
                        if not isinstance(data, dict):
                            raise TypeError()
                        entries_item_type_12 = TherapyEntry.from_dict(data)

                        return entries_item_type_12
                    except (TypeError, ValueError, AttributeError, KeyError):
                        pass
                    try:
                        if not isinstance(data, dict):
                            raise TypeError()
                        entries_item_type_13 = ContactEntry.from_dict(data)

                        return entries_item_type_13
                    except (TypeError, ValueError, AttributeError, KeyError):
                        pass
                    try:
                        if not isinstance(data, dict):
                            raise TypeError()
                        entries_item_type_14 = WithdrawalEntry.from_dict(data)

                        return entries_item_type_14
                    except (TypeError, ValueError, AttributeError, KeyError):
                        pass
                    try:
                        if not isinstance(data, dict):
                            raise TypeError()
                        entries_item_type_15 = LossEntry.from_dict(data)

                        return entries_item_type_15
                    except (TypeError, ValueError, AttributeError, KeyError):
                        pass
                    if not isinstance(data, dict):
                        raise TypeError()
                    entries_item_type_16 = RecontactEntry.from_dict(data)

                    return entries_item_type_16

                entries_item = _parse_entries_item(entries_item_data)

                entries.append(entries_item)

        correction_body = cls(
            annul=annul,
            reason=reason,
            entries=entries,
        )

        return correction_body
