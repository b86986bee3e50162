"""One step of a projection: arrivals folded into rows, and what cannot be folded parked by key."""

import asyncio
import logging
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from contracts.events.envelope import Envelope
from contracts.events.fact import Fact
from services.chassis.clock import Clock
from services.chassis.inbox.port import Parked, Tx
from services.chassis.projections.feed import Arrival, Undecoded
from services.chassis.projections.port import Generation, Row, RowRejected
from services.chassis.projections.projection import AnyProjection, table_of

_logger = logging.getLogger(__name__)

BREATH: Final = 250
"""Arrivals that are folded before others get their turn in the event loop: some milliseconds."""

SOME: Final = 2_000
"""Arrivals whose keys are asked for one by one; with more, all that is parked is fewer."""

Where = dict[str, int]
"""Follower keys, with the first position of each."""


@dataclass(frozen=True, slots=True)
class Trouble:
    """From `position` on, the facts of a key cannot be folded. `reason` names types and places, never values."""

    position: int
    reason: str


@dataclass(slots=True)
class Folded:
    """States after a run of arrivals, and the keys that could not be folded."""

    states: dict[str, Any] = field(default_factory=dict)
    troubles: dict[str, Trouble] = field(default_factory=dict)


def row_keys(projection: AnyProjection, arrivals: Iterable[Arrival], troubles: dict[str, Trouble]) -> dict[str, Where]:
    """Which rows the arrivals belong to, and from which positions of which keys. Adds to `troubles`."""
    rows: dict[str, Where] = {}
    for arrival in arrivals:
        if (content := _content(arrival, troubles)) is None:
            continue
        try:
            key = projection.key(content)
        except Exception as error:
            troubles[arrival.key] = _failed(arrival, "key", error)
            continue
        if key is not None:
            rows.setdefault(key, {}).setdefault(arrival.key, arrival.position)
    return rows


def fold(projection: AnyProjection, before: Mapping[str, Any], arrivals: Iterable[Arrival], into: Folded) -> None:
    """Fold arrivals over the states `into`, or over those `before`, which has a state for each row key that occurs.

    A key in troubles, or one whose fact fails, is left out from that position on; the others go on.
    """
    states, troubles = into.states, into.troubles
    for arrival in arrivals:
        if (content := _content(arrival, troubles)) is None:
            continue
        try:
            key = projection.key(content)
            if key is not None:
                states[key] = projection.fold(states[key] if key in states else before[key], content)
        except Exception as error:  # a pure function fails the same way every time: the key is parked, not retried
            troubles[arrival.key] = _failed(arrival, "fold", error)


def _content(arrival: Arrival, troubles: dict[str, Trouble]) -> Envelope[Fact] | None:
    """The fact, unless its key is in trouble, or is now because the fact cannot be read."""
    if (trouble := troubles.get(arrival.key)) is not None and arrival.position >= trouble.position:
        return None
    content = arrival.content
    if isinstance(content, Undecoded):
        troubles[arrival.key] = Trouble(arrival.position, f"{arrival.place}: {content.reason}")
        return None
    return content


def _failed(arrival: Arrival, step: str, error: Exception) -> Trouble:
    """The reason without the exception's own text, which may quote the fact."""
    return Trouble(arrival.position, f"{arrival.place}: {type(error).__name__} in the {step} of {arrival.type}")


async def parked_keys(
    tx: Tx, keys: Collection[str] | None, follower: str | None = None
) -> dict[str, dict[str, Trouble]]:
    """What is parked, by follower and key; of these keys and this follower only, if given."""
    found: dict[str, dict[str, Trouble]] = {}
    for parked in await tx.followers.parked(follower, keys):
        found.setdefault(parked.follower, {})[parked.key] = Trouble(parked.position, parked.reason)
    return found


class _Rows(dict[str, Any]):
    """States by row key; a row that is not there begins where the projection begins."""

    def __init__(self, initial: Callable[[str], Any]) -> None:
        super().__init__()
        self._initial = initial

    def __missing__(self, key: str) -> Any:
        return self._initial(key)


