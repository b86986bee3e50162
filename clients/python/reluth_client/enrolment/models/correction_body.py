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
    from ..models.exit_entry import ExitEntry
    from ..models.findings_entry import FindingsEntry
    from ..models.loss_entry import LossEntry
    from ..models.recontact_entry import RecontactEntry
    from ..models.therapy_entry import TherapyEntry
    from ..models.withdrawal_entry import WithdrawalEntry


T = TypeVar("T", bound="CorrectionBody")


@_attrs_define
class CorrectionBody:
    """The record that was wrong, why, and what should stand instead: the same entries as have routes of their own."""

    annul: UUID
    """ the event id under which it was recorded """
    reason: str
    entries: (
        list[
            ConsentEntry
            | ContactEntry
            | CycleEntry
            | DeathEntry
            | ExitEntry
            | FindingsEntry
            | LossEntry
            | RecontactEntry
            | TherapyEntry
            | WithdrawalEntry
        ]
        | Unset
    ) = UNSET

    def to_dict(self) -> dict[str, Any]:
        from ..models.consent_entry import ConsentEntry  # noqa: PLC0415
        from ..models.contact_entry import ContactEntry  # noqa: PLC0415
        from ..models.cycle_entry import CycleEntry  # noqa: PLC0415
        from ..models.death_entry import DeathEntry  # noqa: PLC0415
        from ..models.exit_entry import ExitEntry  # noqa: PLC0415
        from ..models.findings_entry import FindingsEntry  # noqa: PLC0415
        from ..models.loss_entry import LossEntry  # noqa: PLC0415
        from ..models.therapy_entry import TherapyEntry  # noqa: PLC0415
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
                elif isinstance(entries_item_data, CycleEntry):
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
        from ..models.exit_entry import ExitEntry  # noqa: PLC0415
        from ..models.findings_entry import FindingsEntry  # noqa: PLC0415
        from ..models.loss_entry import LossEntry  # noqa: PLC0415
        from ..models.recontact_entry import RecontactEntry  # noqa: PLC0415
        from ..models.therapy_entry import TherapyEntry  # noqa: PLC0415
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
                | ExitEntry
                | FindingsEntry
                | LossEntry
                | RecontactEntry
                | TherapyEntry
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
                    | ExitEntry
                    | FindingsEntry
                    | LossEntry
                    | RecontactEntry
                    | TherapyEntry
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
                        entries_item_type_2 = CycleEntry.from_dict(data)

                        return entries_item_type_2
                    except (TypeError, ValueError, AttributeError, KeyError):
                        pass
                    try:
                        if not isinstance(data, dict):
                            raise TypeError()
                        entries_item_type_3 = ExitEntry.from_dict(data)

                        return entries_item_type_3
                    except (TypeError, ValueError, AttributeError, KeyError):
                        pass
                    try:
                        if not isinstance(data, dict):
                            raise TypeError()
                        entries_item_type_4 = DeathEntry.from_dict(data)

                        return entries_item_type_4
                    except (TypeError, ValueError, AttributeError, KeyError):
                        pass
                    try:
                        if not isinstance(data, dict):
                            raise TypeError()
                        entries_item_type_5 = TherapyEntry.from_dict(data)

                        return entries_item_type_5
                    except (TypeError, ValueError, AttributeError, KeyError):
                        pass
                    try:
                        if not isinstance(data, dict):
                            raise TypeError()
                        entries_item_type_6 = ContactEntry.from_dict(data)

                        return entries_item_type_6
                    except (TypeError, ValueError, AttributeError, KeyError):
                        pass
                    try:
                        if not isinstance(data, dict):
                            raise TypeError()
                        entries_item_type_7 = WithdrawalEntry.from_dict(data)

                        return entries_item_type_7
                    except (TypeError, ValueError, AttributeError, KeyError):
                        pass
                    try:
                        if not isinstance(data, dict):
                            raise TypeError()
                        entries_item_type_8 = LossEntry.from_dict(data)

                        return entries_item_type_8
                    except (TypeError, ValueError, AttributeError, KeyError):
                        pass
                    if not isinstance(data, dict):
                        raise TypeError()
                    entries_item_type_9 = RecontactEntry.from_dict(data)

                    return entries_item_type_9

                entries_item = _parse_entries_item(entries_item_data)

                entries.append(entries_item)

        correction_body = cls(
            annul=annul,
            reason=reason,
            entries=entries,
        )

        return correction_body
