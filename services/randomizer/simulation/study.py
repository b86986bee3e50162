"""A simulation: so many trials from one seed, in chunks, so that the same seed gives the same figures everywhere."""

from collections.abc import Callable
from dataclasses import dataclass, fields
from typing import Final

import numpy as np

from services.randomizer.simulation.design import Design, DesignNotSimulated
from services.randomizer.simulation.engine import Draw, Segment
from services.randomizer.simulation.figures import Figures, Floats, measured
from services.randomizer.simulation.population import Population

CHUNK: Final = 1_000
"""Trials at once. Part of what a seed means: each chunk has random numbers of its own."""

LARGE: Final = 10
"""An overall imbalance whose probability is told: 10 of 146 cost 0.5 % of efficiency (trial-systems 0)."""

MOST_CELLS: Final = 40_000_000
"""Counters kept at once, for strata x trials x slots: more would take the memory of the machine."""


def draws(seed: int, chunk: int, stream: int) -> np.random.Generator:
    """The random numbers of a chunk. Another stream shares none of them."""
    return np.random.default_rng(np.random.SeedSequence(seed, spawn_key=(chunk, stream)))


def uniform(random: np.random.Generator) -> Draw:
    """Uniform whole numbers below bounds, without bias."""
    return lambda bounds: random.integers(0, bounds)


def require_memory(design: Design) -> None:
    """Raise `DesignNotSimulated` where a chunk of trials would need more counters than `MOST_CELLS`."""
    if (cells := CHUNK * design.strata * len(design.slots)) > MOST_CELLS:
        raise DesignNotSimulated(f"{design.strata} strata need {cells} counters, {MOST_CELLS} are allowed")


def simulated(
    design: Design, population: Population, trials: int, seed: int, progress: Callable[[int], None] = lambda _: None
) -> Figures:
    """The figures of these trials. Every design meets the same subjects, so that designs differ by themselves alone.

    `progress` is told after each chunk how many trials it held. Raises `DesignNotSimulated`.
    """
    require_memory(design)
    parts = []
    for chunk, first in enumerate(range(0, trials, CHUNK)):
        size = min(CHUNK, trials - first)
        levels = population.drawn(size, draws(seed, chunk, 0))
        parts.append(
            measured([Segment(design, population.subjects)], population, levels, uniform(draws(seed, chunk, 1)))
        )
        progress(size)
    return Figures.joined(parts)


@dataclass(frozen=True, slots=True)
class Mean:
    """A mean over trials and its Monte Carlo standard error."""

    mean: float
    standard_error: float


@dataclass(frozen=True, slots=True)
class Spread:
    """The distribution of an imbalance over trials. `p95_between` holds the true 95th percentile with 95 % confidence.

    The 95th percentile is the smallest value that at least 95 % of the trials do not pass.
    """

    mean: float
    standard_error: float
    p95: float
    p95_between: tuple[float, float]
    largest: float


@dataclass(frozen=True, slots=True)
class Summary:
    """What a design gives. Names as in `Figures`."""

    overall: Spread
    overall_large: Mean
    worst_margin: Spread
    stratum: Mean
    certain: Mean
    omniscient: Mean
    stratum_history: Mean
    own_centre: Mean


def summary(figures: Figures) -> Summary:
    """The figures over all trials."""
    means = {field.name: _mean(getattr(figures, field.name)) for field in fields(Figures)}
    return Summary(
        overall=_spread(figures.overall),
        overall_large=_mean((figures.overall >= LARGE).astype(float)),
        worst_margin=_spread(figures.worst_margin),
        **{name: mean for name, mean in means.items() if name not in ("overall", "worst_margin")},
    )


def percentile(values: Floats, share: float) -> float:
    """The smallest value that at least this share of the values do not pass."""
    return float(np.quantile(values, min(max(share, 0.0), 1.0), method="inverted_cdf"))


def _mean(values: Floats) -> Mean:
    error = float(values.std(ddof=1)) / len(values) ** 0.5 if len(values) > 1 else float("nan")
    return Mean(float(values.mean()), error)


def _spread(values: Floats) -> Spread:
    mean, reach = _mean(values), 1.96 * (0.95 * 0.05 / len(values)) ** 0.5
    between = (percentile(values, 0.95 - reach), percentile(values, 0.95 + reach))
    return Spread(mean.mean, mean.standard_error, percentile(values, 0.95), between, float(values.max()))
