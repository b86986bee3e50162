"""The chances of every slot in many trials at once, equal to `domain.strategies.coins` ticket for ticket.

Arrays are slots x trials, margins slots x factors x trials: reductions run over the first, short axis. All decisions
are made on whole numbers; no float decides a tie.
"""

from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from services.randomizer.domain.rational import Surd, added, compared, root
from services.randomizer.simulation.design import Design

Ints = NDArray[np.int64]
Mask = NDArray[np.bool_]

DOUBT = 1e-9
"""Relative distance of two sums of square roots below which a float is not believed. Rounding is below 1e-14."""


def chances(design: Design, own: Ints, margins: Ints) -> Ints:
    """Tickets, slots x trials. `own` counts the slots in the subject's stratum, `margins` over each of its levels."""
    match design.method:
        case "complete":
            return np.ones_like(own)
        case "stratified_big_stick":
            return _passes(design, own).astype(np.int64)
        case "minimization":
            return _preferred(design, margins)
        case "two_stage":
            both: Ints = np.where(_passes(design, own), _preferred(design, margins), 0)
            return both
        case _:
            raise ValueError(f"{design.method} tosses no coin")


def _passes(design: Design, own: Ints) -> Mask:
    passes: Mask = own - own.min(axis=0) < design.tolerance
    return passes


def _preferred(design: Design, margins: Ints) -> Ints:
    best = _best(design, margins)
    place = best.sum(axis=0) - 1
    shares: Ints = np.where(best, np.array(design.high)[place], np.array(design.low)[place])
    return shares


def _best(design: Design, margins: Ints) -> Mask:
    """The slots that would leave the smallest weighted imbalance, all of them."""
    if design.measure == "standard_deviation" and len(margins) > 2:
        return _best_of_roots(design, margins)
    scores = np.stack([_imbalance(design, margins, slot) for slot in range(len(margins))])
    best: Mask = scores == scores.min(axis=0)
    return best


def _imbalance(design: Design, margins: Ints, slot: int) -> Ints:
    """The score if the subject came into this slot, a whole number. With two slots the deviation is the range."""
    counts = _with_one_in(margins, slot)
    parts = _spread(counts) if design.measure == "variance" else counts.max(axis=0) - counts.min(axis=0)
    score: Ints = np.array(design.weights) @ parts
    return score


def _with_one_in(margins: Ints, slot: int) -> Ints:
    counts = margins.copy()
    counts[slot] += 1
    return counts


def _spread(counts: Ints) -> Ints:
    """The variance over the slots times the square of their number."""
    spread: Ints = len(counts) * (counts * counts).sum(axis=0) - counts.sum(axis=0) ** 2
    return spread


def _best_of_roots(design: Design, margins: Ints) -> Mask:
    """Scores are sums of square roots: a float tells those apart that lie far apart, exact arithmetic the others."""
    spreads = np.stack([_spread(_with_one_in(margins, slot)) for slot in range(len(margins))])  # slots, factors, trials
    scores = np.einsum("f,sft->st", np.array(design.weights, dtype=float), np.sqrt(spreads))
    best: Mask = scores <= scores.min(axis=0) * (1 + DOUBT)
    doubtful = np.flatnonzero(best.sum(axis=0) > 1)
    if len(doubtful):
        cases, which = np.unique(spreads[:, :, doubtful].reshape(-1, len(doubtful)), axis=1, return_inverse=True)
        shape = spreads.shape[:2]
        exact = np.array([_exactly(design.weights, tuple(map(tuple, c.reshape(shape).tolist()))) for c in cases.T])
        best[:, doubtful] = exact[which.reshape(-1)].T
    return best


@lru_cache(maxsize=100_000)
def _exactly(weights: tuple[int, ...], spreads: tuple[tuple[int, ...], ...]) -> tuple[bool, ...]:
    """Which slots have the smallest sum of weighted roots. Few cases come again and again."""
    sums: list[Surd] = [
        added(root(spread, weight) for spread, weight in zip(slot, weights, strict=True)) for slot in spreads
    ]
    least = sums[0]
    for one in sums[1:]:
        if compared(one, least) < 0:
            least = one
    return tuple(compared(one, least) == 0 for one in sums)
