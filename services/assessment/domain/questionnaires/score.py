"""Scores of one filled-in questionnaire, exact (EORTC scoring manual, 3rd edition: linear from 0 to 100, half rule)."""

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Final

from contracts.questionnaires.model import Better, Questionnaire, Scale, Summary

FULL: Final = 100


@dataclass(frozen=True, slots=True)
class Score:
    """A score between 0 and 100; None: too few items were answered. `missing` are the items that were not."""

    code: str
    value: Fraction | None
    missing: tuple[int, ...]


def wrong_answers(questionnaire: Questionnaire, answers: Mapping[int, int | None]) -> tuple[int, ...]:
    """The items that the questionnaire does not have, or whose answer it does not offer, in order."""
    return tuple(
        item
        for item, answer in sorted(answers.items())
        if item not in questionnaire.items or (answer is not None and not 1 <= answer <= questionnaire.top(item))
    )


def scores(questionnaire: Questionnaire, answers: Mapping[int, int | None]) -> tuple[Score, ...]:
    """The scores in the order of the file, the summary last. None or no entry: not answered, or does not apply.

    Raises ValueError for what `wrong_answers` names.
    """
    if wrong := wrong_answers(questionnaire, answers):
        raise ValueError(f"answers that are none of this questionnaire: items {', '.join(map(str, wrong))}")
    found = tuple(_of_scale(questionnaire, scale, answers) for scale in questionnaire.scales)
    summary = questionnaire.summary
    return found if summary is None else (*found, _summary(questionnaire, summary, found))


def _of_scale(questionnaire: Questionnaire, scale: Scale, answers: Mapping[int, int | None]) -> Score:
    given = [answer for item in scale.items if (answer := answers.get(item)) is not None]
    missing = tuple(item for item in scale.items if answers.get(item) is None)
    if not given or len(given) < questionnaire.answered_share * len(scale.items):
        return Score(scale.code, None, missing)
    raw = Fraction(sum(given), len(given))
    share = (raw - 1) / (questionnaire.top(scale.items[0]) - 1)
    return Score(scale.code, FULL * (1 - share if scale.reversed else share), missing)


def _summary(questionnaire: Questionnaire, summary: Summary, found: tuple[Score, ...]) -> Score:
    of_code = {score.code: score for score in found}
    better = {scale.code: scale.better for scale in questionnaire.scales}
    parts = [of_code[code] for code in summary.scales]
    missing = tuple(sorted(item for part in parts for item in part.missing))
    values = [
        part.value if better[part.code] is Better.HIGH else FULL - part.value
        for part in parts
        if part.value is not None
    ]
    complete = len(values) == len(parts)
    return Score(summary.code, sum(values, Fraction()) / len(values) if complete else None, missing)
