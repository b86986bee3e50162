"""The simulation has the very chances of the strategies that allocate, and chooses as they do from the same tickets."""

import random
from collections.abc import Sequence
from fractions import Fraction
from itertools import product

import numpy as np
import pytest
from hypothesis import given as for_all
from hypothesis import settings
from hypothesis import strategies as st

from services.randomizer.domain.configuration import Configuration, Factor, Weight
from services.randomizer.domain.draws import WORD_BITS
from services.randomizer.domain.strategies import carried, strategy
from services.randomizer.domain.strategies.coins import Coin
from services.randomizer.domain.strategy import Tally
from services.randomizer.simulation.chances import chances
from services.randomizer.simulation.design import DesignNotSimulated, design_of
from services.randomizer.simulation.engine import Segment, allocated

from .test_coins import design
from .world import small

MEASURES = ("range", "variance", "standard_deviation")
WEIGHTS = [("1", "1", "1"), ("1/3", "0.1", "2"), ("1", "2", "3")]
LEVELS = ("LOW", "MIDDLE", "HIGH")


def three_levels(config: Configuration) -> Configuration:
    """The same with a third level of the first factor: factors differ in size."""
    first, *others = config.factors
    return config.model_copy(update={"factors": (Factor(id=first.id, levels=LEVELS), *others)})


def coins(ratio: tuple[int, ...]) -> list[Configuration]:
    """Every coin over three factors."""
    made = [design("complete", ratio, 3), *(design("stratified_big_stick", ratio, 3, mti=m) for m in (1, 2, 3))]
    for measure in MEASURES:
        for n, weights in enumerate(WEIGHTS):
            p = ("4/5", "0.7", "2/3")[n]
            given = {"measure": measure, "weights": weights, "probability": p}
            made.append(design("minimization", ratio, 3, **given))
            made.append(design("two_stage", ratio, 3, **given, mti=2 + n % 2))
    return [three_levels(config) for config in made]


RATIOS = [(1, 1), (2, 1), (1, 1, 1), (3, 2, 1)]
COINS = [config for ratio in RATIOS for config in coins(ratio)]


def key(config: Configuration, levels: Sequence[int]) -> str:
    """The stratum of these levels as the log has it."""
    return ",".join(f"{f.id}={f.levels[level]}" for f, level in zip(config.factors, levels, strict=True))


def some_state(config: Configuration, random: random.Random) -> dict[str, Tally]:
    """Counts that no trial need have led to: some strata untouched, small ones so that scores often tie."""
    most = random.choice((1, 2, 4, 30))
    every = [(a, b, c) for a in range(3) for b in range(2) for c in range(2)]
    return {
        key(config, levels): Tally(slots=tuple(random.randint(0, most) for _ in config.slots))
        for levels in random.sample(every, random.randint(0, 12))
    }


def seen(config: Configuration, state: dict[str, Tally], levels: Sequence[int]) -> tuple[list[int], list[list[int]]]:
    """Counts per slot of the own stratum, and per slot and factor of the own level: added up here, by hand."""
    slots = range(len(config.slots))
    own = state.get(key(config, levels), Tally(slots=(0,) * len(config.slots))).slots
    margins = [
        [
            sum(t.slots[slot] for s, t in state.items() if s.split(",")[f] == key(config, levels).split(",")[f])
            for f in range(3)
        ]
        for slot in slots
    ]
    return list(own), margins


