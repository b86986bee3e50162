"""The figures of a simulation against a table computed elsewhere, closed forms, and themselves from the same seed."""

import json
from dataclasses import fields, replace
from fractions import Fraction
from functools import cache
from math import comb, sqrt
from pathlib import Path

import numpy as np
import pytest

from services.randomizer.simulation.comparison import designs, minimization
from services.randomizer.simulation.design import Design
from services.randomizer.simulation.engine import Segment, allocated
from services.randomizer.simulation.figures import Figures, guessed, imbalance
from services.randomizer.simulation.population import Population
from services.randomizer.simulation.study import draws, percentile, simulated, summary, uniform

ORACLE = json.loads((Path(__file__).parents[2] / "oracles/allocation/designs.json").read_text())
ROWS = {row["design"]: row for row in ORACLE["rows"]}
TRIALS, SEED = 4_000, 20_210_416
POPULATION = Population(
    ORACLE["subjects"], tuple((Fraction(p), 1 - Fraction(p)) for p in ORACLE["prevalence"]), ORACLE["sites"]
)
_ALL = designs((1, 1), POPULATION.levels, POPULATION.sites)
PLAIN = _ALL["complete randomization"]
DESIGNS = {
    **dict(zip([name for name in ROWS if name != "minimization_100"], _ALL.values(), strict=True)),
    "minimization_100": minimization(PLAIN, "1"),
}
ERRORS = 4.0
"""Standard errors that a figure may be off: 15 designs times 10 figures are compared, and none may fail by chance."""


@cache
def figures(name: str) -> Figures:
    return simulated(DESIGNS[name], POPULATION, TRIALS, SEED)


def rounding(text: str) -> float:
    """Half a unit of the last digit."""
    return 0.5 * 10.0 ** -len(text.partition(".")[2])


@pytest.mark.parametrize("name", ROWS)
@pytest.mark.parametrize(
    "figure", ["overall", "worst_margin", "stratum", "omniscient", "stratum_history", "own_centre", "certain"]
)
def test_means_are_those_computed_elsewhere(name, figure):
    """The other table's error is taken from our spread over its number of trials; its guesses were counted, not
    averaged chances, so theirs have the noise of 146 coins as well.
    """
    scale = 100 if figure == "certain" else 1
    row = {"certain": "certain_percent", "overall": "overall_mean", "worst_margin": "worst_margin_mean"}
    text = ROWS[name][row.get(figure, figure)]
    ours = getattr(figures(name), figure) * scale
    guesses = figure in ("omniscient", "stratum_history", "own_centre")
    counted = float(ours.var()) + (0.25 / POPULATION.subjects if guesses else 0)
    error = sqrt(float(ours.var()) / TRIALS + counted / ORACLE["trials"])
    assert abs(float(ours.mean()) - float(text)) <= ERRORS * error + rounding(text)


@pytest.mark.parametrize("name", ROWS)
def test_the_probability_of_a_large_imbalance_is_that_computed_elsewhere(name):
    """A bare 0 says that none of the trials had it."""
    text, ours = ROWS[name]["overall_large"], float((figures(name).overall >= 10).mean())
    expected = float(text)
    p = max(ours, expected, 1 / TRIALS)
    error = sqrt(p * (1 - p) * (1 / TRIALS + 1 / ORACLE["trials"]))
    assert abs(ours - expected) <= ERRORS * error + (rounding(text) if "." in text else 0)


@pytest.mark.parametrize("name", ROWS)
@pytest.mark.parametrize("figure", ["overall", "worst_margin"])
def test_the_95th_percentile_is_that_computed_elsewhere(name, figure):
    """A percentile of whole numbers jumps, so the shares below and up to it are compared with 95 %."""
    value, ours = float(ROWS[name][f"{figure}_p95"]), getattr(figures(name), figure)
    error = ERRORS * sqrt(0.95 * 0.05 * (1 / TRIALS + 1 / ORACLE["trials"]))
    assert (ours < value).mean() <= 0.95 + error
    assert (ours <= value).mean() >= 0.95 - error


