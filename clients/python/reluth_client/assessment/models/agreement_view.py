from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar

from attrs import define as _attrs_define
from attrs import field as _attrs_field

if TYPE_CHECKING:
    from ..models.agreement_view_discordance import AgreementViewDiscordance
    from ..models.agreement_view_table import AgreementViewTable
    from ..models.days_view import DaysView
    from ..models.kappa_view import KappaView


T = TypeVar("T", bound="AgreementView")


@_attrs_define
class AgreementView:
    """How the review goes, pooled over all subjects."""

    cases: int
    agreement: KappaView
    """ Agreement of first and second readers over all scans that both have read. """
    table: AgreementViewTable
    """ scans by both responses, first then second """
    discordance: AgreementViewDiscordance
    """ adjudicated scans by the adjudicator's reason """
    waiting_for_adjudication: int
    to_both_locked: DaysView
    """ Whole days. """
    to_settled: DaysView
    """ Whole days. """
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        cases = self.cases

        agreement = self.agreement.to_dict()

        table = self.table.to_dict()

        discordance = self.discordance.to_dict()

        waiting_for_adjudication = self.waiting_for_adjudication

        to_both_locked = self.to_both_locked.to_dict()

        to_settled = self.to_settled.to_dict()

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "cases": cases,
                "agreement": agreement,
                "table": table,
                "discordance": discordance,
                "waiting_for_adjudication": waiting_for_adjudication,
                "to_both_locked": to_both_locked,
                "to_settled": to_settled,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.agreement_view_discordance import AgreementViewDiscordance  # noqa: PLC0415
        from ..models.agreement_view_table import AgreementViewTable  # noqa: PLC0415
        from ..models.days_view import DaysView  # noqa: PLC0415
        from ..models.kappa_view import KappaView  # noqa: PLC0415

        d = dict(src_dict)
        cases = d.pop("cases")

        agreement = KappaView.from_dict(d.pop("agreement"))

        table = AgreementViewTable.from_dict(d.pop("table"))

        discordance = AgreementViewDiscordance.from_dict(d.pop("discordance"))

        waiting_for_adjudication = d.pop("waiting_for_adjudication")

        to_both_locked = DaysView.from_dict(d.pop("to_both_locked"))

        to_settled = DaysView.from_dict(d.pop("to_settled"))

        agreement_view = cls(
            cases=cases,
            agreement=agreement,
            table=table,
            discordance=discordance,
            waiting_for_adjudication=waiting_for_adjudication,
            to_both_locked=to_both_locked,
            to_settled=to_settled,
        )

        agreement_view.additional_properties = d
        return agreement_view

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
