"""Strategies that toss a biased coin: what no arm, level or weight may do to them, and what a configuration may be."""

from fractions import Fraction
from math import sqrt

import pytest
from hypothesis import given as for_all
from hypothesis import settings
from hypothesis import strategies as st

from contracts.protocol.load import build, load
from services.randomizer.domain.configuration import Arm, Configuration, Factor, Weight, configuration, stratum_key
from services.randomizer.domain.facts import CoinTrace
from services.randomizer.domain.rational import added, compared, root
from services.randomizer.domain.strategies import strategy
from services.randomizer.domain.strategies.coins import Coin
from services.randomizer.domain.strategy import Strategy, Tallies, Tally

from .exact import keys, runs
from .world import STUDY, strata_of, words_of


def design(method: str, ratio: tuple[int, ...] = (1, 1), factors: int = 1, **parameters: object) -> Configuration:
    """A configuration of any strategy with two-level factors F1, F2, ..."""
    if method in ("minimization", "two_stage"):
        weights = parameters.pop("weights", ("1",) * factors)
        parameters = {"measure": "range", "probability": "4/5", **parameters}
        parameters["weights"] = tuple(Weight(factor=f"F{n + 1}", weight=w) for n, w in enumerate(weights))
    return Configuration(
        study=STUDY,
        strategy=method,
        arms=tuple(Arm(code=chr(ord("A") + n), ratio=share) for n, share in enumerate(ratio)),
        factors=tuple(Factor(id=f"F{n + 1}", levels=("LOW", "HIGH")) for n in range(factors)),
        **parameters,
    )


def chances(coin: Strategy, state: Tallies, stratum: str) -> list[Fraction]:
    """The probability of each slot for the next subject."""
    assert isinstance(coin, Coin)
    tickets = coin.bias.chances(state, stratum)
    return [Fraction(ticket, sum(tickets)) for ticket in tickets]


# --- big stick


@pytest.mark.parametrize("mti", [1, 2, 3, 4])
def test_the_big_stick_never_lets_an_arm_get_further_ahead(mti):
    found = runs(strategy(design("stratified_big_stick", mti=mti)), ("F1=LOW",) * 10)
    ahead = {abs(run[:n].count("A") - run[:n].count("B")) for run in found for n in range(11)}
    assert ahead == set(range(mti + 1))


# --- minimization


COUNTS = st.tuples(*(st.integers(0, 40) for _ in range(3)))


@pytest.mark.parametrize("measure", ["range", "variance", "standard_deviation"])
@settings(deadline=None)
@for_all(st.lists(COUNTS, min_size=4, max_size=4), st.permutations([0, 1, 2]))
def test_no_arm_is_preferred_for_its_name(measure, counts, order):
    """Arms that change places change their chances with them, in three arms and every measure."""
    config = design("minimization", (1, 1, 1), factors=2, measure=measure, weights=("1/3", "0.1"))
    coin = strategy(config)
    keys = [stratum_key(stratum) for stratum in strata_of(config)]
    state = {key: Tally(slots=slots) for key, slots in zip(keys, counts, strict=True)}
    moved = {key: Tally(slots=tuple(slots[k] for k in order)) for key, slots in zip(keys, counts, strict=True)}
    before, after = chances(coin, state, keys[0]), chances(coin, moved, keys[0])
    assert after == [before[k] for k in order]


@settings(deadline=None)
@for_all(st.lists(st.tuples(st.integers(0, 30), st.integers(0, 30)), min_size=4, max_size=4), st.booleans())
def test_levels_that_change_names_change_nothing(counts, swap_first):
    config = design("minimization", factors=2)
    coin = strategy(config)
    keys = [stratum_key(stratum) for stratum in strata_of(config)]
    renamed = [
        key.replace("F1=LOW", "F1=_").replace("F1=HIGH", "F1=LOW").replace("F1=_", "F1=HIGH")
        if swap_first
        else key.replace("F2=LOW", "F2=_").replace("F2=HIGH", "F2=LOW").replace("F2=_", "F2=HIGH")
        for key in keys
    ]
    state = {key: Tally(slots=slots) for key, slots in zip(keys, counts, strict=True)}
    other = {key: Tally(slots=slots) for key, slots in zip(renamed, counts, strict=True)}
    assert chances(coin, state, keys[0]) == chances(coin, other, renamed[0])


def test_weights_that_no_float_holds_tie_where_they_should():
    """0.1 + 0.2 equals 0.3 here; in floats it does not, and the tie would be broken for ever the same way."""
    coin = strategy(design("minimization", factors=3, weights=("0.1", "0.2", "0.3")))
    state = {"F1=LOW,F2=LOW,F3=HIGH": Tally(slots=(1, 0)), "F1=HIGH,F2=HIGH,F3=LOW": Tally(slots=(0, 1))}
    assert chances(coin, state, "F1=LOW,F2=LOW,F3=LOW") == [Fraction(1, 2)] * 2


