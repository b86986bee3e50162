"""Guards of a filled-in questionnaire, then the fact."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from contracts.events.heard import Heard
from contracts.events.questionnaires import QuestionnaireCompleted
from contracts.protocol.quality_of_life import QualityOfLife
from contracts.questionnaires.model import Questionnaire
from services.assessment.domain.questionnaires.score import wrong_answers
from services.assessment.domain.questionnaires.state import Questionnaires
from services.assessment.domain.refusals import questionnaires as refusals
from services.assessment.domain.standing import dated, included
from services.chassis.refusal import Refused


@dataclass(frozen=True, slots=True)
class CompleteQuestionnaire:
    """A filled-in questionnaire. `again`: it replaces an earlier one of the same occasion."""

    study: str
    subject: str
    questionnaire: str
    edition: str
    occasion: str
    completed_on: date
    answers: Mapping[int, int | None]
    not_applicable: tuple[int, ...]
    again: bool = False


def complete(
    state: Questionnaires,
    known: Heard | None,
    cmd: CompleteQuestionnaire,
    rules: QualityOfLife | None,
    packaged: Mapping[str, Questionnaire],
    today: date,
) -> list[QuestionnaireCompleted]:
    """Answers by item number, none outside what the questionnaire offers."""
    consent_on, _ = included(known, cmd.subject)
    if rules is None:
        raise Refused(refusals.NO_QUESTIONNAIRES)
    if cmd.questionnaire not in rules.questionnaires:
        raise Refused(refusals.UNKNOWN_QUESTIONNAIRE, permitted=rules.questionnaires)
    questionnaire = packaged[cmd.questionnaire]
    if cmd.edition != questionnaire.version:
        raise Refused(refusals.OTHER_EDITION, permitted=[questionnaire.version])
    if cmd.occasion not in rules.order:
        raise Refused(refusals.UNKNOWN_OCCASION, permitted=rules.order)
    there = state.of(cmd.questionnaire, cmd.occasion)
    if there is not None and not cmd.again:
        raise Refused(refusals.FILLED_ALREADY, event_id=there.event.event_id)
    if there is None and cmd.again:
        raise Refused(refusals.NOTHING_TO_CORRECT)
    dated(known, cmd.completed_on, field="completed_on", since=consent_on, today=today)
    _must_be_offered(cmd, questionnaire)
    return [
        QuestionnaireCompleted(
            study=cmd.study,
            subject=cmd.subject,
            questionnaire=cmd.questionnaire,
            edition=cmd.edition,
            occasion=cmd.occasion,
            completed_on=cmd.completed_on,
            answers=dict(cmd.answers),
            not_applicable=cmd.not_applicable,
        )
    ]


def _must_be_offered(cmd: CompleteQuestionnaire, questionnaire: Questionnaire) -> None:
    if wrong := wrong_answers(questionnaire, cmd.answers):
        raise Refused(refusals.NO_SUCH_ANSWER, items=wrong)
    if strange := sorted(set(cmd.not_applicable) - set(questionnaire.not_applicable)):
        raise Refused(refusals.ALWAYS_APPLIES, items=strange, permitted=questionnaire.not_applicable)
    if both := sorted(item for item in cmd.not_applicable if cmd.answers.get(item) is not None):
        raise Refused(refusals.ANSWERED_AND_NOT, items=both)
    if not any(answer is not None for answer in cmd.answers.values()) and not cmd.not_applicable:
        raise Refused(refusals.EMPTY)