@pytest.mark.parametrize("config", COINS, ids=lambda c: f"{c.strategy}-{c.measure}-{len(c.slots)}-{c.sha256[:4]}")
def test_in_every_state_the_chances_are_those_of_the_strategy_that_allocates(config):
    """Ticket for ticket, over 10,000 states in all; fractions would hide a common factor that the draws would see."""
    source = random.Random(config.sha256)
    bias = strategy(config)
    assert isinstance(bias, Coin)
    cases = []
    for _ in range(10_000 // len(COINS) + 1):
        state = some_state(config, source)
        levels = (source.randrange(3), source.randrange(2), source.randrange(2))
        cases.append((*seen(config, state, levels), bias.bias.chances(state, key(config, levels))))
    own = np.array([case[0] for case in cases]).T
    margins = np.array([case[1] for case in cases]).transpose(1, 2, 0)
    found = chances(design_of(config), own, margins)
    assert [tuple(column) for column in found.T.tolist()] == [case[2] for case in cases]


class Tickets:
    """The same tickets for both: trial by trial, one for each bound that needs one."""

    def __init__(self, seed: int, trials: int) -> None:
        self.random = random.Random(seed)
        self.drawn: list[list[tuple[int, int]]] = [[] for _ in range(trials)]

    def __call__(self, bounds):
        values = [self.random.randrange(bound) for bound in bounds.tolist()]
        for trial, (bound, value) in enumerate(zip(bounds.tolist(), values, strict=True)):
            if bound > 1:
                self.drawn[trial].append((bound, value))
        return np.array(values)


def replayed(configs: Sequence[tuple[Configuration, int]], strata: Sequence[str], drawn: list[tuple[int, int]]):
    """What the strategies themselves make of these tickets: arms and the probability that each had."""
    left = iter(drawn)

    def word(_: str, __: int) -> int:
        bound, value = next(left)
        return value << (WORD_BITS - (bound - 1).bit_length())

    before, state, made, subject = None, {}, [], 0
    for config, subjects in configs:
        state, before = carried(before, config, state), config
        chooser = strategy(config)
        for stratum in strata[subject : subject + subjects]:
            choice = chooser.next(state, stratum, word)
            state = chooser.after(state, stratum, choice.arm, choice.trace)
            made.append((choice.arm, choice.probability))
        subject += subjects
    assert next(left, None) is None, "a ticket was drawn that the strategy does not draw"
    return made


def simulated_beside(configs: Sequence[tuple[Configuration, int]], levels: np.ndarray, seed: int) -> None:
    """Both allocate the same subjects from the same tickets: the same arms with the same probabilities."""
    trials, subjects, _ = levels.shape
    tickets = Tickets(seed, trials)
    steps = list(allocated([Segment(design_of(c), n) for c, n in configs], levels, tickets))
    assert len(steps) == subjects == sum(n for _, n in configs)
    first = configs[0][0]
    for trial in range(trials):
        strata = [key(first, row) for row in levels[trial].tolist()]
        codes = [arm.code for arm in first.arms]
        mine = [
            (codes[step.arm[trial]], Fraction(int(step.favourable[step.arm[trial], trial]), int(step.possible[trial])))
            for step in steps
        ]
        assert mine == replayed(configs, strata, tickets.drawn[trial])


def arrivals(seed: int, trials: int, subjects: int, levels: Sequence[int] = (3, 2, 2)) -> np.ndarray:
    source = np.random.default_rng(seed)
    return np.stack([source.integers(0, n, (trials, subjects)) for n in levels], axis=2)


BLOCKS = [
    three_levels(small(ratio, sizes, 3))
    for ratio, sizes in [((1, 1), (4, 6)), ((1, 1), (2, 4)), ((2, 1), (3, 6)), ((1, 1, 1), (3,)), ((3, 2, 1), (6, 12))]
]


@pytest.mark.parametrize("config", [*BLOCKS, *COINS[::3]], ids=lambda c: f"{c.strategy}-{c.sha256[:4]}")
def test_the_same_tickets_give_the_same_arms(config):
    simulated_beside([(config, 60)], arrivals(7, 4, 60), seed=11)


@settings(max_examples=25, deadline=None)
@for_all(
    st.lists(st.tuples(st.sampled_from([*BLOCKS[:2], *coins((1, 1))]), st.integers(0, 25)), min_size=1, max_size=4)
)
def test_amended_versions_take_over_what_the_allocation_takes_over(versions):
    subjects = sum(n for _, n in versions)
    simulated_beside(versions, arrivals(5, 2, subjects), seed=3)


def test_blocks_that_ignore_the_factors_are_one_stratum():
    config = small((1, 1), (4, 6), factors=0)
    assert design_of(config).strata == 1
    steps = list(allocated([Segment(design_of(config), 12)], arrivals(2, 50, 12), Tickets(1, 50)))
    ahead = np.cumsum([np.where(step.arm == 0, 1, -1) for step in steps], axis=0)
    assert np.abs(ahead).max() <= 3


def test_sums_of_roots_that_a_float_cannot_tell_apart_are_told_apart():
    """Weights whose ratio is the root of 3 to 17 digits: scores differ, floats of them do not. Every small state."""
    a, b = 1, 0
    for _ in range(15):
        a, b = 2 * a + 3 * b, a + 2 * b  # a² - 3 b² = 1, and a / b goes to the root of 3
    config = design("minimization", (1, 1, 1), 2, measure="standard_deviation", weights=(str(a), str(b)))
    bias, stratum = strategy(config), "F1=LOW,F2=LOW"
    assert isinstance(bias, Coin)
    states = list(product(range(3), repeat=6))
    margins = np.array(states).reshape(-1, 3, 2).transpose(1, 2, 0)
    found = chances(design_of(config), margins[:, 0], margins)
    wrong = 0
    for state, tickets in zip(states, found.T.tolist(), strict=True):
        of = {"F1=LOW,F2=HIGH": Tally(slots=state[::2]), "F1=HIGH,F2=LOW": Tally(slots=state[1::2])}
        assert tuple(tickets) == bias.bias.chances(of, stratum)
        after = np.array(state).reshape(3, 1, 2) + np.eye(3, dtype=int)[:, :, None]  # slots, candidates, factors
        scores = np.sqrt(3 * (after**2).sum(axis=0) - after.sum(axis=0) ** 2) @ np.array([a, b], float)
        best = scores == scores.min()
        wrong += [int(ticket) for ticket in tickets] != [int(t) for t in np.where(best, max(tickets), min(tickets))]
    assert wrong, "floats would have done: the case shows nothing"


def test_a_list_has_nothing_to_simulate():
    config = Configuration(
        study="RELUTH", strategy="list_import", arms=small().arms, factors=small().factors, list_sha256="a" * 64
    )
    with pytest.raises(DesignNotSimulated, match="list"):
        design_of(config)


def test_scores_that_could_pass_64_bits_are_refused():
    huge = design("minimization", (1, 1), 1, weights=(str(2**55),))
    with pytest.raises(DesignNotSimulated, match="exact"):
        next(allocated([Segment(design_of(huge), 146)], arrivals(1, 1, 146, (2,)), Tickets(1, 1)))
    assert Weight(factor="F1", weight=str(2**55)).weight == 2**55
