"""What a site sends of a filled-in questionnaire: numbers alone."""

from collections.abc import Mapping
from typing import Annotated

from pydantic import Field

from contracts.events.questionnaires import Answer, Item
from contracts.vocabulary.identifiers import StudyId, SubjectId
from services.assessment.bodies.lesions import Body
from services.assessment.bodies.readings import Why
from services.assessment.domain.questionnaires.decide import CompleteQuestionnaire
from services.chassis.http.written import Day

Code = Annotated[str, Field(pattern=r"^[A-Z][A-Z0-9_]{1,31}$")]


class AnswersBody(Body):
    """The answers of one occasion."""

    edition: Annotated[str, Field(pattern=r"^[0-9][0-9.]{0,15}$")] = Field(examples=["3.0"])
    completed_on: Day = Field(examples=["2026-03-31"])
    answers: Mapping[Item, Answer | None] = Field(
        max_length=200, description="by item number; what is left out, or null, was not answered", examples=[{"29": 6}]
    )
    not_applicable: tuple[Item, ...] = Field(default=(), max_length=200, description="items that were answered so")

    def command(
        self, study: str, subject: str, questionnaire: str, occasion: str, *, again: bool
    ) -> CompleteQuestionnaire:
        """The command."""
        return CompleteQuestionnaire(
            study=study,
            subject=subject,
            questionnaire=questionnaire,
            edition=self.edition,
            occasion=occasion,
            completed_on=self.completed_on,
            answers=dict(self.answers),
            not_applicable=self.not_applicable,
            again=again,
        )


class QuestionnaireBody(AnswersBody):
    """A filled-in questionnaire."""

    questionnaire: Code = Field(examples=["QLQ_C30"])
    occasion: Code = Field(examples=["M6"])


class QuestionnaireCorrectionBody(AnswersBody):
    """The answers as they should have been recorded: all of them."""

    reason: Why


class QuestionnaireRow(QuestionnaireBody):
    """A row of a table of questionnaires."""

    study: StudyId
    subject: SubjectId
