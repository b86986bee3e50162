"""Permuted blocks: every permutation equally likely, by counting all of them; balance at every prefix."""

from collections import Counter
from fractions import Fraction
from itertools import product
from math import factorial, prod

import pytest
from hypothesis import given as for_all
from hypothesis import settings
from hypothesis import strategies as st

from services.randomizer.domain.configuration import Configuration, stratum_key
from services.randomizer.domain.draws import Seed
from services.randomizer.domain.strategies.blocks import PermutedBlocks
from services.randomizer.domain.strategy import Choice

from .world import counts, scripted, small, strata_of, trial

ORDERS = st.lists(st.integers(0, 3), min_size=1, max_size=40)
SEEDS = st.binary(min_size=32, max_size=32).map(lambda secret: Seed(secret, bytes(32)))


def one_block(config: Configuration, size: int, tickets: tuple[int, ...]) -> list[Choice]:
    """The choices of one block of a single size, for these tickets."""
    state, choices = {}, []
    words = scripted(range(size, 1, -1), tickets)
    blocks = PermutedBlocks(config)
    for _ in range(size):
        choice = blocks.next(state, "s", words)
        state = blocks.after(state, "s", choice.arm, choice.trace)
        choices.append(choice)
    return choices


def every_block(config: Configuration, size: int) -> list[list[Choice]]:
    """One block for each equally likely run of draws: `size` factorial of them."""
    return [one_block(config, size, tickets) for tickets in product(*(range(n) for n in range(size, 1, -1)))]


@pytest.mark.parametrize(
    ("ratio", "size"), [((1, 1), 2), ((1, 1), 4), ((1, 1), 6), ((2, 1), 6), ((1, 1, 1), 6), ((3, 2, 1), 6)]
)
def test_every_permutation_of_a_block_is_equally_likely(ratio, size):
    config = small(ratio, (size,))
    seen = Counter("".join(choice.arm for choice in block) for block in every_block(config, size))
    copies = [n * size // sum(ratio) for n in ratio]
    ways = prod(factorial(n) for n in copies)
    assert len(seen) == factorial(size) // ways
    assert set(seen.values()) == {ways}


@pytest.mark.parametrize("sizes", [(4, 6), (2, 4, 6), (6, 4), (2, 4, 6, 8, 10)])
def test_every_block_size_is_equally_likely(sizes):
    config = small(sizes=sizes)
    drawn = []
    for value in range(len(sizes)):
        words = scripted([len(sizes), 16], [value, 0])
        drawn.append(PermutedBlocks(config).next({}, "s", words).trace.size)
    assert drawn == list(sizes)


def test_the_probability_told_is_the_share_of_draws_that_give_the_arm():
    blocks = every_block(small((2, 1), (6,)), 6)
    for place in range(6):
        after: dict[str, list[Choice]] = {}
        for block in blocks:
            after.setdefault("".join(choice.arm for choice in block[:place]), []).append(block[place])
        for choices in after.values():
            for choice in choices:
                assert choice.probability == Fraction(sum(c.arm == choice.arm for c in choices), len(choices))


@pytest.mark.parametrize("size", [4, 6])
def test_swapping_the_names_of_the_arms_swaps_the_allocations(size):
    """Not 'the first arm wins': the same draws with A and B exchanged give the exchanged block."""
    config = small(sizes=(size,))
    swapped = config.model_copy(update={"arms": config.arms[::-1]})
    exchange = str.maketrans("AB", "BA")
    for tickets in product(*(range(n) for n in range(size, 1, -1))):
        arms = "".join(choice.arm for choice in one_block(config, size, tickets))
        assert "".join(choice.arm for choice in one_block(swapped, size, tickets)) == arms.translate(exchange)


@settings(deadline=None)
@for_all(
    st.sampled_from([((1, 1), (4, 6)), ((1, 1), (2,)), ((2, 1), (3, 6)), ((1, 1, 1), (3, 9)), ((3, 2, 1), (6, 12))]),
    ORDERS,
    SEEDS,
)
def test_a_stratum_is_within_half_its_largest_block_at_every_prefix(design, order, seed):
    """1:1: |nA - nB| <= B/2. In general |R*n_a - r_a*n| <= B*r_a*(R - r_a)/R, which for R = 2 is the same."""
    ratio, sizes = design
    config = small(ratio, sizes, factors=2)
    strata = strata_of(config)
    story = trial(config, [strata[n] for n in order], seed.words(config.study, config.sha256))
    total, largest = config.ratio_sum, max(sizes)
    for upto in range(1, len(order) + 1):
        for cell in counts(story, upto).values():
            n = sum(cell.values())
            for arm in config.arms:
                off = abs(total * cell.get(arm.code, 0) - arm.ratio * n)
                assert off * total <= largest * arm.ratio * (total - arm.ratio)
            if ratio == (1, 1):
                assert abs(cell.get("A", 0) - cell.get("B", 0)) * 2 <= largest


@settings(deadline=None)
@for_all(ORDERS, SEEDS)
def test_blocks_are_filled_one_after_the_other_and_no_draw_is_used_twice(order, seed):
    config = small(factors=2)
    strata = strata_of(config)
    words = seed.words(config.study, config.sha256)
    state, blocks = {}, PermutedBlocks(config)
    before: dict[str, tuple[int, int, int, int]] = {}
    for n in order:
        key = stratum_key(strata[n])
        trace = blocks.next(state, key, words).trace
        block, size, place, counter = before.get(key, (0, 0, 0, 0))
        expected = (block + 1, 1) if place == size else (block, place + 1)
        assert (trace.block, trace.place) == expected
        assert trace.place == 1 or trace.size == size
        assert trace.first_counter == counter <= trace.next_counter
        state = blocks.after(state, key, blocks.next(state, key, words).arm, trace)
        before[key] = (trace.block, trace.size, trace.place, trace.next_counter)


@settings(deadline=None)
@for_all(ORDERS, SEEDS)
def test_a_stratum_does_not_know_of_the_others(order, seed):
    """The arms of a stratum are the same whatever happened elsewhere: nobody can steer it from another stratum."""
    config = small(factors=2)
    strata = strata_of(config)
    words = seed.words(config.study, config.sha256)
    together = trial(config, [strata[n] for n in order], words).state
    for n in set(order):
        alone = trial(config, [strata[m] for m in order if m == n], words).state
        arms = [one.arm for one in together.randomized.values() if one.stratum == strata[n]]
        assert [one.arm for one in alone.randomized.values()] == arms


def test_a_block_size_that_cannot_hold_the_ratio_is_refused():
    with pytest.raises(ValueError, match="multiple of 3"):
        small((2, 1), (6, 4))


@pytest.mark.parametrize("sizes", [(4, 4), ()])
def test_block_sizes_are_given_once_each(sizes):
    with pytest.raises(ValueError, match=r"appears twice|at least 1"):
        small(sizes=sizes)
