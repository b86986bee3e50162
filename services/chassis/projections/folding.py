"""One step of a projection: arrivals folded into rows, and what cannot be folded parked by key."""

import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from services.chassis.clock import Clock
from services.chassis.inbox.port import Parked, Tx
from services.chassis.projections.feed import Arrival, Undecoded
from services.chassis.projections.port import Generation, Row, RowRejected
from services.chassis.projections.projection import AnyProjection, table_of

_logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Trouble:
    """From `position` on, the facts of a key cannot be folded. `reason` names types and places, never values."""

    position: int
    reason: str


@dataclass(slots=True)
class Folded:
    """States after a run of arrivals. `touched`: which keys, from which position, went into a row."""

    states: dict[str, Any] = field(default_factory=dict)
    touched: dict[str, dict[str, int]] = field(default_factory=dict)
    troubles: dict[str, Trouble] = field(default_factory=dict)


def row_keys(projection: AnyProjection, arrivals: Sequence[Arrival], skip: Mapping[str, Trouble]) -> Folded:
    """Which rows the arrivals belong to; the states are still missing."""
    result = Folded(troubles=dict(skip))
    for arrival in arrivals:
        if _skipped(arrival, result.troubles):
            continue
        if isinstance(arrival.content, Undecoded):
            result.troubles[arrival.key] = Trouble(arrival.position, f"{arrival.place}: {arrival.content.reason}")
            continue
        try:
            key = projection.key(arrival.content)
        except Exception as error:
            result.troubles[arrival.key] = _failed(arrival, "key", error)
            continue
        if key is not None:
            result.touched.setdefault(key, {}).setdefault(arrival.key, arrival.position)
    return result


def fold(
    projection: AnyProjection,
    before: Mapping[str, Any],
    arrivals: Sequence[Arrival],
    skip: Mapping[str, Trouble],
) -> Folded:
    """Fold arrivals over the states `before`, which holds each row key that occurs. Pure.

    A key in `skip`, or one whose fact fails, is left out from that position on; the others go on.
    """
    result = Folded(troubles=dict(skip))
    for arrival in arrivals:
        if _skipped(arrival, result.troubles):
            continue
        if isinstance(arrival.content, Undecoded):
            result.troubles[arrival.key] = Trouble(arrival.position, f"{arrival.place}: {arrival.content.reason}")
            continue
        try:
            key = projection.key(arrival.content)
            if key is None:
                continue
            state = result.states[key] if key in result.states else before[key]
            result.states[key] = projection.fold(state, arrival.content)
        except Exception as error:  # a pure function fails the same way every time: the key is parked, not retried
            result.troubles[arrival.key] = _failed(arrival, "fold", error)
            continue
        result.touched.setdefault(key, {}).setdefault(arrival.key, arrival.position)
    return result


def _skipped(arrival: Arrival, troubles: Mapping[str, Trouble]) -> bool:
    trouble = troubles.get(arrival.key)
    return trouble is not None and arrival.position >= trouble.position


def _failed(arrival: Arrival, step: str, error: Exception) -> Trouble:
    """The reason without the exception's own text, which may quote the fact."""
    return Trouble(arrival.position, f"{arrival.place}: {type(error).__name__} in the {step} of {arrival.type}")


class Advance:
    """Moves one generation along its feed within a transaction. May keep states between steps of a rebuild."""

    def __init__(self, projection: AnyProjection, generation: Generation, clock: Clock, *, keep: int = 0) -> None:
        self.projection, self.table = projection, table_of(projection, generation)
        self._follower, self._clock, self._keep = generation.table, clock, keep
        self._states: dict[str, Any] = {}

    def forget(self) -> None:
        """Drop kept states: the transaction they were written in may not have been committed."""
        self._states.clear()

    async def step(self, tx: Tx, arrivals: Sequence[Arrival]) -> None:
        """Fold arrivals of handled types, write the rows, park what fails."""
        if not arrivals:
            return
        keys = {arrival.key for arrival in arrivals}
        known = {
            parked.key: Trouble(parked.position, parked.reason)
            for parked in await tx.followers.parked(self._follower, keys if len(keys) <= 5000 else None)
        }
        troubles = await self.apply(tx, arrivals, known)
        await self._park(tx, {key: trouble for key, trouble in troubles.items() if known.get(key) != trouble})

    async def apply(self, tx: Tx, arrivals: Sequence[Arrival], skip: Mapping[str, Trouble]) -> dict[str, Trouble]:
        """Fold and write; returns `skip` with the keys that failed now.

        A row that the database refuses is found only when it is written. Then the run is halved until the fact is found
        that makes it so: where a key is parked must not depend on what happened to arrive together.
        """
        plan = row_keys(self.projection, arrivals, skip)
        before, troubles = await self._load(tx, plan, plan.troubles)
        folded = fold(self.projection, before, arrivals, troubles)
        if (refusal := await self._write(tx, folded)) is None:
            if self._keep:
                self._states |= folded.states
                if len(self._states) > self._keep:
                    self._states.clear()
            return folded.troubles
        if len(arrivals) == 1:
            return {**skip, arrivals[0].key: Trouble(arrivals[0].position, f"{arrivals[0].place}: {refusal}")}
        middle = len(arrivals) // 2
        troubles = await self.apply(tx, arrivals[:middle], skip)
        return await self.apply(tx, arrivals[middle:], troubles)

    async def _load(
        self, tx: Tx, plan: Folded, troubles: dict[str, Trouble]
    ) -> tuple[dict[str, Any], dict[str, Trouble]]:
        states = {key: self._states[key] for key in plan.touched if key in self._states}
        wanted = [key for key in plan.touched if key not in states]
        rows = {row["key"]: row for row in await tx.rows.get(self.table, wanted)} if wanted else {}
        for key in wanted:
            try:
                states[key] = self.projection.from_row(rows[key]) if key in rows else self.projection.initial(key)
            except Exception as error:
                for follower_key, position in plan.touched[key].items():
                    reason = f"{type(error).__name__} while reading a row of {self._follower}"
                    troubles[follower_key] = Trouble(position, reason)
        return states, troubles

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
