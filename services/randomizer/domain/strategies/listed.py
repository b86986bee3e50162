"""A list that a statistician made: the next row of the stratum, in the order of the list."""

from dataclasses import dataclass
from fractions import Fraction

from services.randomizer.domain.configuration import Configuration
from services.randomizer.domain.draws import Words
from services.randomizer.domain.facts import ListTrace, Trace
from services.randomizer.domain.strategy import UNTOUCHED, Choice, Tallies, Tally


@dataclass(frozen=True, slots=True)
class Listed:
    """Draws nothing: the rows are what `draw` gives, in place of random words.

    `draw(stratum, n)` is the arm of the n-th row of the stratum, as its place among the arms, and raises `Refused` when
    the list of the stratum has ended. A row is used once; nothing that fails takes one.
    """

    configuration: Configuration

    def next(self, state: Tallies, stratum: str, draw: Words) -> Choice:
        """The first row of the stratum that nobody has."""
        row = state.get(stratum, UNTOUCHED).counter
        arm = self.configuration.arms[draw(stratum, row)].code
        return Choice(arm, Fraction(1), ListTrace(row=row + 1, first_counter=row, next_counter=row + 1))

    def after(self, state: Tallies, stratum: str, arm: str, trace: Trace) -> Tallies:
        """The row is used."""
        if not isinstance(trace, ListTrace):
            raise TypeError("the draw was not one from a list")
        tally = state.get(stratum, UNTOUCHED)
        return {**state, stratum: Tally(allocated=tally.plus(arm), counter=trace.next_counter)}
