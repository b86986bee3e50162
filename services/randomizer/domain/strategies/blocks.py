"""Stratified permuted blocks of random size (ruling 1)."""

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction

from services.randomizer.domain.configuration import Configuration
from services.randomizer.domain.draws import Words, below
from services.randomizer.domain.facts import BlockTrace, Trace
from services.randomizer.domain.strategy import UNTOUCHED, Choice, Tallies, Tally


@dataclass(frozen=True, slots=True)
class PermutedBlocks:
    """A block is an urn that holds the ratio: each subject takes one place, drawn among those left.

    That makes every permutation of the block equally likely. No list of places to come exists anywhere, not even
    sealed: there is nothing to read ahead in.
    """

    configuration: Configuration

    def next(self, state: Tallies, stratum: str, draw: Words) -> Choice:
        """Open a block of drawn size if none is open, then draw one of the places left."""
        tally = state.get(stratum, UNTOUCHED)
        index, size, left, counter = tally.block, tally.size, tally.left, tally.counter
        if not any(left.values()):
            sizes = self.configuration.sizes
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

    def after(self, state: Tallies, stratum: str, arm: str, trace: Trace) -> Tallies:
        """One place of the block is taken, the counters are used up."""
        if not isinstance(trace, BlockTrace):
            raise TypeError("the draw was not one from a block")
        tally = state.get(stratum, UNTOUCHED)
        left = self.configuration.block(trace.size) if trace.place == 1 else tally.left
        return {
            **state,
            stratum: Tally(
                allocated=tally.plus(arm),
                counter=trace.next_counter,
                block=trace.block,
                size=trace.size,
                left={**left, arm: left[arm] - 1},
            ),
        }


def _holder(left: Mapping[str, int], ticket: int) -> str:
    """The arm that holds this ticket when the places left are numbered arm by arm."""
    for arm, places in left.items():
        if ticket < places:
            return arm
        ticket -= places
    raise ValueError("the ticket lies beyond the places left")
