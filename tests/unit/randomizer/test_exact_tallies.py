"""What is counted after a choice, what its trace tells, and that no strategy takes another's trace for its own."""

from collections import Counter
from fractions import Fraction
from random import Random

import pytest

from services.randomizer.domain.configuration import Configuration
from services.randomizer.domain.draws import Seed
from services.randomizer.domain.facts import BlockTrace, CoinTrace, ListTrace
from services.randomizer.domain.strategies import strategy
from services.randomizer.domain.strategy import Strategy, Tallies, Tally

from .exact import COINS, design, keys
from .world import STUDY

METHODS = ("stratified_permuted_blocks", *COINS, "list_import")
BLOCK = BlockTrace(block=1, size=4, place=1, first_counter=0, next_counter=2)
COIN = CoinTrace(slot=1, chances=(1, 1), first_counter=0, next_counter=1)
ROW = ListTrace(row=1, first_counter=0, next_counter=1)


def of(method: str) -> Configuration:
    if method != "list_import":
        return design(method, (2, 1), (2, 2), sizes=(3, 6))
    plain = design("complete", (2, 1), (2, 2))
    return Configuration(study=STUDY, strategy=method, arms=plain.arms, factors=plain.factors, list_sha256="5" * 64)


def words(config: Configuration, n: int = 0):
    """Draws of a seed; for a list, rows: the first arm and the second in turn, from another start in each stratum."""
    if config.strategy == "list_import":
        return lambda stratum, row: (row + len(stratum) + stratum.count("1")) % 2
    return Seed(bytes(range(n, n + 32)), bytes(32)).words(config.study, config.sha256)


@pytest.mark.parametrize("method", METHODS)
def test_a_tally_holds_what_happened_in_its_stratum_and_nowhere_else(method):
    config, dice = of(method), Random(3)
    chooser, state, happened = strategy(config), {}, {}
    for _ in range(60):
        stratum = dice.choice(keys(config))
        before = dict(state)
        choice = chooser.next(state, stratum, words(config))
        assert state == before
        state = chooser.after(state, stratum, choice.arm, choice.trace)
        happened.setdefault(stratum, []).append(choice)
        assert {key: tally for key, tally in state.items() if key != stratum} == {
            key: tally for key, tally in before.items() if key != stratum
        }
        tally, mine = state[stratum], happened[stratum]
        assert tally.allocated == Counter(one.arm for one in mine)
        assert tally.counter == choice.trace.next_counter
        assert choice.trace.first_counter == before.get(stratum, Tally()).counter
        if isinstance(choice.trace, CoinTrace):
            assert tally.slots == tuple(sum(one.trace.slot == n for one in mine) for n in (1, 2, 3))
        if isinstance(choice.trace, BlockTrace):
            block = [one for one in mine if one.trace.block == choice.trace.block]
            assert (tally.block, tally.size, len(block)) == (choice.trace.block, choice.trace.size, choice.trace.place)
            left = config.block(choice.trace.size)
            assert tally.left == {arm: n - sum(one.arm == arm for one in block) for arm, n in left.items()}
        if isinstance(choice.trace, ListTrace):
            assert (choice.trace.row, choice.trace.next_counter, choice.probability) == (len(mine), len(mine), 1)
    assert set(state) == set(keys(config))


def test_what_was_not_chosen_yet_is_untouched():
    assert Tally().plus("A") == {"A": 1}
    assert Tally(allocated={"A": 1, "B": 2}).plus("B") == {"A": 1, "B": 3}


@pytest.mark.parametrize(
    ("method", "trace"),
    [
        ("stratified_permuted_blocks", COIN),
        ("stratified_permuted_blocks", ROW),
        ("complete", BLOCK),
        ("complete", ROW),
        ("minimization", BLOCK),
        ("list_import", BLOCK),
        ("list_import", COIN),
    ],
)
def test_the_trace_of_another_strategy_is_not_counted(method, trace):
    with pytest.raises(TypeError, match="the draw was not"):
        strategy(of(method)).after({}, "F1=L1,F2=L1", "A", trace)


@pytest.mark.parametrize(
    ("slot", "arm", "fits"), [(1, "A", True), (2, "A", True), (3, "B", True), (3, "A", False), (1, "B", False)]
)
def test_a_slot_of_another_arm_is_not_counted(slot, arm, fits):
    coin: Strategy = strategy(of("complete"))
    trace = CoinTrace(slot=slot, chances=(1, 1, 1), first_counter=0, next_counter=1)
    if not fits:
        with pytest.raises(TypeError, match="of another arm"):
            coin.after({}, "F1=L1,F2=L1", arm, trace)
        return
    after: Tallies = coin.after({}, "F1=L1,F2=L1", arm, trace)
    assert after["F1=L1,F2=L1"].slots == tuple(int(n == slot) for n in (1, 2, 3))


def test_the_probability_of_a_row_is_that_of_a_list_already_made():
    config = of("list_import")
    choice = strategy(config).next({}, "F1=L1,F2=L1", lambda stratum, row: 1)
    assert choice == ("B", Fraction(1), ListTrace(row=1, first_counter=0, next_counter=1))
