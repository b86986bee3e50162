"""What must not matter: names of arms, levels, subjects, sites; the order of factors and arms; the scale of weights."""

import random
from decimal import Decimal
from fractions import Fraction
from itertools import permutations

import pytest
from pydantic import TypeAdapter, ValidationError

from services.randomizer.domain.configuration import Configuration, Weight
from services.randomizer.domain.rational import Rational
from services.randomizer.domain.strategies import strategy
from services.randomizer.domain.strategies.coins import Coin
from services.randomizer.domain.strategy import Tallies, Tally

from .exact import COINS, design, keys, outcomes, runs, states
from .test_exact import ARRIVALS, MEASURES
from .world import activation, given, randomize, strata_of

METHODS = ("stratified_permuted_blocks", *COINS)


def chances(config: Configuration, state: Tallies, stratum: str) -> list[Fraction]:
    coin = strategy(config)
    assert isinstance(coin, Coin)
    tickets = coin.bias.chances(state, stratum)
    return [Fraction(ticket, sum(tickets)) for ticket in tickets]


def any_state(config: Configuration, dice: random.Random, most: int = 4) -> Tallies:
    slots = range(config.ratio_sum)
    return {key: Tally(slots=tuple(dice.randint(0, most) for _ in slots)) for key in keys(config)}


# --- arms


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize(("ratio", "n"), [((1, 1), 7), ((1, 1, 1), 5), ((2, 1, 1), 5)])
def test_arms_of_equal_shares_that_swap_names_swap_their_runs(method, ratio, n):
    """Every run is as probable as the one with the names exchanged: no arm wins for being the first."""
    config = design(method, ratio, sizes=(sum(ratio), 2 * sum(ratio)))
    found = runs(strategy(config), ARRIVALS[:n])
    codes = [arm.code for arm in config.arms]
    for order in permutations(range(len(ratio))):
        if any(ratio[n] != ratio[to] for n, to in enumerate(order)):
            continue
        renamed = str.maketrans("".join(codes), "".join(codes[to] for to in order))
        assert {run.translate(renamed): weight for run, weight in found.items()} == found


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("ratio", [(1, 1), (2, 1), (1, 2, 1)])
def test_the_order_of_the_arms_in_the_protocol_does_not_matter(method, ratio):
    config = design(method, ratio, sizes=(sum(ratio), 2 * sum(ratio)))
    turned = config.model_copy(update={"arms": config.arms[::-1]})
    assert runs(strategy(turned), ARRIVALS[:5]) == runs(strategy(config), ARRIVALS[:5])


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("shares", [2, 3, 5])
def test_the_first_subject_has_every_arm_alike(method, shares):
    config = design(method, (1,) * shares, sizes=(shares,))
    first = [choice.probability for choice, _ in outcomes(strategy(config), {}, "F1=L1")]
    assert first == [Fraction(1, shares)] * shares


@pytest.mark.parametrize("measure", MEASURES)
@pytest.mark.parametrize("place", range(3))
def test_slots_that_are_equally_good_share_alike(measure, place):
    """Three arms, one ahead: the two others have 2/5 each, wherever they stand; one behind has 4/5."""
    config = design("minimization", (1, 1, 1), measure=measure)
    ahead = {"F1=L1": Tally(slots=tuple(int(n == place) for n in range(3)))}
    assert chances(config, ahead, "F1=L1") == [Fraction(1 if n == place else 2, 5) for n in range(3)]
    behind = {"F1=L1": Tally(slots=tuple(int(n != place) for n in range(3)))}
    assert chances(config, behind, "F1=L1") == [Fraction(8 if n == place else 1, 10) for n in range(3)]


# --- factors, levels, strata


def moved(key: str, order: tuple[int, ...]) -> str:
    """The stratum with its factors in another order, and named for their new places."""
    levels = [part.split("=")[1] for part in key.split(",")]
    return ",".join(f"F{n + 1}={levels[place]}" for n, place in enumerate(order))


@pytest.mark.parametrize("measure", MEASURES)
@pytest.mark.parametrize("order", list(permutations(range(3))))
def test_the_order_of_the_factors_with_their_weights_does_not_matter(measure, order):
    weights, levels = ("1/3", "0.1", "2"), (2, 3, 2)
    config = design("minimization", (2, 1), levels, weights=weights, measure=measure)
    other = design(
        "minimization",
        (2, 1),
        [levels[place] for place in order],
        weights=[weights[place] for place in order],
        measure=measure,
    )
    dice = random.Random(7)
    for _ in range(100):
        state = any_state(config, dice)
        turned = {moved(key, order): tally for key, tally in state.items()}
        stratum = dice.choice(keys(config))
        assert chances(other, turned, moved(stratum, order)) == chances(config, state, stratum)


