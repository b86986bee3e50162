"""Change from baseline and deterioration, scale by scale (EORTC: 10 of 100 points; endpoints 4.7)."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from contracts.protocol.quality_of_life import QualityOfLife
from contracts.questionnaires.model import Better, Questionnaire
from services.assessment.domain.questionnaires.score import scores
from services.assessment.domain.questionnaires.state import Questionnaires


@dataclass(frozen=True, slots=True)
class Change:
    """A scale on one occasion. What is not known is None, and is then no deterioration either.

    `change` is the score less that of `baseline`; `worse` is None where there is nothing to compare.
    """

    scale: str
    occasion: str
    on: date
    score: Fraction | None
    baseline: str | None
    change: Fraction | None
    worse: bool | None


@dataclass(frozen=True, slots=True)
class Deterioration:
    """The first time that a scale was worse than at a baseline. `confirmed`: so was the next score, if there is one."""

    scale: str
    baseline: str
    occasion: str
    on: date
    confirmed: bool | None


def changes(state: Questionnaires, questionnaire: Questionnaire, rules: QualityOfLife) -> tuple[Change, ...]:
    """Every scale on every occasion that was filled in, in the order of occasions and scales."""
    return tuple(_changes(state, questionnaire, rules))


def deteriorations(found: tuple[Change, ...]) -> tuple[Deterioration, ...]:
    """Of each scale and baseline the first deterioration."""
    firsts: dict[tuple[str, str], Deterioration] = {}
    for n, one in enumerate(found):
        if not one.worse or one.baseline is None or (one.scale, one.baseline) in firsts:
            continue
        later = (x.worse for x in found[n + 1 :] if (x.scale, x.baseline) == (one.scale, one.baseline))
        confirmed = next((worse for worse in later if worse is not None), None)
        firsts[one.scale, one.baseline] = Deterioration(one.scale, one.baseline, one.occasion, one.on, confirmed)
    return tuple(firsts.values())


def _changes(state: Questionnaires, questionnaire: Questionnaire, rules: QualityOfLife) -> Iterator[Change]:
    better = {scale.code: scale.better for scale in questionnaire.scales}
    known: dict[tuple[str, str], Fraction | None] = {}
    for occasion in rules.order:
        filled = state.of(questionnaire.id, occasion)
        if filled is None:
            continue
        baseline = rules.baseline_of(occasion)
        for score in scores(questionnaire, filled.fact.answers):
            known[occasion, score.code] = score.value
            before = known.get((baseline, score.code)) if baseline is not None else None
            moved = score.value - before if score.value is not None and before is not None else None
            worse = None
            if moved is not None:
                # A summary is turned so that high is better.
                fallen = -moved if better.get(score.code, Better.HIGH) is Better.HIGH else moved
                worse = fallen >= rules.worse_points
            yield Change(score.code, occasion, filled.fact.completed_on, score.value, baseline, moved, worse)
