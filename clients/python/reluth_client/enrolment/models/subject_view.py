from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar, cast
from uuid import UUID

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..models.participation import Participation
from ..models.sex import Sex

if TYPE_CHECKING:
    from ..models.assessment_view import AssessmentView
    from ..models.consent_view import ConsentView
    from ..models.cycle_view import CycleView
    from ..models.death_view import DeathView
    from ..models.exit_view import ExitView
    from ..models.finding_view import FindingView
    from ..models.regions_view import RegionsView
    from ..models.therapy_view import TherapyView


T = TypeVar("T", bound="SubjectView")


@_attrs_define
class SubjectView:
    """Everything that enrolment knows of a subject. The arm is not among it."""

    study: str
    subject: str
    site: str
    sex: Sex
    """ Sex as used by renal formulas and reference ranges (CDISC C66731). """
    birth_month: str
    screened_on: datetime.date
    participation: Participation
    """ Where a subject is. Only `SCREEN_FAILURE_PD` is the paper's screen failure (ruling 18).

    No state tells the arm: how far treatment after randomization has come is a region of its own. """
    regions: RegionsView
    """ The regions of the lifecycle beside `participation`: each goes its own way.

    That of treatment after randomization tells the arm; it is read with the cycles. """
    consent: ConsentView | None
    findings: list[FindingView]
    assessment: AssessmentView | None
    included_on: datetime.date | None
    cycles: list[CycleView]
    authorizations: list[UUID]
    """ events by which randomization was authorized """
    randomized_on: datetime.date | None
    exit_: ExitView | None
    last_alive_on: datetime.date | None
    """ by the survival contacts; visits are not counted here """
    death: DeathView | None
    new_therapies: list[TherapyView]
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        from ..models.assessment_view import AssessmentView  # noqa: PLC0415
        from ..models.consent_view import ConsentView  # noqa: PLC0415
        from ..models.death_view import DeathView  # noqa: PLC0415
        from ..models.exit_view import ExitView  # noqa: PLC0415

        study = self.study

        subject = self.subject

        site = self.site

        sex = self.sex.value

        birth_month = self.birth_month

        screened_on = self.screened_on.isoformat()

        participation = self.participation.value

        regions = self.regions.to_dict()

        consent: dict[str, Any] | None
        if isinstance(self.consent, ConsentView):
            consent = self.consent.to_dict()
        else:
            consent = self.consent

        findings = []
        for findings_item_data in self.findings:
            findings_item = findings_item_data.to_dict()
            findings.append(findings_item)

        assessment: dict[str, Any] | None
        if isinstance(self.assessment, AssessmentView):
            assessment = self.assessment.to_dict()
        else:
            assessment = self.assessment

        included_on: None | str
        if isinstance(self.included_on, datetime.date):
            included_on = self.included_on.isoformat()
        else:
            included_on = self.included_on

        cycles = []
        for cycles_item_data in self.cycles:
            cycles_item = cycles_item_data.to_dict()
            cycles.append(cycles_item)

        authorizations = []
        for authorizations_item_data in self.authorizations:
            authorizations_item = str(authorizations_item_data)
            authorizations.append(authorizations_item)

        randomized_on: None | str
        if isinstance(self.randomized_on, datetime.date):
            randomized_on = self.randomized_on.isoformat()
        else:
            randomized_on = self.randomized_on

        exit_: dict[str, Any] | None
        if isinstance(self.exit_, ExitView):
            exit_ = self.exit_.to_dict()
        else:
            exit_ = self.exit_

        last_alive_on: None | str
        if isinstance(self.last_alive_on, datetime.date):
            last_alive_on = self.last_alive_on.isoformat()
        else:
            last_alive_on = self.last_alive_on

        death: dict[str, Any] | None
        if isinstance(self.death, DeathView):
            death = self.death.to_dict()
        else:
            death = self.death

        new_therapies = []
        for new_therapies_item_data in self.new_therapies:
            new_therapies_item = new_therapies_item_data.to_dict()
            new_therapies.append(new_therapies_item)

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "study": study,
                "subject": subject,
                "site": site,
                "sex": sex,
                "birth_month": birth_month,
                "screened_on": screened_on,
                "participation": participation,
                "regions": regions,
                "consent": consent,
                "findings": findings,
                "assessment": assessment,
                "included_on": included_on,
                "cycles": cycles,
                "authorizations": authorizations,
                "randomized_on": randomized_on,
                "exit": exit_,
                "last_alive_on": last_alive_on,
                "death": death,
                "new_therapies": new_therapies,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.assessment_view import AssessmentView  # noqa: PLC0415
        from ..models.consent_view import ConsentView  # noqa: PLC0415
        from ..models.cycle_view import CycleView  # noqa: PLC0415
        from ..models.death_view import DeathView  # noqa: PLC0415
        from ..models.exit_view import ExitView  # noqa: PLC0415
        from ..models.finding_view import FindingView  # noqa: PLC0415
        from ..models.regions_view import RegionsView  # noqa: PLC0415
        from ..models.therapy_view import TherapyView  # noqa: PLC0415

        d = dict(src_dict)
        study = d.pop("study")

        subject = d.pop("subject")

        site = d.pop("site")

        sex = Sex(d.pop("sex"))

        birth_month = d.pop("birth_month")

        screened_on = datetime.date.fromisoformat(d.pop("screened_on"))

        participation = Participation(d.pop("participation"))

        regions = RegionsView.from_dict(d.pop("regions"))

        def _parse_consent(data: object) -> ConsentView | None:
            if data is None:
                return data
            try:
                if not isinstance(data, dict):
                    raise TypeError()
                consent_type_0 = ConsentView.from_dict(data)

                return consent_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(ConsentView | None, data)

        consent = _parse_consent(d.pop("consent"))

        findings = []
        _findings = d.pop("findings")
        for findings_item_data in _findings:
            findings_item = FindingView.from_dict(findings_item_data)

            findings.append(findings_item)

        def _parse_assessment(data: object) -> AssessmentView | None:
            if data is None:
                return data
            try:
                if not isinstance(data, dict):
                    raise TypeError()
                assessment_type_0 = AssessmentView.from_dict(data)

                return assessment_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(AssessmentView | None, data)

        assessment = _parse_assessment(d.pop("assessment"))

        def _parse_included_on(data: object) -> datetime.date | None:
            if data is None:
                return data
            try:
                if not isinstance(data, str):
                    raise TypeError()
                included_on_type_0 = datetime.date.fromisoformat(data)

                return included_on_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(datetime.date | None, data)

        included_on = _parse_included_on(d.pop("included_on"))

        cycles = []
        _cycles = d.pop("cycles")
        for cycles_item_data in _cycles:
            cycles_item = CycleView.from_dict(cycles_item_data)

            cycles.append(cycles_item)

        authorizations = []
        _authorizations = d.pop("authorizations")
        for authorizations_item_data in _authorizations:
            authorizations_item = UUID(authorizations_item_data)

            authorizations.append(authorizations_item)

        def _parse_randomized_on(data: object) -> datetime.date | None:
            if data is None:
                return data
            try:
                if not isinstance(data, str):
                    raise TypeError()
                randomized_on_type_0 = datetime.date.fromisoformat(data)

                return randomized_on_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(datetime.date | None, data)

        randomized_on = _parse_randomized_on(d.pop("randomized_on"))

        def _parse_exit_(data: object) -> ExitView | None:
            if data is None:
                return data
            try:
                if not isinstance(data, dict):
                    raise TypeError()
                exit_type_0 = ExitView.from_dict(data)

                return exit_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(ExitView | None, data)

        exit_ = _parse_exit_(d.pop("exit"))

        def _parse_last_alive_on(data: object) -> datetime.date | None:
            if data is None:
                return data
            try:
                if not isinstance(data, str):
                    raise TypeError()
                last_alive_on_type_0 = datetime.date.fromisoformat(data)

                return last_alive_on_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(datetime.date | None, data)

        last_alive_on = _parse_last_alive_on(d.pop("last_alive_on"))

        def _parse_death(data: object) -> DeathView | None:
            if data is None:
                return data
            try:
                if not isinstance(data, dict):
                    raise TypeError()
                death_type_0 = DeathView.from_dict(data)

                return death_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(DeathView | None, data)

        death = _parse_death(d.pop("death"))

        new_therapies = []
        _new_therapies = d.pop("new_therapies")
        for new_therapies_item_data in _new_therapies:
            new_therapies_item = TherapyView.from_dict(new_therapies_item_data)

            new_therapies.append(new_therapies_item)

        subject_view = cls(
            study=study,
            subject=subject,
            site=site,
            sex=sex,
            birth_month=birth_month,
            screened_on=screened_on,
            participation=participation,
            regions=regions,
            consent=consent,
            findings=findings,
            assessment=assessment,
            included_on=included_on,
            cycles=cycles,
            authorizations=authorizations,
            randomized_on=randomized_on,
            exit_=exit_,
            last_alive_on=last_alive_on,
            death=death,
            new_therapies=new_therapies,
        )

        subject_view.additional_properties = d
        return subject_view

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
