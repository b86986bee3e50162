from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar, cast

from attrs import define as _attrs_define

from ..types import UNSET, Unset

if TYPE_CHECKING:
    from ..models.cycle_body import CycleBody
    from ..models.finding_body import FindingBody
    from ..models.form_body import FormBody
    from ..models.survival_contact_body import SurvivalContactBody
    from ..models.therapy_body import TherapyBody


T = TypeVar("T", bound="VisitBody")


@_attrs_define
class VisitBody:
    """Everything that a site records of one visit: all of it is recorded, or nothing."""

    visit: str
    performed_on: datetime.date
    forms: list[FormBody] | Unset = UNSET
    note: None | str | Unset = UNSET
    findings: list[FindingBody] | Unset = UNSET
    cycle: CycleBody | None | Unset = UNSET
    survival_contact: None | SurvivalContactBody | Unset = UNSET
    new_therapy: None | TherapyBody | Unset = UNSET

    def to_dict(self) -> dict[str, Any]:
        from ..models.cycle_body import CycleBody  # noqa: PLC0415
        from ..models.survival_contact_body import SurvivalContactBody  # noqa: PLC0415
        from ..models.therapy_body import TherapyBody  # noqa: PLC0415

        visit = self.visit

        performed_on = self.performed_on.isoformat()

        forms: list[dict[str, Any]] | Unset = UNSET
        if not isinstance(self.forms, Unset):
            forms = []
            for forms_item_data in self.forms:
                forms_item = forms_item_data.to_dict()
                forms.append(forms_item)

        note: None | str | Unset
        if isinstance(self.note, Unset):
            note = UNSET
        else:
            note = self.note

        findings: list[dict[str, Any]] | Unset = UNSET
        if not isinstance(self.findings, Unset):
            findings = []
            for findings_item_data in self.findings:
                findings_item = findings_item_data.to_dict()
                findings.append(findings_item)

        cycle: dict[str, Any] | None | Unset
        if isinstance(self.cycle, Unset):
            cycle = UNSET
        elif isinstance(self.cycle, CycleBody):
            cycle = self.cycle.to_dict()
        else:
            cycle = self.cycle

        survival_contact: dict[str, Any] | None | Unset
        if isinstance(self.survival_contact, Unset):
            survival_contact = UNSET
        elif isinstance(self.survival_contact, SurvivalContactBody):
            survival_contact = self.survival_contact.to_dict()
        else:
            survival_contact = self.survival_contact

        new_therapy: dict[str, Any] | None | Unset
        if isinstance(self.new_therapy, Unset):
            new_therapy = UNSET
        elif isinstance(self.new_therapy, TherapyBody):
            new_therapy = self.new_therapy.to_dict()
        else:
            new_therapy = self.new_therapy

        field_dict: dict[str, Any] = {}

        field_dict.update(
            {
                "visit": visit,
                "performed_on": performed_on,
            }
        )
        if forms is not UNSET:
            field_dict["forms"] = forms
        if note is not UNSET:
            field_dict["note"] = note
        if findings is not UNSET:
            field_dict["findings"] = findings
        if cycle is not UNSET:
            field_dict["cycle"] = cycle
        if survival_contact is not UNSET:
            field_dict["survival_contact"] = survival_contact
        if new_therapy is not UNSET:
            field_dict["new_therapy"] = new_therapy

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.cycle_body import CycleBody  # noqa: PLC0415
        from ..models.finding_body import FindingBody  # noqa: PLC0415
        from ..models.form_body import FormBody  # noqa: PLC0415
        from ..models.survival_contact_body import SurvivalContactBody  # noqa: PLC0415
        from ..models.therapy_body import TherapyBody  # noqa: PLC0415

        d = dict(src_dict)
        visit = d.pop("visit")

        performed_on = datetime.date.fromisoformat(d.pop("performed_on"))

        _forms = d.pop("forms", UNSET)
        forms: list[FormBody] | Unset = UNSET
        if _forms is not UNSET:
            forms = []
            for forms_item_data in _forms:
                forms_item = FormBody.from_dict(forms_item_data)

                forms.append(forms_item)

        def _parse_note(data: object) -> None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(None | str | Unset, data)

        note = _parse_note(d.pop("note", UNSET))

        _findings = d.pop("findings", UNSET)
        findings: list[FindingBody] | Unset = UNSET
        if _findings is not UNSET:
            findings = []
            for findings_item_data in _findings:
                findings_item = FindingBody.from_dict(findings_item_data)

                findings.append(findings_item)

        def _parse_cycle(data: object) -> CycleBody | None | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            try:
                if not isinstance(data, dict):
                    raise TypeError()
                cycle_type_0 = CycleBody.from_dict(data)

                return cycle_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(CycleBody | None | Unset, data)

        cycle = _parse_cycle(d.pop("cycle", UNSET))

        def _parse_survival_contact(data: object) -> None | SurvivalContactBody | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            try:
                if not isinstance(data, dict):
                    raise TypeError()
                survival_contact_type_0 = SurvivalContactBody.from_dict(data)

                return survival_contact_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(None | SurvivalContactBody | Unset, data)

        survival_contact = _parse_survival_contact(d.pop("survival_contact", UNSET))

        def _parse_new_therapy(data: object) -> None | TherapyBody | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            try:
                if not isinstance(data, dict):
                    raise TypeError()
                new_therapy_type_0 = TherapyBody.from_dict(data)

                return new_therapy_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(None | TherapyBody | Unset, data)

        new_therapy = _parse_new_therapy(d.pop("new_therapy", UNSET))

        visit_body = cls(
            visit=visit,
            performed_on=performed_on,
            forms=forms,
            note=note,
            findings=findings,
            cycle=cycle,
            survival_contact=survival_contact,
            new_therapy=new_therapy,
        )

        return visit_body
