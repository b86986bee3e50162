"""P(arm | state) and the probability of every run of arms, exactly, against the methods written a second time."""

from collections import Counter
from fractions import Fraction
from itertools import product

import pytest

from services.randomizer.domain.configuration import Configuration, Measure
from services.randomizer.domain.strategies import strategy
from services.randomizer.domain.strategies.coins import Coin
from services.randomizer.domain.strategy import Tallies, Tally

from . import reference
from .exact import COINS, design, keys, orders, outcomes, runs, states

ARRIVALS = ("F1=L1", "F1=L2", "F1=L1", "F1=L1", "F1=L2", "F1=L2", "F1=L1", "F1=L2")
MEASURES: tuple[Measure, ...] = ("range", "variance", "standard_deviation")


def levels(stratum: str) -> tuple[str, ...]:
    return tuple(part.split("=")[1] for part in stratum.split(","))


def expected(config: Configuration, patients: reference.Patients, stratum: str) -> list[Fraction]:
    """What the papers say of the slots."""
    of, new = config.ratio_sum, levels(stratum)
    match config.strategy:
        case "complete":
            return [Fraction(1, of)] * of
        case "stratified_big_stick":
            return reference.big_stick(patients, new, of, config.tolerance)
        case "minimization":
            told = (config.factor_weights, config.imbalance, config.preference)
            return reference.minimization(patients, new, of, *told)
        case _:
            told = (config.factor_weights, config.imbalance, config.preference)
            return reference.two_stage(patients, new, of, *told, config.tolerance)


def chances(config: Configuration, state: Tallies, stratum: str) -> list[Fraction]:
    coin = strategy(config)
    assert isinstance(coin, Coin)
    tickets = coin.bias.chances(state, stratum)
    return [Fraction(ticket, sum(tickets)) for ticket in tickets]


def filled(config: Configuration, cells: tuple[int, ...]) -> tuple[Tallies, reference.Patients]:
    """The same subjects, as the randomizer counts them and as a table of patients."""
    state, patients, of = {}, Counter(), config.ratio_sum
    for n, stratum in enumerate(keys(config)):
        counts = cells[n * of : (n + 1) * of]
        if any(counts):
            state[stratum] = Tally(slots=counts)
        patients.update({(levels(stratum), slot): many for slot, many in enumerate(counts) if many})
    return state, patients


# --- every state

ONE_FACTOR = [((1, 1), (2,), 8), ((2, 1), (2,), 8), ((1, 1, 1), (2,), 8), ((1, 1), (3,), 8), ((2, 2), (2,), 5)]
TWO_FACTORS = [((1, 1), (2, 2), 8), ((2, 1), (2, 2), 5), ((1, 1, 1), (2, 2), 5), ((1, 1), (2, 3), 5)]


@pytest.mark.parametrize(("ratio", "of", "most"), ONE_FACTOR)
@pytest.mark.parametrize("method", COINS)
def test_in_every_state_of_few_subjects_the_arms_have_the_chances_of_the_papers(method, ratio, of, most):
    """Every way in which so many subjects can lie in the slots of the strata, and a next one in each stratum."""
    config = design(method, ratio, of, mti=3)
    for cells in states(len(keys(config)) * config.ratio_sum, most):
        state, patients = filled(config, cells)
        for stratum in keys(config):
            assert chances(config, state, stratum) == expected(config, patients, stratum), (cells, stratum)


@pytest.mark.parametrize(("ratio", "of", "most"), TWO_FACTORS)
@pytest.mark.parametrize(("method", "measure"), [("two_stage", "range"), *(("minimization", one) for one in MEASURES)])
def test_in_every_state_over_two_factors_the_arms_have_the_chances_of_the_papers(method, measure, ratio, of, most):
    """A next one in the first and in the last stratum: they share no level, and the others mirror them."""
    config = design(method, ratio, of, measure=measure, mti=3)
    first, *_, last = keys(config)
    for cells in states(len(keys(config)) * config.ratio_sum, most):
        state, patients = filled(config, cells)
        for stratum in (first, last):
            assert chances(config, state, stratum) == expected(config, patients, stratum), (cells, stratum)


# --- every run


def by_the_papers(config: Configuration, strata: tuple[str, ...]) -> dict[str, Fraction]:
    """The probability of each run of arms: the product of the chances on the way, over all slots an arm has."""
    arms = [config.arms[arm].code for arm in reference.slots([arm.ratio for arm in config.arms])]
    total: Counter[str] = Counter()
    for run in product(range(len(arms)), repeat=len(strata)):
        patients: Counter[tuple[reference.Levels, int]] = Counter()
        weight = Fraction(1)
        for stratum, slot in zip(strata, run, strict=True):
            weight *= expected(config, patients, stratum)[slot]
            if not weight:
                break
            patients[levels(stratum), slot] += 1
        total["".join(arms[slot] for slot in run)] += weight
    return {written: weight for written, weight in total.items() if weight}


