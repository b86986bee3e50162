"""Strategies that toss a biased coin, against closed forms and enumerations that were not written with them."""

from collections import Counter
from fractions import Fraction
from itertools import product
from math import comb, sqrt

import pytest
from hypothesis import given as for_all
from hypothesis import strategies as st

from services.randomizer.domain.configuration import Arm, Configuration, Factor, Weight, stratum_key
from services.randomizer.domain.rational import added, compared, root
from services.randomizer.domain.strategies import strategy
from services.randomizer.domain.strategies.coins import Coin
from services.randomizer.domain.strategy import Strategy, Tallies, Tally

from .world import STUDY, scripted, strata_of


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


def taken(coin: Strategy, state: Tallies, stratum: str, slot: int) -> Tallies:
    """The state after the coin fell on this slot."""
    assert isinstance(coin, Coin)
    tickets = coin.bias.chances(state, stratum)
    ticket = sum(tickets[:slot])
    choice = coin.next(state, stratum, lambda _, n: scripted({n: sum(tickets)}, {n: ticket})(_, n))
    assert choice.trace.slot == slot + 1
    return coin.after(state, stratum, choice.arm, choice.trace)


def every_run(coin: Strategy, strata: list[str]) -> list[tuple[str, Fraction, list[list[Fraction]]]]:
    """Every run of slots that can happen to these subjects: its letters, its probability, the chances on the way."""
    runs = [("", Fraction(1), {}, [])]
    for stratum in strata:
        grown = []
        for letters, weight, state, way in runs:
            fair = chances(coin, state, stratum)
            for slot, chance in enumerate(fair):
                if chance:
                    letter = chr(ord("A") + slot)
                    grown.append((letters + letter, weight * chance, taken(coin, state, stratum, slot), [*way, fair]))
        runs = grown
    return [(letters, weight, way) for letters, weight, _, way in runs]


def guessed(runs: list[tuple[str, Fraction, list[list[Fraction]]]], place: int) -> Fraction:
    """Probability that guessing the likelier arm is right at this place."""
    return sum((weight * max(way[place]) for _, weight, way in runs), Fraction(0))


# --- complete


def test_complete_randomization_is_binomial():
    runs = every_run(strategy(design("complete")), ["F1=LOW"] * 8)
    of_a = Counter()
    for letters, weight, way in runs:
        of_a[letters.count("A")] += weight
        assert all(fair == [Fraction(1, 2)] * 2 for fair in way)
    assert of_a == {k: Fraction(comb(8, k), 2**8) for k in range(9)}


# --- big stick


@pytest.mark.parametrize("mti", [1, 2, 3, 4])
def test_the_big_stick_never_lets_an_arm_get_further_ahead(mti):
    for letters, _, _ in every_run(strategy(design("stratified_big_stick", mti=mti)), ["F1=LOW"] * 10):
        ahead = [abs(letters[:n].count("A") - letters[:n].count("B")) for n in range(11)]
        assert max(ahead) <= mti


@pytest.mark.parametrize("mti", [1, 2, 3])
def test_the_big_stick_in_the_long_run(mti):
    """Deterministic share 1/(2m), correct guesses 1/2 + 1/(4m): the stationary walk between two walls.

    Computed on the walk |D| with the coin's own chances, far along; even and odd steps differ, so two are averaged.
    """
    coin = strategy(design("stratified_big_stick", mti=mti))
    now = {0: Fraction(1)}
    certain, right = [], []
    for _ in range(600):
        sure = correct = Fraction(0)
        after: Counter[int] = Counter()
        for ahead, weight in now.items():
            counts = (ahead, 0) if ahead > 0 else (0, -ahead)
            fair = chances(coin, {"F1=LOW": Tally(slots=counts)} if any(counts) else {}, "F1=LOW")
            sure += weight * (max(fair) == 1)
            correct += weight * max(fair)
            after[ahead + 1] += weight * fair[0]
            after[ahead - 1] += weight * fair[1]
        now = {ahead: Fraction(float(weight)) for ahead, weight in after.items() if weight}
        certain.append(sure)
        right.append(correct)
    assert float(sum(certain[-2:]) / 2) == pytest.approx(1 / (2 * mti), abs=1e-9)
    assert float(sum(right[-2:]) / 2) == pytest.approx(1 / 2 + 1 / (4 * mti), abs=1e-9)


# --- minimization


def test_minimization_of_one_margin_is_efrons_biased_coin():
    """With a single factor of which everybody has the same level it is Efron 1971: p, 1/2 or 1 - p by the sign of D."""
    coin = strategy(design("minimization", probability="2/3"))
    for letters, _, way in every_run(coin, ["F1=LOW"] * 8):
        for place, fair in enumerate(way):
            ahead = letters[:place].count("A") - letters[:place].count("B")
            expected = Fraction(1, 2) if not ahead else Fraction(1, 3) if ahead > 0 else Fraction(2, 3)
            assert fair == [expected, 1 - expected]


