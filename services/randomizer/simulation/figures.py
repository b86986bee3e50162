"""What is measured in every trial: imbalance, and how often somebody guesses the next arm (trial-systems 5.2)."""

from collections.abc import Sequence
from dataclasses import dataclass, fields
from math import lcm, prod

import numpy as np
from numpy.typing import NDArray

from services.randomizer.simulation.chances import Ints
from services.randomizer.simulation.engine import Draw, Segment, allocated
from services.randomizer.simulation.population import Population

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Figures:
    """One number for each trial.

    An imbalance is the largest minus the smallest count of an arm, each count divided by the arm's share in the
    ratio: with 1:1 the difference of the arms. `stratum` is its mean over the strata that have a subject. `certain`
    is the share of subjects whose arm had probability 1. The others are probabilities of a correct guess, averaged
    over the subjects: taken from the chances that the arm guessed had, which has the mean of counting and less noise.

    `omniscient` knows every allocation and the generator's state, the size of an open block too, and names the
    likeliest arm. `stratum_history` and `own_centre` know the arms of the subject's stratum, or centre, and name the
    arm that is behind there; arms equally behind are named alike (the convergence strategy, ties 1/2).
    """

    overall: Floats
    worst_margin: Floats
    stratum: Floats
    certain: Floats
    omniscient: Floats
    stratum_history: Floats
    own_centre: Floats

    @classmethod
    def joined(cls, parts: "Sequence[Figures]") -> "Figures":
        """Those of all these trials."""
        return cls(*(np.concatenate([getattr(part, field.name) for part in parts]) for field in fields(cls)))


def imbalance(counts: Ints, ratio: Sequence[int]) -> Floats:
    """Of counts with the arms first. Exact: compared as whole numbers, divided at the end."""
    scaled = _per_share(counts, ratio)
    spread: Floats = (scaled.max(axis=0) - scaled.min(axis=0)) / lcm(*ratio)
    return spread


def guessed(counts: Ints, ratio: Sequence[int], favourable: Ints, possible: Ints) -> Floats:
    """Probability that naming the arm that is behind is right. Level arms: the likelier by the ratio, else alike."""
    scaled = _per_share(counts, ratio)
    behind = np.where(scaled == scaled.min(axis=0), np.array(ratio)[:, None], 0)
    named = behind == behind.max(axis=0)
    right: Floats = (named * favourable).sum(axis=0) / (named.sum(axis=0) * possible)
    return right


def _per_share(counts: Ints, ratio: Sequence[int]) -> Ints:
    whole = lcm(*ratio)
    shares = np.array([whole // share for share in ratio], np.int64)
    scaled: Ints = counts * shares.reshape(-1, *[1] * (counts.ndim - 1))
    return scaled


def measured(segments: Sequence[Segment], population: Population, levels: Ints, draw: Draw) -> Figures:
    """The figures of these trials. Strata and margins are the population's, whatever the design stratifies by."""
    trials, subjects, _ = levels.shape
    ratio, rows = segments[0].design.ratio, np.arange(trials)
    radix = [prod(population.levels[n + 1 :]) for n in range(len(population.levels))]
    stratum = levels[:, :, :-1] @ np.array(radix, np.int64)
    cells = np.zeros((len(ratio), trials, prod(population.levels)), np.int64)
    sites = np.zeros((len(ratio), trials, population.sites), np.int64)
    certain, omniscient, history, centre = (np.zeros(trials) for _ in range(4))
    for subject, step in enumerate(allocated(segments, levels, draw)):
        where, site = stratum[:, subject], levels[:, subject, -1]
        likeliest = step.favourable.max(axis=0)
        certain += likeliest == step.possible
        omniscient += likeliest / step.possible
        history += guessed(cells[:, rows, where], ratio, step.favourable, step.possible)
        centre += guessed(sites[:, rows, site], ratio, step.favourable, step.possible)
        cells[step.arm, rows, where] += 1
        sites[step.arm, rows, site] += 1
    table = cells.reshape(len(ratio), trials, *population.levels)
    axes = range(len(population.levels))
    margins = [table.sum(axis=tuple(2 + other for other in axes if other != factor)) for factor in axes]
    by_level = np.concatenate([imbalance(margin, ratio) for margin in margins], axis=1) if margins else None
    overall = imbalance(cells.sum(axis=2), ratio)
    return Figures(
        overall=overall,
        worst_margin=overall if by_level is None else by_level.max(axis=1),
        stratum=imbalance(cells, ratio).sum(axis=1) / (cells.sum(axis=0) > 0).sum(axis=1),
        certain=certain / subjects,
        omniscient=omniscient / subjects,
        stratum_history=history / subjects,
        own_centre=centre / subjects,
    )
