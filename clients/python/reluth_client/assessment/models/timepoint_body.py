from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar, cast

from attrs import define as _attrs_define

from ..types import UNSET, Unset

if TYPE_CHECKING:
    from ..models.at_timepoint_body import AtTimepointBody
    from ..models.biomarker_body import BiomarkerBody
    from ..models.questionnaire_body import QuestionnaireBody


T = TypeVar("T", bound="TimepointBody")


@_attrs_define
class TimepointBody:
    """All of it is recorded, or nothing."""

    tumour_assessment: AtTimepointBody | None | Unset = UNSET
    questionnaires: list[QuestionnaireBody] | Unset = UNSET
    biomarkers: list[BiomarkerBody] | Unset = UNSET

    def to_dict(self) -> dict[str, Any]:
        from ..models.at_timepoint_body import AtTimepointBody  # noqa: PLC0415

        tumour_assessment: dict[str, Any] | None | Unset
        if isinstance(self.tumour_assessment, Unset):
            tumour_assessment = UNSET
        elif isinstance(self.tumour_assessment, AtTimepointBody):
            tumour_assessment = self.tumour_assessment.to_dict()
        else:
            tumour_assessment = self.tumour_assessment

        questionnaires: list[dict[str, Any]] | Unset = UNSET
        if not isinstance(self.questionnaires, Unset):
            questionnaires = []
            for questionnaires_item_data in self.questionnaires:
                questionnaires_item = questionnaires_item_data.to_dict()
                questionnaires.append(questionnaires_item)

        biomarkers: list[dict[str, Any]] | Unset = UNSET
        if not isinstance(self.biomarkers, Unset):
            biomarkers = []
            for biomarkers_item_data in self.biomarkers:
                biomarkers_item = biomarkers_item_data.to_dict()
                biomarkers.append(biomarkers_item)

        field_dict: dict[str, Any] = {}

        field_dict.update({})
        if tumour_assessment is not UNSET:
            field_dict["tumour_assessment"] = tumour_assessment
        if questionnaires is not UNSET:
            field_dict["questionnaires"] = questionnaires
        if biomarkers is not UNSET:
            field_dict["biomarkers"] = biomarkers

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.at_timepoint_body import AtTimepointBody  # noqa: PLC0415
        from ..models.biomarker_body import BiomarkerBody  # noqa: PLC0415
        from ..models.questionnaire_body import QuestionnaireBody  # noqa: PLC0415

        d = dict(src_dict)

        def _parse_tumour_assessment(data: object) -> AtTimepointBody | None | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            try:
                if not isinstance(data, dict):
                    raise TypeError()
                tumour_assessment_type_0 = AtTimepointBody.from_dict(data)

                return tumour_assessment_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(AtTimepointBody | None | Unset, data)

        tumour_assessment = _parse_tumour_assessment(d.pop("tumour_assessment", UNSET))

        _questionnaires = d.pop("questionnaires", UNSET)
        questionnaires: list[QuestionnaireBody] | Unset = UNSET
        if _questionnaires is not UNSET:
            questionnaires = []
            for questionnaires_item_data in _questionnaires:
                questionnaires_item = QuestionnaireBody.from_dict(questionnaires_item_data)

                questionnaires.append(questionnaires_item)

        _biomarkers = d.pop("biomarkers", UNSET)
        biomarkers: list[BiomarkerBody] | Unset = UNSET
        if _biomarkers is not UNSET:
            biomarkers = []
            for biomarkers_item_data in _biomarkers:
                biomarkers_item = BiomarkerBody.from_dict(biomarkers_item_data)

                biomarkers.append(biomarkers_item)

        timepoint_body = cls(
            tumour_assessment=tumour_assessment,
            questionnaires=questionnaires,
            biomarkers=biomarkers,
        )

        return timepoint_body