@pytest.mark.parametrize("measure", MEASURES)
@pytest.mark.parametrize(("ratio", "n"), [((1, 1), 8), ((2, 1), 6), ((1, 1, 1), 6)])
@pytest.mark.parametrize("method", COINS)
def test_every_run_of_a_coin_is_as_probable_as_by_the_papers(method, ratio, n, measure):
    config = design(method, ratio, measure=measure)
    found = runs(strategy(config), ARRIVALS[:n])
    assert sum(found.values()) == 1
    assert found == by_the_papers(config, ARRIVALS[:n])


@pytest.mark.parametrize(
    ("ratio", "sizes"), [((1, 1), (4, 6)), ((1, 1), (2, 4, 6)), ((2, 1), (3, 6)), ((1, 1, 1), (3, 6)), ((1, 3), (4,))]
)
def test_every_run_of_blocks_is_as_probable_as_by_writing_down_all_blocks(ratio, sizes):
    config = design("stratified_permuted_blocks", ratio, sizes=sizes)
    for n in range(1, 9):
        found = runs(strategy(config), ("F1=L1",) * n)
        assert sum(found.values()) == 1
        assert found == reference.blocks(ratio, sizes, n)


def test_runs_of_two_strata_of_blocks_are_independent():
    """Interleaved: the probability of the whole is the product over the strata."""
    config = design("stratified_permuted_blocks")
    for written, weight in runs(strategy(config), ARRIVALS).items():
        apart = Fraction(1)
        for stratum in ("F1=L1", "F1=L2"):
            run = "".join(arm for arm, at in zip(written, ARRIVALS, strict=True) if at == stratum)
            apart *= reference.blocks((1, 1), (4, 6), len(run)).get(run, Fraction(0))
        assert weight == apart


@pytest.mark.parametrize("method", ["stratified_permuted_blocks", *COINS])
@pytest.mark.parametrize("ratio", [(1, 1), (2, 1), (1, 1, 1)])
def test_every_subject_has_exactly_the_chances_of_the_ratio(method, ratio):
    """Whatever came before is averaged out: no place in the order is better than another for who wants an arm."""
    config = design(method, ratio, sizes=(sum(ratio), 2 * sum(ratio)))
    for n in range(1, 7):
        last = Counter()
        for written, weight in runs(strategy(config), ARRIVALS[:n]).items():
            last[written[-1]] += weight
        assert last == {arm.code: Fraction(arm.ratio, sum(ratio)) for arm in config.arms}


# --- from the chances to the arm


@pytest.mark.parametrize("ratio", [(1, 1), (2, 1), (1, 2, 1), (1, 1, 1)])
def test_a_coin_gives_each_slot_as_many_tickets_as_it_has_chances(ratio):
    """Every coin of up to three tickets a slot, every ticket: the share of the tickets is the chance, and is told."""
    config = design("complete", ratio)

    for tickets in product(range(4), repeat=sum(ratio)):
        if not any(tickets):
            continue

        class Given:
            def chances(self, state: Tallies, stratum: str, tickets: tuple[int, ...] = tickets) -> tuple[int, ...]:
                return tickets

        share, by_arm = Counter(), Counter()
        for choice, weight in outcomes(Coin(config, Given()), {}, "F1=L1"):
            assert config.slots[choice.trace.slot - 1] == choice.arm
            assert choice.trace.chances == tickets
            share[choice.trace.slot - 1] += weight
            by_arm[choice.arm] += weight
        assert share == {n: Fraction(of, sum(tickets)) for n, of in enumerate(tickets) if of}
        for choice, _ in outcomes(Coin(config, Given()), {}, "F1=L1"):
            assert choice.probability == by_arm[choice.arm]


def test_the_chances_are_in_lowest_terms():
    """Tickets without a common divisor: a draw below 5 where 5 will do is the one that an inspector expects."""
    assert strategy(design("minimization")).bias.chances({"F1=L1": Tally(slots=(1, 0))}, "F1=L1") == (1, 4)
    three = strategy(design("minimization", (1, 1, 1), p="3/5"))
    assert three.bias.chances({"F1=L1": Tally(slots=(1, 0, 0))}, "F1=L1") == (4, 3, 3)
    assert three.bias.chances({"F1=L1": Tally(slots=(1, 1, 0))}, "F1=L1") == (1, 1, 3)


def test_all_runs_are_those_that_can_be_written():
    """Guards the enumeration itself: none is missed, none is counted twice."""
    found = runs(strategy(design("complete")), ("F1=L1",) * 6)
    assert set(found) == set(orders("AB", 6))
    assert set(found.values()) == {Fraction(1, 64)}
