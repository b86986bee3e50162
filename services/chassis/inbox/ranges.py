"""Sets of positions as ranges: what is held, what is missing, how far it is without a hole. Pure."""

from collections.abc import Iterable, Sequence

Range = tuple[int, int]
"""First and last position, both inclusive."""

Ranges = tuple[Range, ...]
"""Ascending, disjoint, never touching: {1..5, 8..9}."""


def add(ranges: Ranges, positions: Iterable[int]) -> Ranges:
    """The ranges with these positions too. Positions that are there already change nothing."""
    merged: list[Range] = []
    for first, last in sorted([*ranges, *((position, position) for position in positions)]):
        if merged and first <= merged[-1][1] + 1:
            merged[-1] = (merged[-1][0], max(merged[-1][1], last))
        else:
            merged.append((first, last))
    return tuple(merged)


def count(ranges: Ranges) -> int:
    """How many positions."""
    return sum(last - first + 1 for first, last in ranges)


def highest(ranges: Ranges) -> int:
    """The last position, 0 if there is none."""
    return ranges[-1][1] if ranges else 0


def contiguous(ranges: Ranges) -> int:
    """The largest n such that 1..n are all there."""
    return ranges[0][1] if ranges and ranges[0][0] == 1 else 0


def missing(ranges: Ranges, until: int = 0) -> Ranges:
    """What lies below the highest position, or up to `until` if that is further, and is not there."""
    holes: list[Range] = []
    expected = 1
    for first, last in (*ranges, (until + 1, until + 1)) if until > highest(ranges) else ranges:
        if first > expected:
            holes.append((expected, first - 1))
        expected = last + 1
    return tuple(holes)


def describe(holes: Ranges, limit: int = 10) -> str:
    """Readable aloud: "4, 7 to 9 and 2 more ranges"."""
    shown = [str(first) if first == last else f"{first} to {last}" for first, last in holes[:limit]]
    rest = f" and {len(holes) - limit} more ranges" if len(holes) > limit else ""
    return ", ".join(shown) + rest


def flat(ranges: Ranges) -> list[int]:
    """First, last, first, last ..., as the database keeps it."""
    return [bound for pair in ranges for bound in pair]


def unflat(bounds: Sequence[int]) -> Ranges:
    """The inverse of `flat`."""
    return tuple(zip(bounds[::2], bounds[1::2], strict=True))
