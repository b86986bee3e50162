"""Ranges of positions against the plain set that they stand for."""

from hypothesis import given
from hypothesis import strategies as st

from services.chassis.inbox import ranges
from services.chassis.inbox.ranges import Ranges

POSITIONS = st.sets(st.integers(1, 40))


def of(positions: set[int]) -> Ranges:
    return ranges.add((), positions)


@given(st.lists(POSITIONS))
def test_ranges_are_the_set(batches: list[set[int]]) -> None:
    held: Ranges = ()
    for batch in batches:
        held = ranges.add(held, batch)
    everything = set().union(*batches)
    assert {p for first, last in held for p in range(first, last + 1)} == everything
    assert held == of(everything)
    assert ranges.count(held) == len(everything)
    assert ranges.highest(held) == max(everything, default=0)
    assert ranges.unflat(ranges.flat(held)) == held


@given(POSITIONS)
def test_contiguous_and_missing(positions: set[int]) -> None:
    held = of(positions)
    n = ranges.contiguous(held)
    assert set(range(1, n + 1)) <= positions
    assert n + 1 not in positions
    absent = {p for first, last in ranges.missing(held) for p in range(first, last + 1)}
    assert absent == set(range(1, max(positions, default=0) + 1)) - positions


def test_holes_are_readable() -> None:
    assert ranges.describe(((4, 4), (7, 9))) == "4, 7 to 9"
    assert ranges.describe(tuple((n, n) for n in range(2, 30, 2)), limit=2) == "2, 4 and 12 more ranges"
