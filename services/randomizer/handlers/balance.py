"""How balanced an allocation is, beside what its own design would have given the same subjects."""

import asyncio
from collections import Counter
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from datetime import datetime
from fractions import Fraction
from typing import Final

from contracts.events.envelope import Envelope as Recorded
from contracts.events.fact import Fact
from contracts.events.randomization import AllocationActivated
from contracts.vocabulary.identifiers import site_of
from services.chassis.facts import Facts
from services.chassis.folds import Loaded
from services.randomizer.domain import runs
from services.randomizer.domain.configuration import Configuration
from services.randomizer.domain.state import INITIAL, Allocation, Randomized, allocation_stream, evolve
from services.randomizer.simulation.design import DesignNotSimulated, design_of
from services.randomizer.simulation.engine import Segment
from services.randomizer.simulation.envelope import Envelope, Where, envelope, parts_of

TRIALS: Final = 4_000
FEWEST: Final = 200
WORK: Final = 4_000_000
"""Trials times subjects: a trial of more than a thousand is re-randomized less often, not for longer."""

KEPT: Final = 32
"""Answers kept: a page that is looked at again is not simulated again."""


@dataclass(frozen=True, slots=True)
class Version:
    """A version of the configuration, and how many subjects it allocated."""

    version: int
    configuration: Configuration
    randomized: int


@dataclass(frozen=True, slots=True, repr=False)
class Arrivals:
    """The allocation, and how many subjects there were when each version came into force."""

    state: Allocation = INITIAL
    begun: tuple[tuple[int, Configuration, int], ...] = ()

    @property
    def versions(self) -> tuple[Version, ...]:
        """With the subjects of each, which follow each other in the order of arrival."""
        if not self.begun:
            return ()
        ends = [*(first for _, _, first in self.begun[1:]), len(self.subjects)]
        return tuple(Version(n, one, end - first) for (n, one, first), end in zip(self.begun, ends, strict=True))

    @property
    def subjects(self) -> list[Randomized]:
        """In the order of arrival. A read of the past may cut an append in two: who has no arm yet is not there."""
        return [one for one in self.state.randomized.values() if one.arm is not None]

    @property
    def configuration(self) -> Configuration | None:
        """The one in force: configured and activated, which are two facts of one append."""
        return self.state.configuration if self.begun else None

    @property
    def levels(self) -> list[tuple[int, ...]]:
        """The strata as randomized, as places of levels, in the order of arrival."""
        config = self.configuration
        if config is None:
            return []
        places = [{level: n for n, level in enumerate(factor.levels)} for factor in config.factors]
        return [
            tuple(place[one.level] for place, one in zip(places, subject.stratum, strict=True))
            for subject in self.subjects
        ]

    @property
    def arms(self) -> list[int]:
        """The arms as their places in the configuration, in the order of arrival."""
        config = self.configuration
        if config is None:
            return []
        place = {arm.code: n for n, arm in enumerate(config.arms)}
        return [place[str(subject.arm)] for subject in self.subjects]


@dataclass(frozen=True, slots=True)
class Group:
    """A part of the trial: how many subjects of each arm, and their imbalance in shares of the ratio."""

    where: Where
    counts: tuple[int, ...]
    imbalance: Fraction


@dataclass(frozen=True, slots=True, repr=False)
class Balance:
    """What is found. `envelope` is None where nothing can be simulated, and `because` says why."""

    position: int
    arrivals: Arrivals
    groups: tuple[Group, ...]
    runs: int
    runs_p_value: Fraction | None
    """If every order of the arms were as likely. None past `runs.LONGEST` subjects."""
    trials: int
    seed: int
    envelope: Envelope | None
    because: str | None


@dataclass(frozen=True)
class Balances:
    """Computes one balance at a time, off the event loop, and keeps the last ones by study, position and seed."""

    _pool: ThreadPoolExecutor = field(default_factory=lambda: ThreadPoolExecutor(1, "balance"))
    _kept: dict[tuple[str, int, int], asyncio.Future[Balance]] = field(default_factory=dict)

    async def of(self, study: str, position: int, seed: int, arrivals: Arrivals) -> Balance:
        """The balance at this position. Who asks for the same at the same time waits for the same computation."""
        key = (study, position, seed)
        found = self._kept.get(key)
        if found is None or found.cancelled() or (found.done() and found.exception() is not None):
            work = asyncio.get_running_loop().run_in_executor(self._pool, computed, position, seed, arrivals)
            found = self._kept[key] = work
            while len(self._kept) > KEPT:
                del self._kept[next(iter(self._kept))]
        return await asyncio.shield(found)  # a caller who goes away does not take it from the others


async def arrivals(facts: Facts, study: str, at: int | datetime | None) -> Loaded[Arrivals]:
    """Everybody allocated until then."""
    return await facts.load(allocation_stream(study), Arrivals(), arrived, as_of=at)


def sites(found: Arrivals) -> int:
    """How many sites have a subject."""
    return len({site_of(one.subject) for one in found.subjects})


def computed(position: int, seed: int, found: Arrivals) -> Balance:
    """The balance, counted and simulated. Takes a while: for a thread."""
    levels, arms, config = found.levels, found.arms, found.configuration
    trials = max(FEWEST, min(TRIALS, WORK // max(1, len(arms))))
    simulated, because = None, None
    if config is None:
        because = "not-activated"
    else:
        try:
            segments = [Segment(design_of(one.configuration), one.randomized) for one in found.versions]
            simulated = envelope(segments, levels, arms, trials, seed)
        except DesignNotSimulated as error:
            because = str(error)
    return Balance(
        position=position,
        arrivals=found,
        groups=() if config is None else groups(config, levels, arms),
        runs=runs.runs(list(map(str, arms))),
        runs_p_value=runs.p_value(list(map(str, arms))) if len(arms) <= runs.LONGEST else None,
        trials=trials,
        seed=seed,
        envelope=simulated,
        because=because,
    )


def groups(config: Configuration, levels: Sequence[Sequence[int]], arms: Sequence[int]) -> tuple[Group, ...]:
    """Counted one by one: the whole, the margins, and the strata that have a subject."""
    made = []
    for where in parts_of(levels, [len(factor.levels) for factor in config.factors]):
        met = Counter(arm for arm, row in zip(arms, levels, strict=True) if all(row[f] == at for f, at in where))
        shares = [Fraction(met[n], arm.ratio) for n, arm in enumerate(config.arms)]
        made.append(Group(where, tuple(met[n] for n in range(len(config.arms))), max(shares) - min(shares)))
    return tuple(made)


def arrived(found: Arrivals, recorded: Recorded[Fact]) -> Arrivals:
    """The same after one more fact."""
    state = evolve(found.state, recorded)
    match recorded.fact:
        case AllocationActivated() as fact if state.configuration is not None:
            begun = (*found.begun, (fact.version, state.configuration, len(state.randomized)))
            return Arrivals(state, begun)
        case _:
            return replace(found, state=state)