@pytest.mark.parametrize("p", [Fraction(2, 3), Fraction(3, 4), Fraction(4, 5)])
def test_efrons_guesses_in_the_long_run(p):
    """1/2 + (2p - 1)/(4p), Efron's stationary walk; chances from the coin, the walk cut off where weight is nothing."""
    coin = strategy(design("minimization", probability=str(p)))
    fair = [max(chances(coin, {"F1=LOW": Tally(slots=(k, 0))} if k else {}, "F1=LOW")) for k in range(41)]
    now = {0: 1.0}
    right = []
    for _ in range(800):
        after: Counter[int] = Counter()
        right.append(sum(weight * float(fair[ahead]) for ahead, weight in now.items()))
        for ahead, weight in now.items():
            towards = float(fair[ahead]) if ahead else 0.0
            if ahead:
                after[ahead - 1] += weight * towards
            if ahead < 40:
                after[ahead + 1] += weight * (1 - towards)
        now = after
    assert sum(right[-2:]) / 2 == pytest.approx(float(Fraction(1, 2) + (2 * p - 1) / (4 * p)), abs=1e-6)


def _by_hand(rows: list[tuple[tuple[str, ...], int]], new: tuple[str, ...], weights: list[Fraction], slots: int):
    """Pocock and Simon's range, written from the paper over a table of patients: the preferred arms."""
    totals = []
    for candidate in range(slots):
        total = Fraction(0)
        for place, weight in enumerate(weights):
            counts = [sum(levels[place] == new[place] and arm == k for levels, arm in rows) for k in range(slots)]
            counts[candidate] += 1
            total += weight * (max(counts) - min(counts))
        totals.append(total)
    return {k for k in range(slots) if totals[k] == min(totals)}


@pytest.mark.parametrize("weights", [("1", "1"), ("1", "2"), ("1/3", "0.1")])
def test_minimization_prefers_what_the_paper_prefers_in_every_state_of_eight(weights):
    """All ways in which eight patients of four strata can lie in two arms, against the table method."""
    config = design("minimization", factors=2, weights=weights)
    coin, strata = strategy(config), strata_of(config)
    exact = [Fraction(weight) for weight in weights]
    for pairs in product(range(3), repeat=8):
        counts = {stratum: (pairs[2 * n], pairs[2 * n + 1]) for n, stratum in enumerate(strata)}
        if sum(map(sum, counts.values())) > 8:
            continue
        state = {stratum_key(stratum): Tally(slots=pair) for stratum, pair in counts.items() if any(pair)}
        rows = [
            (tuple(level.level for level in stratum), arm)
            for stratum, pair in counts.items()
            for arm in (0, 1)
            for _ in range(pair[arm])
        ]
        new = tuple(level.level for level in strata[0])
        best = _by_hand(rows, new, exact, 2)
        expected = (
            [Fraction(1, 2)] * 2
            if len(best) == 2
            else [Fraction(4, 5) if k in best else Fraction(1, 5) for k in (0, 1)]
        )
        assert chances(coin, state, stratum_key(strata[0])) == expected


COUNTS = st.tuples(*(st.integers(0, 40) for _ in range(3)))


@pytest.mark.parametrize("measure", ["range", "variance", "standard_deviation"])
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


def test_unequal_shares_keep_their_ratio_at_every_place():
    """2:1: whatever came before is averaged out, the k-th subject has two chances in three of A, exactly."""
    for config in (
        design("minimization", (2, 1), factors=1),
        design("stratified_big_stick", (2, 1), mti=2),
        design("two_stage", (2, 1), factors=1, mti=2),
        design("complete", (2, 1)),
    ):
        runs = every_run(strategy(config), ["F1=LOW", "F1=HIGH", "F1=LOW", "F1=LOW", "F1=HIGH"])
        for place in range(5):
            share = sum((w for letters, w, _ in runs if letters[place] in "AB"), Fraction(0))  # slots A and B are arm A
            assert share == Fraction(2, 3)


def test_two_stages_are_minimization_until_the_stick():
    config = design("two_stage", factors=2, mti=3)
    coin, alone = strategy(config), strategy(design("minimization", factors=2))
    for a, b in product(range(5), repeat=2):
        if abs(a - b) > 3:
            continue
        state = {"F1=LOW,F2=LOW": Tally(slots=(a, b)), "F1=LOW,F2=HIGH": Tally(slots=(2, 0))}
        expected = (
            [Fraction(0), Fraction(1)]
            if a - b == 3
            else [Fraction(1), Fraction(0)]
            if b - a == 3
            else chances(alone, state, "F1=LOW,F2=LOW")
        )
        assert chances(coin, state, "F1=LOW,F2=LOW") == expected


# --- sums of square roots

SURDS = st.lists(st.tuples(st.integers(0, 60), st.integers(-9, 9)), max_size=5)


@for_all(SURDS, SURDS)
def test_sums_of_roots_compare_as_real_numbers_do(left, right):
    one, other = (added(root(value, times) for value, times in terms) for terms in (left, right))
    near = sum(times * sqrt(value) for value, times in left) - sum(times * sqrt(value) for value, times in right)
    if abs(near) > 1e-6:
        assert compared(one, other) == (1 if near > 0 else -1)
    assert compared(one, other) == -compared(other, one)


def test_equal_sums_of_roots_are_equal():
    assert compared(added([root(8), root(2)]), root(18)) == 0
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
