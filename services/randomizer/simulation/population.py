"""Who comes: levels of each factor by their prevalence, sites by rates that differ from site to site."""

from dataclasses import dataclass
from fractions import Fraction

import numpy as np

from services.randomizer.simulation.chances import Ints

RATES_SHAPE = 1.2
"""Shape of the Gamma distribution of the sites' recruitment rates (trial-systems 5.2)."""


@dataclass(frozen=True, slots=True)
class Population:
    """Subjects to come. `prevalence` holds for each factor the shares of its levels, in the order of the levels."""

    subjects: int
    prevalence: tuple[tuple[Fraction, ...], ...]
    sites: int

    @property
    def levels(self) -> tuple[int, ...]:
        """How many each factor has."""
        return tuple(len(shares) for shares in self.prevalence)

    def drawn(self, trials: int, random: np.random.Generator) -> Ints:
        """Trials x subjects x columns: a column for each factor, and the site as the last one.

        Factors are drawn independently of each other and of the site; in each trial the sites have other rates.
        """
        columns = []
        for shares in self.prevalence:
            bounds = np.cumsum([float(share) for share in shares])[:-1]
            columns.append(np.searchsorted(bounds, random.random((trials, self.subjects)), side="right"))
        rates = random.gamma(RATES_SHAPE, size=(trials, self.sites)).cumsum(axis=1)
        arrivals = random.random((trials, self.subjects)) * rates[:, -1:]
        columns.append((arrivals[:, :, None] >= rates[:, None, :-1]).sum(axis=2))
        return np.stack(columns, axis=2).astype(np.int64)