class Advance:
    """Moves one generation along its feed within a transaction. May keep states between steps of a rebuild."""

    def __init__(self, projection: AnyProjection, generation: Generation, clock: Clock, *, keep: int = 0) -> None:
        self.projection, self.table = projection, table_of(projection, generation)
        self._follower, self._clock, self._keep = generation.table, clock, keep
        self._states = _Rows(projection.initial)
        self._whole = False

    def forget(self, *, empty: bool = False) -> None:
        """Drop kept states: the transaction they were written in may not have been committed.

        `empty`: the table has no rows. From here on, as long as all states are kept, none has to be read.
        """
        self._states.clear()
        self._whole = empty and self._keep > 0

    async def step(self, tx: Tx, arrivals: Sequence[Arrival], parked: Mapping[str, Trouble] | None = None) -> None:
        """Fold arrivals of handled types, write the rows, park what fails. `parked`: of their keys, if known."""
        if not arrivals:
            return
        if parked is None:
            keys = {arrival.key for arrival in arrivals} if len(arrivals) <= SOME else None
            parked = (await parked_keys(tx, keys, self._follower)).get(self._follower, {})
        found = await self.apply(tx, arrivals, parked)
        await self._park(tx, {key: trouble for key, trouble in found.items() if parked.get(key) != trouble})

    async def apply(self, tx: Tx, arrivals: Sequence[Arrival], skip: Mapping[str, Trouble]) -> dict[str, Trouble]:
        """Fold and write; returns `skip` with the keys that failed now.

        A row that the database refuses is found only when it is written. Then the run is halved until the fact is found
        that makes it so: where a key is parked must not depend on what happened to arrive together.
        """
        folded = Folded(troubles=dict(skip))
        before = self._states if self._whole else await self._load(tx, arrivals, folded.troubles)
        for start in range(0, len(arrivals), BREATH):
            if start:
                await asyncio.sleep(0)
            fold(self.projection, before, arrivals[start : start + BREATH], folded)
        if (refusal := await self._write(tx, folded)) is None:
            if self._keep:
                self._states |= folded.states
                if len(self._states) > self._keep:
                    self.forget()
            return folded.troubles
        if len(arrivals) == 1:
            return {**skip, arrivals[0].key: Trouble(arrivals[0].position, f"{arrivals[0].place}: {refusal}")}
        middle = len(arrivals) // 2
        troubles = await self.apply(tx, arrivals[:middle], skip)
        return await self.apply(tx, arrivals[middle:], troubles)

    async def _load(self, tx: Tx, arrivals: Sequence[Arrival], troubles: dict[str, Trouble]) -> Mapping[str, Any]:
        """The states of the rows that the arrivals belong to. Adds keys whose row cannot be read to `troubles`."""
        touched = row_keys(self.projection, arrivals, troubles)
        states = {key: self._states[key] for key in touched if key in self._states}
        wanted = [key for key in touched if key not in states]
        rows = {row["key"]: row for row in await tx.rows.get(self.table, wanted)} if wanted else {}
        for key in wanted:
            try:
                states[key] = self.projection.from_row(rows[key]) if key in rows else self.projection.initial(key)
            except Exception as error:
                for follower_key, position in touched[key].items():
                    reason = f"{type(error).__name__} while reading a row of {self._follower}"
                    troubles[follower_key] = Trouble(position, reason)
        return states

    async def _write(self, tx: Tx, folded: Folded) -> str | None:
        """Write all rows; or none, and say why."""
        if not folded.states:
            return None
        try:
            rows: list[Row] = [{**self.projection.to_row(state), "key": key} for key, state in folded.states.items()]
        except Exception as error:
            return f"{type(error).__name__} while making a row of {self._follower}"
        try:
            async with tx.savepoint():
                await tx.rows.put(self.table, rows)
        except (RowRejected, TypeError, KeyError) as error:
            return f"{type(error).__name__}: a row of {self._follower} does not fit its table"
        return None

    async def _park(self, tx: Tx, troubles: Mapping[str, Trouble]) -> None:
        for key, trouble in troubles.items():
            _logger.error("%s: parked %s: %s", self._follower, key, trouble.reason)
            await tx.followers.park(Parked(self._follower, key, trouble.position, trouble.reason, self._clock()))
