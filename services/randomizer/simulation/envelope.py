"""What the live design would have given these very subjects: the real order of arrival, allocated again many times."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from services.randomizer.simulation.chances import Ints
from services.randomizer.simulation.engine import Segment, allocated
from services.randomizer.simulation.figures import Floats, imbalance
from services.randomizer.simulation.study import CHUNK, draws, percentile, require_memory, uniform

LEVEL: Final = 0.95
STREAM: Final = 2
"""Of the random numbers: not those of a design's simulation."""

Bytes = NDArray[np.int8]
Where = tuple[tuple[int, int], ...]
"""A part of the trial: the factors and levels that it fixes, as places. () is the whole, one pair is a margin."""


@dataclass(frozen=True, slots=True)
class Part:
    """One part of the trial beside what the design gives there.

    `between` holds for each arm the counts of the middle 95 % of the trials; `imbalance_p95` is what 95 % of them do
    not pass, and `p_value` the probability of an imbalance as large, the observed trial counted in.
    """

    where: Where
    counts: tuple[int, ...]
    imbalance: float
    between: tuple[tuple[int, int], ...]
    imbalance_p95: float
    p_value: float

    @property
    def outside(self) -> bool:
        """Whether the imbalance lies outside the envelope: of the parts of a faultless trial, up to 5 % do."""
        return self.imbalance > self.imbalance_p95


@dataclass(frozen=True, slots=True)
class Envelope:
    """Every part, and all of them together: how many lie outside, how many would in the mean, and how often as many.

    `runs_p_value` is two-sided: the probability under the design of a number of runs as far out in either tail.
    """

    parts: tuple[Part, ...]
    outside: int
    outside_expected: float
    outside_p_value: float
    runs: int
    runs_expected: float
    runs_p_value: float


def parts_of(levels: Sequence[Sequence[int]], of_factor: Sequence[int]) -> list[Where]:
    """The whole, every margin, and every stratum that a subject has reached."""
    margins: list[Where] = [((factor, level),) for factor, number in enumerate(of_factor) for level in range(number)]
    strata: list[Where] = [tuple(enumerate(stratum)) for stratum in sorted({tuple(one) for one in levels})]
    return [(), *margins, *(strata if len(of_factor) > 1 else [])]


def envelope(
    segments: Sequence[Segment],
    levels: Sequence[Sequence[int]],
    arms: Sequence[int],
    trials: int,
    seed: int,
) -> Envelope:
    """The real subjects (`levels`, in order of arrival) with their real arms beside `trials` re-randomizations.

    Raises `DesignNotSimulated`. Work grows with trials x subjects; the caller bounds it.
    """
    design = segments[0].design  # a later one has the same arms and factors (AMENDMENT_TOO_DEEP)
    require_memory(design)
    arrived = np.array(levels, np.int64).reshape(len(arms), len(design.levels))
    parts = parts_of(levels, design.levels)
    member = np.array([[all(row[f] == at for f, at in where) for where in parts] for row in levels], float)
    member = member.reshape(len(arms), len(parts))
    real = np.array(arms, np.int8).reshape(-1, 1)
    again = np.concatenate(list(_again(segments, arrived, trials, seed)), axis=1)
    observed, counts = (_counted(one, member, len(design.ratio)) for one in (real, again))
    seen, given = imbalance(observed, design.ratio)[0], imbalance(counts, design.ratio)
    stretch, stretches = int(_runs(real)[0]), _runs(again)
    limit = np.array([percentile(column, LEVEL) for column in given.T])
    beyond = (given > limit).sum(axis=1)
    outside = int((seen > limit).sum())
    return Envelope(
        parts=tuple(
            Part(
                where=where,
                counts=tuple(int(count) for count in observed[:, 0, n]),
                imbalance=float(seen[n]),
                between=tuple(_middle(counts[arm, :, n]) for arm in range(len(design.ratio))),
                imbalance_p95=float(limit[n]),
                p_value=_share(given[:, n] >= seen[n]),
            )
            for n, where in enumerate(parts)
        ),
        outside=outside,
        outside_expected=float(beyond.mean()),
        outside_p_value=_share(beyond >= outside),
        runs=stretch,
        runs_expected=float(stretches.mean()),
        runs_p_value=min(1.0, 2 * min(_share(stretches <= stretch), _share(stretches >= stretch))),
    )


def _again(segments: Sequence[Segment], arrived: Ints, trials: int, seed: int) -> Iterator[Bytes]:
    """The arms of each chunk of trials, subjects x trials."""
    for chunk, first in enumerate(range(0, trials, CHUNK)):
        size = min(CHUNK, trials - first)
        arms = np.empty((len(arrived), size), np.int8)
        same = np.broadcast_to(arrived, (size, *arrived.shape))
        for subject, step in enumerate(allocated(segments, same, uniform(draws(seed, chunk, STREAM)))):
            arms[subject] = step.arm
        yield arms


def _counted(arms: Bytes, member: Floats, ratio: int) -> Ints:
    """Subjects of each part by arm: arms x trials x parts. Whole numbers, which floats hold exactly below 2**53."""
    return np.stack([((arms == arm).T.astype(float) @ member).astype(np.int64) for arm in range(ratio)])


def _runs(arms: Bytes) -> Ints:
    stretches: Ints = (arms[1:] != arms[:-1]).sum(axis=0) + min(1, len(arms))
    return stretches


def _middle(counts: Ints) -> tuple[int, int]:
    tail = (1 - LEVEL) / 2
    low, high = (int(np.quantile(counts, share, method="inverted_cdf")) for share in (tail, 1 - tail))
    return low, high


def _share(hits: NDArray[np.bool_]) -> float:
    """The share of the trials, the real one counted as a hit: a p-value from simulation is never 0."""
    return (1 + int(hits.sum())) / (1 + len(hits))
