"""A design as the simulation needs it: whole numbers, taken from a configuration."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import gcd, lcm, prod
from typing import Final

from services.randomizer.domain.configuration import Configuration, Measure, Method
from services.randomizer.domain.strategies import strategy
from services.randomizer.domain.strategies.coins import Coin

LARGEST: Final = 2**62
"""Scores are 64-bit whole numbers: what could pass this is refused, never wrapped around."""


class DesignNotSimulated(Exception):
    """This design cannot be simulated. The text says why."""


@dataclass(frozen=True, slots=True)
class Design:
    """How the next arm is chosen, in whole numbers. An arm has as many slots as its share in the ratio.

    `columns` says which column of a population each factor is, `levels` how many levels it has. `high` and `low` are
    minimization's tickets of the best and of the other slots: item b - 1 of each where b slots are the best.
    """

    method: Method
    ratio: tuple[int, ...]
    columns: tuple[int, ...]
    levels: tuple[int, ...]
    sizes: tuple[int, ...] = ()
    tolerance: int = 0
    measure: Measure = "range"
    weights: tuple[int, ...] = ()
    high: tuple[int, ...] = ()
    low: tuple[int, ...] = ()

    @property
    def slots(self) -> tuple[int, ...]:
        """The arm of each slot, as its place among the arms."""
        return tuple(arm for arm, share in enumerate(self.ratio) for _ in range(share))

    @property
    def strata(self) -> int:
        """How many there are."""
        return prod(self.levels)

    @property
    def radix(self) -> tuple[int, ...]:
        """What each factor's level is multiplied with to number the strata."""
        return tuple(prod(self.levels[n + 1 :]) for n in range(len(self.levels)))

    @property
    def tosses(self) -> bool:
        """Whether it is a coin over slots, whose counts an amendment may take over."""
        return self.method not in ("stratified_permuted_blocks", "list_import")

    def counts_like(self, other: "Design") -> bool:
        """Whether two coins count the same slots over the same factors: then an amendment takes the counts over."""
        return (self.ratio, self.columns, self.levels) == (other.ratio, other.columns, other.levels)

    def require_room(self, subjects: int) -> None:
        """Raise `DesignNotSimulated` where a score of this many subjects might not be exact in 64 bits."""
        squares = 1 if self.measure == "range" else subjects * len(self.slots) ** 2
        if (subjects + 1) * squares * max(1, sum(self.weights)) >= LARGEST:
            raise DesignNotSimulated(f"weights times {subjects} subjects pass 2**62: scores were not exact")


def tickets(slots: int, numerator: int, denominator: int) -> tuple[tuple[int, ...], tuple[int, ...]]:
    """Minimization's tickets for 1, 2, ... best slots: the preference shared by those, the rest by the others."""
    pairs = []
    for best in range(1, slots):
        high, low = numerator * (slots - best), (denominator - numerator) * best
        pairs.append((high // gcd(high, low), low // gcd(high, low)))
    high_, low_ = zip(*[*pairs, (1, 1)], strict=True)  # all of them the best: alike
    return tuple(high_), tuple(low_)


def design_of(configuration: Configuration, columns: Sequence[int] | None = None) -> Design:
    """The design of a configuration whose factors are these columns of a population; by default the first ones.

    Raises `DesignNotSimulated` for an imported list: how its rows were made stands nowhere.
    """
    if configuration.strategy == "list_import":
        raise DesignNotSimulated("an imported list has nothing to simulate: nobody told how its rows were made")
    high: tuple[int, ...] = ()
    low: tuple[int, ...] = ()
    weights: tuple[int, ...] = ()
    if configuration.weights is not None:
        p = configuration.preference
        high, low = tickets(configuration.ratio_sum, p.numerator, p.denominator)
        whole = lcm(*(weight.denominator for weight in configuration.factor_weights))
        weights = tuple(int(weight * whole) for weight in configuration.factor_weights)
    made = Design(
        method=configuration.strategy,
        ratio=tuple(arm.ratio for arm in configuration.arms),
        columns=tuple(columns if columns is not None else range(len(configuration.factors))),
        levels=tuple(len(factor.levels) for factor in configuration.factors),
        sizes=configuration.block_sizes or (),
        tolerance=configuration.mti or 0,
        measure=configuration.measure or "range",
        weights=weights,
        high=high,
        low=low,
    )
    if made.tosses != isinstance(strategy(configuration), Coin):
        raise DesignNotSimulated(f"{configuration.strategy} is new to the simulation")
    return made
