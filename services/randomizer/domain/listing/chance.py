"""Whether the arms of a list stand in an order that chance could have made."""

from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import pairwise

from services.randomizer.domain.configuration import Arm
from services.randomizer.domain.listing.blocks import Block, Row
from services.randomizer.domain.listing.defects import Defect
from services.randomizer.domain.listing.order import IMPLAUSIBLE, looks_repeated, looks_sorted, permutations, runs


def defects(rows: Sequence[Row], blocks: Sequence[Block], arms: Sequence[Arm]) -> Iterator[Defect]:
    """Sorted by arm, in whole or within a stratum; one order in block after block; one stratum a copy of another."""
    codes = [arm.code for arm in arms]
    yield from _sorted("the list", rows, codes)
    strata: dict[str, list[Block]] = {}
    for block in blocks:
        strata.setdefault(block.stratum, []).append(block)
    if len(strata) > 1:
        for stratum, told in strata.items():
            yield from _sorted(stratum, [row for block in told for row in block.rows], codes)
    yield from _repeated(blocks)
    yield from _copied(strata)


def _sorted(where: str, rows: Sequence[Row], codes: Sequence[str]) -> Iterator[Defect]:
    """By arm against all others; with two arms the second says what the first does."""
    for code in codes[: len(codes) if len(codes) > 2 else 1]:
        marks = [row.arm == code for row in rows]
        if looks_sorted(marks):
            lines = tuple(row.at for row in rows)
            detail = f"{where} is sorted by arm: {runs(marks)} runs, less than once in a million by chance"
            yield Defect("sorted", detail, lines, "arm")
            return


def _repeated(blocks: Sequence[Block]) -> Iterator[Defect]:
    """Sorted within blocks, or one block used again and again: its order would be known after the first."""
    by_size: dict[int, list[Block]] = {}
    for block in blocks:
        by_size.setdefault(len(block.rows), []).append(block)
    for size, alike in by_size.items():
        order, seen = Counter(block.arms for block in alike).most_common(1)[0]
        if looks_repeated(seen, len(alike), permutations(list(Counter(order).values()))):
            lines = tuple(row.at for block in alike if block.arms == order for row in block.rows)
            detail = f"{seen} of {len(alike)} blocks of {size} have one order: less than once in a million by chance"
            yield Defect("block-repeated", detail, lines, "arm")


def _copied(strata: dict[str, list[Block]]) -> Iterator[Defect]:
    """Two strata made from one seed. Side by side when sorted, since what begins alike is sorted together."""
    told = sorted((tuple(block.arms for block in blocks), stratum) for stratum, blocks in strata.items())
    pairs = len(told) * (len(told) - 1) // 2
    for (one, first), (other, second) in pairwise(told):
        shared = min(len(one), len(other))
        if one[:shared] != other[:shared]:
            continue
        orders = 1
        for block in one[:shared]:
            orders *= permutations(list(Counter(block).values()))
        if pairs < IMPLAUSIBLE * orders:
            lines = tuple(row.at for stratum in (first, second) for block in strata[stratum] for row in block.rows)
            yield Defect("copied", f"the arms of {first} and of {second} are the same ones, row by row", lines, "arm")
