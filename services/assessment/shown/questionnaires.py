"""Questionnaires as they were filled in, with their scores, changes and deteriorations."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Final, Self
from uuid import UUID

from pydantic import BaseModel, Field

from contracts.protocol.quality_of_life import QualityOfLife
from contracts.questionnaires.model import Questionnaire
from services.assessment.domain.questionnaires.change import Change, Deterioration, changes, deteriorations
from services.assessment.domain.questionnaires.decide import CompleteQuestionnaire
from services.assessment.domain.questionnaires.score import Score, scores
from services.assessment.domain.questionnaires.state import Completed, Questionnaires
from services.assessment.domain.refusals.questionnaires import NOT_FILLED
from services.chassis.refusal import Refused

PLACES: Final = Decimal("0.000001")
"""Scores are computed as fractions, and shown to six decimals, half to even. No comparison uses what is shown."""


class ScoreView(BaseModel):
    """A score of 0 to 100."""

    scale: str = Field(examples=["PF"])
    score: Decimal | None = Field(description="to six decimals; null: too few items were answered")
    missing: list[int] = Field(description="items of the scale without an answer")

    @classmethod
    def of(cls, score: Score) -> Self:
        """The view of a score."""
        return cls(scale=score.code, score=shown(score.value), missing=list(score.missing))


class QuestionnaireView(BaseModel):
    """A filled-in questionnaire with its scores."""

    questionnaire: str
    edition: str
    occasion: str
    completed_on: date
    answers: dict[int, int | None]
    not_applicable: list[int]
    scores: list[ScoreView]
    map_checked: bool = Field(description="whether items and scales were compared with the publisher's scoring sheet")
    event_id: UUID

    @classmethod
    def of(cls, completed: Completed, questionnaire: Questionnaire) -> Self:
        """The view of what was filled in."""
        fact = completed.fact
        return cls(
            questionnaire=fact.questionnaire,
            edition=fact.edition,
            occasion=fact.occasion,
            completed_on=fact.completed_on,
            answers=dict(fact.answers),
            not_applicable=list(fact.not_applicable),
            scores=[ScoreView.of(score) for score in scores(questionnaire, fact.answers)],
            map_checked=questionnaire.map_checked,
            event_id=completed.event.event_id,
        )


class ScoreChangedView(BaseModel):
    """A score that is another one than before a correction."""

    scale: str
    before: Decimal | None
    after: Decimal | None


class RecordedView(QuestionnaireView):
    """What was recorded; of a correction also which scores it changed."""

    changed: list[ScoreChangedView]

    @classmethod
    def recorded(
        cls, before: Questionnaires, after: Questionnaires, cmd: CompleteQuestionnaire, questionnaire: Questionnaire
    ) -> Self:
        """The answer to a command."""
        now = completed_on(after, cmd.questionnaire, cmd.occasion)
        was = before.of(cmd.questionnaire, cmd.occasion)
        view = QuestionnaireView.of(now, questionnaire)
        return cls(**dict(view), changed=_changed(was, now, questionnaire) if was is not None else [])


class ChangeView(BaseModel):
    """A scale on one occasion, compared with its baseline."""

    scale: str
    occasion: str
    completed_on: date
    score: Decimal | None
    baseline: str | None = Field(description="the occasion that it is compared with")
    change: Decimal | None = Field(description="null: one of the two scores is missing")
    worse: bool | None = Field(description="by as many points as the protocol calls worse")

    @classmethod
    def of(cls, one: Change) -> Self:
        """The view of a change."""
        return cls(
            scale=one.scale,
            occasion=one.occasion,
            completed_on=one.on,
            score=shown(one.score),
            baseline=one.baseline,
            change=shown(one.change),
            worse=one.worse,
        )


class DeteriorationView(BaseModel):
    """The first time that a scale was worse than at a baseline."""

    scale: str
    baseline: str
    occasion: str
    on: date
    confirmed: bool | None = Field(description="by the next score; null: there is none yet")

    @classmethod
    def of(cls, one: Deterioration) -> Self:
        """The view of a deterioration."""
        return cls(scale=one.scale, baseline=one.baseline, occasion=one.occasion, on=one.on, confirmed=one.confirmed)


class CourseView(BaseModel):
    """One questionnaire over time."""

    questionnaire: str
    map_checked: bool
    worse_points: Decimal
    changes: list[ChangeView]
    deteriorations: list[DeteriorationView]

    @classmethod
    def of(cls, state: Questionnaires, questionnaire: Questionnaire, rules: QualityOfLife) -> Self:
        """The course of one questionnaire."""
        found = changes(state, questionnaire, rules)
        return cls(
            questionnaire=questionnaire.id,
            map_checked=questionnaire.map_checked,
            worse_points=rules.worse_points,
            changes=[ChangeView.of(one) for one in found],
            deteriorations=[DeteriorationView.of(one) for one in deteriorations(found)],
        )


def listed(state: Questionnaires, packaged: Mapping[str, Questionnaire]) -> list[QuestionnaireView]:
    """All that was filled in, by day."""
    ordered = sorted(state.completed, key=lambda one: (one.fact.completed_on, one.event.position))
    return [QuestionnaireView.of(one, packaged[one.fact.questionnaire]) for one in ordered]


def completed_on(state: Questionnaires, questionnaire: str, occasion: str) -> Completed:
    """What was filled in on an occasion. Raises `Refused` (404)."""
    found = state.of(questionnaire, occasion)
    if found is None:
        raise Refused(NOT_FILLED, questionnaire=questionnaire, occasion=occasion)
    return found


def shown(score: Fraction | None) -> Decimal | None:
    """A fraction as it is shown."""
    return None if score is None else (Decimal(score.numerator) / Decimal(score.denominator)).quantize(PLACES)


def _changed(was: Completed, now: Completed, questionnaire: Questionnaire) -> list[ScoreChangedView]:
    pairs = zip(scores(questionnaire, was.fact.answers), scores(questionnaire, now.fact.answers), strict=True)
    return [
        ScoreChangedView(scale=before.code, before=shown(before.value), after=shown(after.value))
        for before, after in pairs
        if before.value != after.value
    ]