@pytest.mark.parametrize("method", METHODS)
def test_which_stratum_came_first_does_not_matter(method):
    """Two strata that change places in the order of arrival change places in every run."""
    config = design(method)
    swapped = ["F1=L2" if stratum == "F1=L1" else "F1=L1" for stratum in ARRIVALS[:6]]
    assert runs(strategy(config), swapped) == runs(strategy(config), ARRIVALS[:6])


@pytest.mark.parametrize("method", ["minimization", "two_stage", "stratified_big_stick"])
def test_the_order_in_which_strata_were_reached_does_not_matter(method):
    config = design(method, (1, 1), (2, 2))
    dice = random.Random(8)
    for _ in range(100):
        state = any_state(config, dice)
        turned = dict(reversed(state.items()))
        for stratum in keys(config):
            assert chances(config, turned, stratum) == chances(config, state, stratum)


# --- weights


SAME = [("0.1", "0.2", "0.3"), (1, 2, 3), ("1/3", "2/3", "1"), ("10", "20", "30"), ("1/30", "1/15", "0.1")]


@pytest.mark.parametrize("measure", MEASURES)
def test_weights_that_are_in_proportion_give_the_same_chances(measure):
    """0.1 : 0.2 : 0.3 and thirds are as good as 1 : 2 : 3, in every state of four subjects. No float could do that."""
    configs = [design("minimization", (1, 1), (2, 2, 2), weights=weights, measure=measure) for weights in SAME]
    first, *others = configs
    stratum, ties = keys(first)[0], 0
    for cells in states(8 * 2, 3):
        state = {key: Tally(slots=cells[2 * n : 2 * n + 2]) for n, key in enumerate(keys(first))}
        expected = chances(first, state, stratum)
        ties += expected == [Fraction(1, 2)] * 2
        for config in others:
            assert chances(config, state, stratum) == expected
    assert ties > 50


FLOATS = (0.1, 1.0, float("nan"), float("inf"), Decimal("0.1"))
UNWRITTEN = (
    "one",
    "1/0",
    "nan",
    "1e999999999",
    "1e5",
    "1_000",
    " 1",
    "1.",
    ".5",
    "-1/2",
    "1" * 41,
    "0." + "1" * 21,
    "\u0661",
)


@pytest.mark.parametrize("unfit", [*FLOATS, *UNWRITTEN, True, None, [1]])
def test_what_is_no_rational_is_refused(unfit):
    with pytest.raises(ValidationError):
        Weight(factor="F1", weight=unfit)


def test_a_float_in_json_is_refused_and_says_how_to_write_it():
    with pytest.raises(ValidationError, match=r'write a rational as text, such as "1/3" or "0\.8": a float is not'):
        TypeAdapter(Rational).validate_json("0.1")
    with pytest.raises(ValidationError, match=r"a denominator is not 0"):
        TypeAdapter(Rational).validate_json('"1/0"')


LONG = "9" * 19 + "." + "9" * 20


@pytest.mark.parametrize(
    ("written", "value", "told"),
    [
        ("0.8", Fraction(4, 5), "4/5"),
        ("2/6", Fraction(1, 3), "1/3"),
        (3, Fraction(3), "3"),
        (Fraction(1, 7), Fraction(1, 7), "1/7"),
        (LONG, Fraction(10**39 - 1, 10**20), f"{10**39 - 1}/{10**20}"),
        ("1/" + "3" * 40, Fraction(1, int("3" * 40)), "1/" + "3" * 40),
    ],
)
def test_a_rational_is_read_exactly_told_in_lowest_terms_and_read_again(written, value, told):
    adapter = TypeAdapter(Rational)
    assert adapter.validate_python(written) == value
    assert type(adapter.validate_python(written)) is Fraction
    assert adapter.dump_python(value, mode="json") == told
    assert adapter.validate_python(told) == value


# --- subjects and sites


@pytest.mark.parametrize("method", METHODS)
def test_names_of_subjects_and_sites_do_not_matter(method):
    """The same order of strata with every subject of another number and another site: the same arms, one by one."""
    config = design(method, (1, 1), (2, 2))
    strata, dice = strata_of(config), random.Random(9)
    order = [dice.choice(strata) for _ in range(30)]
    one, other = ([f"{site(n):02d}-{number(n):03d}" for n in range(30)] for site, number in NAMES)
    arms = []
    for subjects in (one, other):
        story = given(activation(config))
        for subject, stratum in zip(subjects, order, strict=True):
            story = story.and_then(randomize(subject, stratum))
        arms.append(list(story.arms.values()))
        assert list(story.arms) == subjects
    assert arms[0] == arms[1]
    assert set(arms[0]) == {"A", "B"}


NAMES = [(lambda _: 1, lambda n: n + 1), (lambda n: 22 - n % 7, lambda n: 900 - 7 * n)]
