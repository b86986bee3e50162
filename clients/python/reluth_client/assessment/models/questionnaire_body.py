from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar, cast

from attrs import define as _attrs_define

from ..types import UNSET, Unset

if TYPE_CHECKING:
    from ..models.questionnaire_body_answers import QuestionnaireBodyAnswers


T = TypeVar("T", bound="QuestionnaireBody")


@_attrs_define
class QuestionnaireBody:
    """A filled-in questionnaire."""

    edition: str
    completed_on: datetime.date
    answers: QuestionnaireBodyAnswers
    """ by item number; what is left out, or null, was not answered """
    questionnaire: str
    occasion: str
    not_applicable: list[int] | Unset = UNSET
    """ items that were answered so """

    def to_dict(self) -> dict[str, Any]:
        edition = self.edition

        completed_on = self.completed_on.isoformat()

        answers = self.answers.to_dict()

        questionnaire = self.questionnaire

        occasion = self.occasion

        not_applicable: list[int] | Unset = UNSET
        if not isinstance(self.not_applicable, Unset):
            not_applicable = self.not_applicable

        field_dict: dict[str, Any] = {}

        field_dict.update(
            {
                "edition": edition,
                "completed_on": completed_on,
                "answers": answers,
                "questionnaire": questionnaire,
                "occasion": occasion,
            }
        )
        if not_applicable is not UNSET:
            field_dict["not_applicable"] = not_applicable

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.questionnaire_body_answers import QuestionnaireBodyAnswers  # noqa: PLC0415

        d = dict(src_dict)
        edition = d.pop("edition")

        completed_on = datetime.date.fromisoformat(d.pop("completed_on"))

        answers = QuestionnaireBodyAnswers.from_dict(d.pop("answers"))

        questionnaire = d.pop("questionnaire")

        occasion = d.pop("occasion")

        not_applicable = cast(list[int], d.pop("not_applicable", UNSET))

        questionnaire_body = cls(
            edition=edition,
            completed_on=completed_on,
            answers=answers,
            questionnaire=questionnaire,
            occasion=occasion,
            not_applicable=not_applicable,
        )

        return questionnaire_body
