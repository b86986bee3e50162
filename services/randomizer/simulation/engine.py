"""Subjects allocated one after the other, in many trials at once."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from services.randomizer.simulation.chances import Ints, chances
from services.randomizer.simulation.design import Design

Draw = Callable[[Ints], Ints]
"""A uniform whole number below each bound. Below 1 it is 0, and no randomness is used."""


@dataclass(frozen=True, slots=True)
class Step:
    """One subject in every trial: the arm, and of `possible` tickets those that each arm had (arms x trials)."""

    arm: Ints
    favourable: Ints
    possible: Ints


@dataclass(frozen=True, slots=True)
class Segment:
    """So many subjects in a row that one design allocates: a version of the configuration."""

    design: Design
    subjects: int


class Coins:
    """Counts of the slots per stratum and per level, which every coin keeps so that another one can take them over."""

    def __init__(self, design: Design, trials: int, before: "Coins | None" = None) -> None:
        self.design = design
        self._rows = np.arange(trials)
        self._first = np.cumsum([0, *design.levels])  # of each factor among all levels
        slots, levels = len(design.slots), sum(design.levels)
        self.counts: Ints = before.counts if before else np.zeros((slots, trials, design.strata), np.int64)
        self.margins: Ints = before.margins if before else np.zeros((slots, trials, levels), np.int64)
        self._arms = np.array(design.slots)
        self._held = np.array([[arm == slot for slot in design.slots] for arm in range(len(design.ratio))], np.int64)

    def step(self, levels: Ints, draw: Draw) -> Step:
        """Allocate one subject in each trial; `levels` is trials x factors."""
        rows, stratum = self._rows, levels @ np.array(self.design.radix, np.int64)
        places = levels + self._first[:-1]
        margins = np.moveaxis(self.margins[:, rows[:, None], places], 1, 2)
        shares = chances(self.design, self.counts[:, rows, stratum], margins)
        running = shares.cumsum(axis=0)
        slot = (draw(running[-1]) >= running).sum(axis=0)
        self.counts[slot, rows, stratum] += 1
        for place in places.T:
            self.margins[slot, rows, place] += 1
        return Step(self._arms[slot], self._held @ shares, running[-1])


class Blocks:
    """The places left in the open block of each stratum."""

    def __init__(self, design: Design, trials: int) -> None:
        self.design = design
        self._rows = np.arange(trials)
        whole = sum(design.ratio)
        self._fresh = np.array([[size // whole * share for size in design.sizes] for share in design.ratio], np.int64)
        self.left = np.zeros((len(design.ratio), trials, design.strata), np.int64)

    def step(self, levels: Ints, draw: Draw) -> Step:
        """Allocate one subject in each trial; opens a block of drawn size where none is open."""
        rows, stratum = self._rows, levels @ np.array(self.design.radix, np.int64)
        left = self.left[:, rows, stratum]
        closed = ~left.any(axis=0)
        size = draw(np.where(closed, len(self.design.sizes), 1))
        left = np.where(closed, self._fresh[:, size], left)
        running = left.cumsum(axis=0)
        arm = (draw(running[-1]) >= running).sum(axis=0)
        self.left[:, rows, stratum] = left
        self.left[arm, rows, stratum] -= 1
        return Step(arm, left, running[-1])


def allocated(segments: Sequence[Segment], levels: Ints, draw: Draw) -> Iterator[Step]:
    """Every subject in turn. `levels` is trials x subjects x columns: the level of each subject in each column.

    What an amendment takes over is what `strategies.carried` says: coins over the same slots and factors go on with
    their counts, all else begins anew.
    """
    trials, first = levels.shape[0], 0
    machine: Coins | Blocks | None = None
    for segment in segments:
        design = segment.design
        design.require_room(levels.shape[1])
        if not design.tosses:
            machine = Blocks(design, trials)
        elif isinstance(machine, Coins) and machine.design.counts_like(design):
            machine = Coins(design, trials, machine)
        else:
            machine = Coins(design, trials)
        for subject in range(first, first + segment.subjects):
            yield machine.step(levels[:, subject, list(design.columns)], draw)
        first += segment.subjects
