"""How the next arm is chosen. One pure interface, `next(state, stratum, draw) -> (arm, probability, trace)`."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Final, NamedTuple, Protocol

from services.randomizer.domain.draws import Words
from services.randomizer.domain.facts import Trace


@dataclass(frozen=True, slots=True, repr=False)
class Tally:
    """What one stratum has behind it.

    `allocated` is per arm, `slots` per slot: an arm has as many slots as its share in the ratio. `counter` is the next
    draw that nobody has seen. Of permuted blocks: `block` counts those opened, `size` and `left` (places per arm) are
    of the open one.
    """

    allocated: Mapping[str, int] = field(default_factory=dict)
    counter: int = 0
    slots: tuple[int, ...] = ()
    block: int = 0
    size: int = 0
    left: Mapping[str, int] = field(default_factory=dict)

    def plus(self, arm: str) -> Mapping[str, int]:
        """The allocated ones with one more."""
        return {**self.allocated, arm: self.allocated.get(arm, 0) + 1}


Tallies = Mapping[str, Tally]
"""By stratum. A stratum that no subject has reached is not in it."""

UNTOUCHED: Final = Tally()


class Choice(NamedTuple):
    """An arm, the probability it had given everything before it, and how it came about."""

    arm: str
    probability: Fraction
    trace: Trace


class Strategy(Protocol):
    """A way to allocate. Sees all strata, so that one that balances margins fits the same hole."""

    def next(self, state: Tallies, stratum: str, draw: Words) -> Choice:
        """The arm of the next subject of this stratum. Pure: equal arguments give equal choices."""
        ...

    def after(self, state: Tallies, stratum: str, arm: str, trace: Trace) -> Tallies:
        """The state once that choice is recorded. Needs no seed: a log can be folded by who may not draw."""
        ...
