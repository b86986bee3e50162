"""Strategies that toss a coin whose bias follows from the counts so far: complete, big stick, minimization, two-stage.

An arm with share r in the ratio has r slots, and the coin chooses a slot. Slots are treated alike, so every subject has
the ratio's chance of each arm (Kuznetsova and Tymofyeyev 2012); with 1:1 a slot is an arm.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import gcd, lcm
from typing import Protocol

from services.randomizer.domain.configuration import Configuration, Measure
from services.randomizer.domain.draws import Words, below
from services.randomizer.domain.facts import CoinTrace, Trace
from services.randomizer.domain.rational import Surd, added, compared, root
from services.randomizer.domain.strategy import UNTOUCHED, Choice, Tallies, Tally

Chances = tuple[int, ...]
"""One whole number for each slot: its share of the tickets. Some are greater than 0."""


class Bias(Protocol):
    """How the coin is biased."""

    def chances(self, state: Tallies, stratum: str) -> Chances:
        """The chances of the slots for the next subject of this stratum."""
        ...


@dataclass(frozen=True, slots=True)
class Coin:
    """Tosses the coin, and counts."""

    configuration: Configuration
    bias: Bias

    def next(self, state: Tallies, stratum: str, draw: Words) -> Choice:
        """Draw one of the tickets; slots hold them in the order of the arms."""
        slots, chances = self.configuration.slots, self.bias.chances(state, stratum)
        first, tickets = state.get(stratum, UNTOUCHED).counter, sum(chances)
        ticket, counter = below(draw, stratum, first, tickets)
        slot = next(n for n in range(len(slots)) if ticket < sum(chances[: n + 1]))
        arm = slots[slot]
        favourable = sum(chance for chance, of in zip(chances, slots, strict=True) if of == arm)
        trace = CoinTrace(slot=slot + 1, chances=chances, first_counter=first, next_counter=counter)
        return Choice(arm, Fraction(favourable, tickets), trace)

    def after(self, state: Tallies, stratum: str, arm: str, trace: Trace) -> Tallies:
        """One more in the slot, the counters are used up."""
        if not isinstance(trace, CoinTrace) or self.configuration.slots[trace.slot - 1] != arm:
            raise TypeError("the draw was not a coin's, or of another arm")
        tally = state.get(stratum, UNTOUCHED)
        counts = list(_counts(self.configuration, state, stratum))
        counts[trace.slot - 1] += 1
        return {
            **state,
            stratum: Tally(allocated=tally.plus(arm), counter=trace.next_counter, slots=tuple(counts)),
        }


@dataclass(frozen=True, slots=True)
class Complete:
    """Every slot alike, whatever came before."""

    configuration: Configuration

    def chances(self, state: Tallies, stratum: str) -> Chances:
        """The same for all."""
        return (1,) * len(self.configuration.slots)


@dataclass(frozen=True, slots=True)
class BigStick:
    """Every slot alike until one is ahead of the last by the maximum tolerated imbalance; then not that one.

    Soares and Wu 1983, within each stratum.
    """

    configuration: Configuration

    def chances(self, state: Tallies, stratum: str) -> Chances:
        """1 for the slots that may still take one, 0 for those that may not."""
        counts = _counts(self.configuration, state, stratum)
        return tuple(int(count - min(counts) < self.configuration.tolerance) for count in counts)


@dataclass(frozen=True, slots=True)
class Minimization:
    """The slots that would leave the smallest weighted imbalance over the margins share the probability p.

    Pocock and Simon 1975. Slots that are equally good share alike, the first one like the last: no arm wins ties.
    """

    configuration: Configuration

    def chances(self, state: Tallies, stratum: str) -> Chances:
        """p over the best, 1 - p over the others, in whole numbers; alike if all are as good."""
        slots = len(self.configuration.slots)
        best = _best([self._imbalance(state, stratum, slot) for slot in range(slots)])
        others = slots - len(best)
        if not others:
            return (1,) * slots
        p = self.configuration.preference
        high, low = p.numerator * others, (p.denominator - p.numerator) * len(best)
        shared = gcd(high, low)
        return tuple((high if slot in best else low) // shared for slot in range(slots))

    def _imbalance(self, state: Tallies, stratum: str, slot: int) -> Surd:
        """The imbalance if the subject came into this slot: over its own levels, weighted, without a fraction."""
        weights = self.configuration.factor_weights
        whole = lcm(*(weight.denominator for weight in weights))
        parts = []
        for place, weight in enumerate(weights):
            counts = _margin(self.configuration, state, stratum, place)
            counts[slot] += 1
            parts.append(_MEASURES[self.configuration.imbalance](counts, int(weight * whole)))
        return added(parts)


@dataclass(frozen=True, slots=True)
class TwoStage:
    """Minimization over the margins, as long as the stratum's own imbalance is tolerated (Zhao 2014)."""

    configuration: Configuration

    def chances(self, state: Tallies, stratum: str) -> Chances:
        """Those of minimization for the slots that the big stick lets pass."""
        passes = BigStick(self.configuration).chances(state, stratum)
        wanted = Minimization(self.configuration).chances(state, stratum)
        return tuple(chance if may else 0 for chance, may in zip(wanted, passes, strict=True))


def _counts(configuration: Configuration, state: Tallies, stratum: str) -> tuple[int, ...]:
    return state.get(stratum, UNTOUCHED).slots or (0,) * len(configuration.slots)


def _margin(configuration: Configuration, state: Tallies, stratum: str, place: int) -> list[int]:
    """The slots' counts over all strata that share the level of the factor at this place."""
    level = stratum.split(",")[place]
    totals = [0] * len(configuration.slots)
    for other in state:
        if other.split(",")[place] == level:
            for slot, count in enumerate(_counts(configuration, state, other)):
                totals[slot] += count
    return totals


def _spread(counts: Sequence[int]) -> int:
    """The variance of the counts, times the square of their number: a whole number, in the same order."""
    return len(counts) * sum(count * count for count in counts) - sum(counts) ** 2


_MEASURES: dict[Measure, Callable[[Sequence[int], int], Surd]] = {
    "range": lambda counts, weight: root(1, weight * (max(counts) - min(counts))),
    "variance": lambda counts, weight: root(1, weight * _spread(counts)),
    "standard_deviation": lambda counts, weight: root(_spread(counts), weight),
}


def _best(scores: Sequence[Surd]) -> frozenset[int]:
    """The places of the smallest, all of them."""
    smallest = scores[0]
    for score in scores[1:]:
        if compared(score, smallest) < 0:
            smallest = score
    return frozenset(n for n, score in enumerate(scores) if compared(score, smallest) == 0)