# --- sums of square roots

SURDS = st.lists(st.tuples(st.integers(0, 60), st.integers(-9, 9)), max_size=5)


@settings(deadline=None)
@for_all(SURDS, SURDS)
def test_sums_of_roots_compare_as_real_numbers_do(left, right):
    one, other = (added(root(value, times) for value, times in terms) for terms in (left, right))
    near = sum(times * sqrt(value) for value, times in left) - sum(times * sqrt(value) for value, times in right)
    if abs(near) > 1e-6:
        assert compared(one, other) == (1 if near > 0 else -1)
    assert compared(one, other) == -compared(other, one)


SQUARE_FREE = [
    (1, 3, {1: 3}),
    (4, 1, {1: 2}),
    (8, 1, {2: 2}),
    (9, 1, {1: 3}),
    (12, 5, {3: 10}),
    (16, -1, {1: -4}),
    (30, 1, {30: 1}),
    (49, 1, {1: 7}),
    (72, 1, {2: 6}),
    (75, 2, {3: 10}),
    (0, 5, {}),
    (5, 0, {}),
]


@pytest.mark.parametrize(("value", "times", "written"), SQUARE_FREE)
def test_a_root_is_written_with_nothing_to_be_drawn_out_of_it(value, times, written):
    """Or two equal sums would be compared for ever, digit by digit."""
    assert root(value, times) == written


def test_terms_that_cancel_leave_nothing():
    assert added([{2: 3}, {2: -3, 3: 1}, {}, {3: 4}]) == {3: 5}


def test_equal_sums_of_roots_are_equal():
    assert compared(added([root(8, 1), root(2, 1)]), root(18, 1)) == 0
    assert compared(root(12, 1), root(3, 2)) == 0
    assert compared(root(0, 5), {}) == 0


def test_sums_that_floats_cannot_tell_apart():
    """A convergent of the root of 2: 93222358 times the root is 131836323 in floats, and is not."""
    assert 93222358 * sqrt(2) == 131836323
    assert 131836323**2 - 2 * 93222358**2 == 1
    assert compared({2: 93222358}, {1: 131836323}) == -1


# --- what a configuration may be


@pytest.mark.parametrize(
    ("method", "changed", "says"),
    [
        ("minimization", {"probability": "1/2"}, "between 0.5 and 1"),
        ("minimization", {"probability": "1"}, "between 0.5 and 1"),
        ("minimization", {"probability": 0.8}, "rational as text"),
        ("minimization", {"weights": ("1", "0")}, "greater than 0"),
        ("minimization", {"weights": ("1",)}, "each factor has one weight"),
        ("minimization", {"block_sizes": (4,)}, "and nothing else"),
        ("stratified_big_stick", {}, "needs mti"),
        ("complete", {"mti": 3}, "needs nothing"),
        ("complete", {"scheme": "reluth/complete/2"}, "knows no other"),
        ("list_import", {}, "needs list_sha256"),
    ],
)
def test_a_configuration_that_does_not_hold_together_is_refused(method, changed, says):
    with pytest.raises(ValueError, match=says):
        design(method, factors=2, **changed)


def test_another_weight_is_another_configuration():
    one, other = (design("minimization", factors=2, weights=("1", weight)) for weight in ("1/3", "0.3333333333"))
    assert one.sha256 != other.sha256
    again = Configuration.model_validate_json(one.model_dump_json())
    assert again == one
    assert again.sha256 == one.sha256


@pytest.mark.parametrize("method", ["minimization", "two_stage"])
def test_weights_are_put_in_the_order_of_the_factors_whatever_their_names(method):
    """Factors of the protocol file from the last to the first, weights as they come: each factor keeps its own."""
    document = load().model_dump()
    weights = {"F1": "1", "F2": "2", "F3": "3", "F4": "4"}
    told = {"measure": "range", "probability": "0.8", "weights": weights} | (
        {"mti": 2} if method == "two_stage" else {}
    )
    protocol = build(
        {
            **document,
            "factors": document["factors"][::-1],
            "randomization": {"method": method, "source": "invented", **told},
        },
        "x.yaml",
    )
    found = configuration(protocol)
    assert [factor.id for factor in found.factors] == ["F4", "F3", "F2", "F1"]
    assert found.factor_weights == (4, 3, 2, 1)


@pytest.mark.parametrize("method", ["complete", "minimization"])
def test_slots_that_are_equally_likely_have_one_ticket_each(method):
    """Two each would be as fair and draw other arms of three from the same seed: the tickets are part of the draw."""
    config = design(method, (1, 1, 1))
    choice = strategy(config).next({}, keys(config)[0], words_of(config))
    assert isinstance(choice.trace, CoinTrace)
    assert choice.trace.chances == (1, 1, 1)