def test_complete_randomization_has_the_figures_of_the_binomial_distribution():
    n, found = POPULATION.subjects, summary(figures("complete"))
    chance = {abs(2 * k - n): 2 * comb(n, k) / 2**n for k in range(n // 2)} | {0: comb(n, n // 2) / 2**n}
    mean = sum(d * p for d, p in chance.items())
    assert abs(found.overall.mean - mean) <= ERRORS * found.overall.standard_error
    large = sum(p for d, p in chance.items() if d >= 10)
    assert abs(found.overall_large.mean - large) <= ERRORS * found.overall_large.standard_error
    below = {at: sum(p for d, p in chance.items() if d <= at) for at in (22, 24)}
    assert below[22] < 0.95 < below[24], "the table's 22 is the percentile of its 4,000 trials; the exact one is 24"
    assert found.overall.p95_between[0] <= 24 <= found.overall.p95_between[1]


@pytest.mark.parametrize(
    ("size", "correct", "certain"),
    [
        (2, Fraction(3, 2), Fraction(1, 2)),
        (4, Fraction(17, 6), Fraction(1, 3)),
        (6, Fraction(41, 10), Fraction(1, 4)),
        (8, Fraction(373, 70), Fraction(1, 5)),
    ],
)
def test_whole_blocks_are_guessed_as_often_as_can_be_counted(size, correct, certain):
    """One stratum, whole blocks: expected correct guesses in a block of 2, 4, 6 and 8, and how many were certain."""
    whole = replace(PLAIN, method="stratified_permuted_blocks", columns=(), levels=(), sizes=(size,))
    found = summary(simulated(whole, Population(size * 6, (), 1), TRIALS, SEED))
    for guess in (found.omniscient, found.stratum_history, found.own_centre):
        assert abs(guess.mean - correct / size) <= ERRORS * guess.standard_error
    assert abs(found.certain.mean - certain) <= ERRORS * found.certain.standard_error + 1e-12


@pytest.mark.parametrize("mti", [1, 2, 3])
def test_the_big_stick_is_guessed_as_the_walk_between_two_walls_says(mti):
    """Deterministic share 1/(2m), guesses 1/2 + 1/(4m) in the long run; the first subjects are left out."""
    stick = replace(PLAIN, method="stratified_big_stick", columns=(), levels=(), tolerance=mti)
    subjects = 1_000
    steps = list(
        allocated([Segment(stick, subjects)], np.zeros((TRIALS, subjects, 0), np.int64), uniform(draws(SEED, 0, 0)))
    )[500:]
    likeliest = np.array([(step.favourable.max(axis=0) / step.possible) for step in steps]).mean(axis=0)
    certain = np.array([(step.favourable.max(axis=0) == step.possible) for step in steps]).mean(axis=0)
    for found, expected in ((certain, 1 / (2 * mti)), (likeliest, 1 / 2 + 1 / (4 * mti))):
        assert abs(found.mean() - expected) <= ERRORS * found.std() / sqrt(TRIALS) + 1e-12


@pytest.mark.parametrize("name", ["stratified_blocks_4_6", "minimization_80", "two_stage", "big_stick_3"])
def test_no_arm_wins_ties(name):
    """Both arms get the same number of subjects in the mean."""
    steps = allocated(
        [Segment(DESIGNS[name], 31)], POPULATION.drawn(TRIALS, draws(SEED, 0, 0)), uniform(draws(SEED, 0, 1))
    )
    ahead = sum(np.where(step.arm == 0, 1, -1) for step in steps)
    assert abs(ahead.mean()) <= ERRORS * ahead.std() / sqrt(TRIALS)


def test_every_subject_has_the_chance_of_the_ratio_whatever_the_design():
    """2:1: slots are treated alike, so a third of the subjects get the second arm, at every place of every design."""
    population = replace(POPULATION, subjects=24)
    for name, design in designs((2, 1), population.levels, population.sites).items():
        levels, draw = population.drawn(TRIALS, draws(SEED, 0, 0)), uniform(draws(SEED, 0, 1))
        for place, step in enumerate(allocated([Segment(design, 24)], levels, draw)):
            second = float((step.arm == 1).mean())
            assert abs(second - 1 / 3) <= 5 * sqrt(2 / 9 / TRIALS), (name, place)


def test_the_same_seed_gives_the_same_figures_and_another_seed_others():
    first, again = (simulated(DESIGNS["two_stage"], POPULATION, 1_200, SEED) for _ in range(2))
    other = simulated(DESIGNS["two_stage"], POPULATION, 1_200, SEED + 1)
    for field in fields(Figures):
        assert (getattr(first, field.name) == getattr(again, field.name)).all()
    assert (first.overall != other.overall).any()
    more = simulated(DESIGNS["two_stage"], POPULATION, 2_000, SEED)
    assert (more.overall[:1_000] == first.overall[:1_000]).all(), "more trials begin with the same ones"


def test_every_trial_has_random_numbers_of_its_own():
    found = figures("complete").overall
    halves = found[: TRIALS // 2], found[TRIALS // 2 :]
    assert abs(np.corrcoef(*halves)[0, 1]) < ERRORS / sqrt(TRIALS // 2)
    assert (found[:1000] != found[1000:2000]).any()


def test_an_imbalance_is_counted_in_shares_of_the_ratio():
    counts = np.array([[4, 5, 6], [2, 2, 1]])
    assert imbalance(counts, (2, 1)).tolist() == [0.0, 0.5, 2.0]
    assert imbalance(counts, (1, 1)).tolist() == [2.0, 3.0, 5.0]
    assert imbalance(np.array([[3], [1], [2]]), (1, 1, 1)).tolist() == [2.0]


def test_the_guesser_names_the_arm_that_is_behind_and_halves_ties():
    favourable, possible = np.array([[3, 3, 3], [1, 1, 1]]), np.array([4, 4, 4])
    assert guessed(np.array([[1, 2, 2], [2, 1, 2]]), (1, 1), favourable, possible).tolist() == [0.75, 0.25, 0.5]
    level = guessed(np.array([[4, 2], [2, 2]]), (2, 1), np.array([[2, 2], [1, 1]]), np.array([3, 3]))
    assert level.tolist() == [pytest.approx(2 / 3), pytest.approx(2 / 3)], "level: the arm with the larger share"


def test_a_percentile_is_a_value_that_occurred_and_its_interval_holds_the_true_one():
    assert percentile(np.array([0.0] * 95 + [9.0] * 5), 0.95) == 0
    assert percentile(np.array([0.0] * 94 + [9.0] * 6), 0.95) == 9
    source = np.random.default_rng(5)
    held = 0
    for _ in range(400):
        overall = source.integers(0, 1_000, 1_000).astype(float)
        found = summary(Figures(overall, *[overall] * 6)).overall
        held += found.p95_between[0] <= 949 <= found.p95_between[1]
    assert held >= 400 * 0.95 - 4 * sqrt(400 * 0.95 * 0.05)


def test_a_summary_says_of_the_trials_what_can_be_counted_by_hand():
    overall = np.arange(100.0)
    found = summary(Figures(overall, overall[::-1] * 2, *[np.array([0.25, 0.75] * 50)] * 5))
    assert (found.overall.mean, found.overall.p95, found.overall.largest) == (49.5, 94, 99)
    assert (found.worst_margin.mean, found.worst_margin.p95, found.worst_margin.largest) == (99, 188, 198)
    assert found.overall.standard_error == pytest.approx(sqrt(100 * 101 / 12) / 10)
    assert found.overall_large.mean == 0.9, "10 counts as large"
    for one in (found.stratum, found.certain, found.omniscient, found.stratum_history, found.own_centre):
        assert (one.mean, one.standard_error) == (0.5, pytest.approx(0.25 / sqrt(99)))


def test_who_comes_is_as_common_as_was_said_and_sites_differ():
    levels = POPULATION.drawn(TRIALS, draws(SEED, 0, 0))
    for factor, (share, _) in enumerate(POPULATION.prevalence):
        found = float((levels[:, :, factor] == 0).mean())
        assert abs(found - share) <= ERRORS * sqrt(share * (1 - share) / levels[:, :, factor].size)
    sites = np.stack([(levels[:, :, -1] == site).mean(axis=1) for site in range(POPULATION.sites)], axis=1)
    assert sites.sum(axis=1) == pytest.approx(1)
    a, k, n = 1.2, POPULATION.sites, POPULATION.subjects  # shares are Dirichlet(1.2, ...), counts vary on top
    share = (1 / k) * (1 - 1 / k) * (1 / (k * a + 1) + (1 - 1 / (k * a + 1)) / n)
    assert sites.var() == pytest.approx(share, rel=0.03)


def test_a_design_too_large_for_the_memory_is_refused():
    from services.randomizer.simulation.design import DesignNotSimulated

    with pytest.raises(DesignNotSimulated, match="counters"):
        simulated(Design("complete", (1, 1), (0,) * 18, (2,) * 18), POPULATION, 10, SEED)
