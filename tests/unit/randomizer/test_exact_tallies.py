"""What a draw asks for, what is counted after a choice, and that no strategy takes another's trace for its own."""

from collections import Counter
from fractions import Fraction
from random import Random

import pytest

from services.randomizer.domain.configuration import Configuration
from services.randomizer.domain.draws import WORD_BITS, Seed, below
from services.randomizer.domain.facts import BlockTrace, CoinTrace, ListTrace
from services.randomizer.domain.strategies import carried, strategy
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


def test_a_draw_asks_for_words_of_its_own_stratum_from_its_own_counter_on():
    """Three words that are too large are thrown away, each is asked for once."""
    asked = []

    def word(stratum: str, counter: int) -> int:
        asked.append((stratum, counter))
        return (5 if len(asked) < 4 else 4) << (WORD_BITS - 3)

    assert below(word, "F1=L2", 7, 5) == (4, 11)
    assert asked == [("F1=L2", counter) for counter in (7, 8, 9, 10)]


@pytest.mark.parametrize(("bound", "number"), [(1, 0), (2, 1), (1 << WORD_BITS, (1 << WORD_BITS) - 1)])
def test_a_draw_is_below_any_bound_that_a_word_can_hold(bound, number):
    assert below(lambda *_: (1 << WORD_BITS) - 1, "s", 0, bound) == (number, int(bound > 1))


@pytest.mark.parametrize("bound", [0, -1, (1 << WORD_BITS) + 1])
def test_there_is_no_draw_below_less_than_one_or_more_than_a_word_can_hold(bound):
    with pytest.raises(ValueError, match="no whole number lies below"):
        below(lambda *_: 0, "s", 0, bound)


@pytest.mark.parametrize(("secret", "nonce"), [(31, 32), (32, 31), (33, 32), (32, 33)])
def test_a_seed_and_its_nonce_have_32_bytes_each(secret, nonce):
    with pytest.raises(ValueError, match="32 bytes each"):
        Seed(bytes(secret), bytes(nonce))


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


# --- what an amendment takes over

BEFORE = {"F1=L1,F2=L1": Tally(allocated={"A": 2, "B": 1}, counter=7, slots=(1, 1, 1)), "F1=L2,F2=L1": Tally()}


@pytest.mark.parametrize("before", COINS)
@pytest.mark.parametrize("after", COINS)
def test_a_coin_goes_on_from_the_counts_of_another_with_draws_of_its_own(before, after):
    """Counters begin at 0: the draws are those of another configuration, which nobody has seen."""
    taken = carried(of(before), of(after), BEFORE)
    assert taken == {
        "F1=L1,F2=L1": Tally(allocated={"A": 2, "B": 1}, counter=0, slots=(1, 1, 1)),
        "F1=L2,F2=L1": Tally(),
    }


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (None, "minimization"),
        (None, "stratified_permuted_blocks"),
        ("minimization", "stratified_permuted_blocks"),
        ("minimization", "list_import"),
        ("stratified_permuted_blocks", "minimization"),
        ("stratified_permuted_blocks", "stratified_permuted_blocks"),
        ("list_import", "complete"),
        ("list_import", "list_import"),
    ],
)
def test_blocks_and_lists_begin_anew(before, after):
    assert carried(None if before is None else of(before), of(after), BEFORE) == {}


def test_nothing_is_taken_over_to_other_slots_or_factors():
    """Counts of slots that are not the same ones would be counts of nothing."""
    coin = of("complete")
    for other in (
        design("complete", (1, 1), (2, 2)),
        design("complete", (1, 2), (2, 2)),
        design("complete", (2, 1), (2,)),
    ):
        assert carried(coin, other, BEFORE) == {}
        assert carried(other, coin, BEFORE) == {}
