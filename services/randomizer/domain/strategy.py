"""How the next arm is chosen. One pure interface, `next(state, stratum, draw) -> (arm, probability, trace)`."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Final, NamedTuple, Protocol

from services.randomizer.domain.configuration import Configuration
from services.randomizer.domain.draws import Words, below
from services.randomizer.domain.facts import BlockTrace


@dataclass(frozen=True, slots=True, repr=False)
class Tally:
    """What one stratum has behind it.

    `allocated` and `left` (places of the open block) are per arm; `counter` is the next draw that nobody has seen;
    `block` counts the blocks opened.
    """

    allocated: Mapping[str, int] = field(default_factory=dict)
    counter: int = 0
    block: int = 0
    size: int = 0
    left: Mapping[str, int] = field(default_factory=dict)


Tallies = Mapping[str, Tally]
"""By stratum. A stratum that no subject has reached is not in it."""

UNTOUCHED: Final = Tally()


class Choice(NamedTuple):
    """An arm, the probability it had given everything before it, and how it came about."""

    arm: str
    probability: Fraction
    trace: BlockTrace


class Strategy(Protocol):
    """A way to allocate. Sees all strata, so that one that balances margins fits the same hole."""

    def next(self, state: Tallies, stratum: str, draw: Words) -> Choice:
        """The arm of the next subject of this stratum. Pure: equal arguments give equal choices."""
        ...

    def after(self, state: Tallies, stratum: str, arm: str, trace: BlockTrace) -> Tallies:
        """The state once that choice is recorded. Needs no seed: a log can be folded by who may not draw."""
        ...


@dataclass(frozen=True, slots=True)
class PermutedBlocks:
    """Stratified permuted blocks of random size (ruling 1).

    A block is an urn that holds the ratio: each subject takes one place, drawn among those left, which makes every
    permutation of the block equally likely. No list of places to come exists anywhere, not even sealed: there is
    nothing to read ahead in.
    """

    configuration: Configuration

    def next(self, state: Tallies, stratum: str, draw: Words) -> Choice:
        """Open a block of drawn size if none is open, then draw one of the places left."""
        tally = state.get(stratum, UNTOUCHED)
        index, size, left, counter = tally.block, tally.size, tally.left, tally.counter
        if not any(left.values()):
            sizes = self.configuration.block_sizes
            drawn, counter = below(draw, stratum, counter, len(sizes))
            index, size = index + 1, sizes[drawn]
            left = self.configuration.block(size)
        places = sum(left.values())
        ticket, counter = below(draw, stratum, counter, places)
        arm = _holder(left, ticket)
        trace = BlockTrace(
            block=index,
            size=size,
            place=size - places + 1,
            first_counter=tally.counter,
            next_counter=counter,
        )
        return Choice(arm, Fraction(left[arm], places), trace)

    def after(self, state: Tallies, stratum: str, arm: str, trace: BlockTrace) -> Tallies:
        """One place of the block is taken, the counters are used up."""
        tally = state.get(stratum, UNTOUCHED)
        left = self.configuration.block(trace.size) if trace.place == 1 else tally.left
        return {
            **state,
            stratum: Tally(
                allocated={**tally.allocated, arm: tally.allocated.get(arm, 0) + 1},
                counter=trace.next_counter,
                block=trace.block,
                size=trace.size,
                left={**left, arm: left[arm] - 1},
            ),
        }


def strategy(configuration: Configuration) -> Strategy:
    """The strategy that a configuration names."""
    match configuration.strategy:
        case "stratified_permuted_blocks":
            return PermutedBlocks(configuration)


def _holder(left: Mapping[str, int], ticket: int) -> str:
    """The arm that holds this ticket when the places left are numbered arm by arm."""
    for arm, places in left.items():
        if ticket < places:
            return arm
        ticket -= places
    raise ValueError("the ticket lies beyond the places left")
