"""Scores against two scorers that nobody here wrote, at the half rule, and by properties."""

import csv
from fractions import Fraction
from pathlib import Path
from typing import Any, Final

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from contracts.questionnaires.load import questionnaires
from contracts.questionnaires.model import Better, Questionnaire
from services.assessment.domain.questionnaires.score import scores, wrong_answers

ORACLES: Final = Path(__file__).parents[2] / "oracles" / "qol"
C30: Final = questionnaires()["QLQ_C30"]
GINET: Final = questionnaires()["QLQ_GINET21"]
SAME: Final = Fraction(1, 10**9)
RENAMED: Final = {"TR": "TR2_validated"}


def rows(name: str) -> list[dict[str, str]]:
    with (ORACLES / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def answered(row: dict[str, str], questionnaire: Questionnaire) -> dict[int, int | None]:
    return {item: int(row[f"q{item}"]) if row[f"q{item}"] else None for item in questionnaire.items}


@pytest.mark.parametrize(
    ("questionnaire", "file", "number"),
    [(C30, "qlq_c30_proscorer.csv", 60), (GINET, "ginet21_scorescale.csv", 40)],
    ids=["C30", "GINET21"],
)
def test_every_row_of_another_scorer(questionnaire: Questionnaire, file: str, number: int) -> None:
    cases = rows(file)
    assert len(cases) == number
    for row in cases:
        for score in scores(questionnaire, answered(row, questionnaire)):
            expected = row[RENAMED.get(score.code, score.code)]
            if not expected:
                assert score.value is None, (row["id"], score)
            else:
                assert score.value is not None
                assert abs(score.value - Fraction(expected)) < SAME, (row["id"], score)


@pytest.mark.parametrize(
    ("missing", "code", "there"),
    [
        ((1, 2), "PF", True),
        ((1, 2, 3), "PF", False),
        ((10,), "FA", True),
        ((10, 12), "FA", False),
        ((29,), "QL", True),
        ((29, 30), "QL", False),
        ((21, 22), "EF", True),
        ((21, 22, 23), "EF", False),
        ((8,), "DY", False),
    ],
)
def test_half_of_the_items_are_enough(missing: tuple[int, ...], code: str, there: bool) -> None:
    answers = {item: 2 for item in C30.items if item not in missing}
    score = next(score for score in scores(C30, answers) if score.code == code)
    assert (score.value is not None, score.missing) == (there, missing)


def test_a_summary_needs_each_of_its_thirteen_scales_and_neither_of_the_two_others() -> None:
    summary = C30.summary
    assert summary is not None
    for scale in C30.scales:
        answers = {item: 2 for item in C30.items if item not in scale.items}
        assert (scores(C30, answers)[-1].value is None) == (scale.code in summary.scales)
    assert {scale.code for scale in C30.scales} - set(summary.scales) == {"QL", "FI"}


@pytest.mark.parametrize("wrong", [{31: 1}, {0: 1}, {1: 0}, {1: 5}, {29: 8}, {1: -1}])
def test_an_answer_that_is_none_gives_no_score(wrong: dict[int, int]) -> None:
    assert wrong_answers(C30, {2: 1, **wrong}) == tuple(wrong)
    with pytest.raises(ValueError, match=f"items {next(iter(wrong))}$"):
        scores(C30, wrong)


def answers_to(questionnaire: Questionnaire) -> st.SearchStrategy[dict[int, int | None]]:
    offered = {item: st.none() | st.integers(1, questionnaire.top(item)) for item in questionnaire.items}
    return st.fixed_dictionaries({}, optional=offered)


@given(answers_to(C30), st.sampled_from([*C30.items]))
def test_a_worse_answer_never_gives_a_better_score(answers: dict[int, int | None], item: int) -> None:
    """Items of the QLQ-C30 ask for problems, but for the last two, which ask how good it is."""
    answer = answers.get(item)
    if answer is None or answer == C30.top(item):
        return
    better = {scale.code: scale.better is Better.HIGH for scale in C30.scales} | {"C30SUMMARY": True}
    before, after = scores(C30, answers), scores(C30, {**answers, item: answer + 1})
    for one, other in zip(before, after, strict=True):
        if one.value is None or other.value is None:
            assert one.value is other.value is None
            continue
        higher = item in (29, 30) or not better[one.code]
        assert other.value >= one.value if higher else other.value <= one.value


@given(answers_to(GINET))
def test_scores_lie_between_nothing_and_all(answers: dict[int, int | None]) -> None:
    assert all(score.value is None or 0 <= score.value <= 100 for score in scores(GINET, answers))


def test_the_map_of_the_second_is_marked_as_not_yet_compared_with_the_publishers() -> None:
    assert (C30.map_checked, GINET.map_checked) == (True, False)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"last_item": 31}, "each item belongs to one scale"),
        ({"highest_of": {31: 7}}, "does not have"),
        ({"highest_of": {30: 7}}, "the same answers"),
        ({"summary": {"code": "SUM", "scales": ["PF", "XX"]}}, "the summary names"),
        ({"source": None}, "source"),
        ({"wording": "x"}, "wording"),
    ],
)
def test_a_file_that_contradicts_itself_is_refused(change: dict[str, Any], message: str) -> None:
    document = C30.model_dump(mode="python", by_alias=True)
    Questionnaire.model_validate(document)
    with pytest.raises(ValidationError, match=message):
        Questionnaire.model_validate(document | change)
