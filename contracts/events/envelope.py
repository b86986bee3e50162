"""A fact together with where, when, by whom and because of what it was recorded."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Generic, TypeVar
from uuid import UUID

from contracts.events.fact import Fact

F_co = TypeVar("F_co", bound=Fact, covariant=True)


@dataclass(frozen=True, slots=True)
class Provenance:
    """Who acted, in which capacity, and what it follows from.

    `actor` is a pseudonymous account id, never a person's name. `causation_id` is the event or command that
    led here; `traceparent` is the W3C trace context of the request that did.
    """

    actor: str
    roles: tuple[str, ...] = ()
    site: str | None = None
    correlation_id: str | None = None
    causation_id: str | None = None
    traceparent: str | None = None


@dataclass(frozen=True, slots=True)
class Envelope(Generic[F_co]):
    """A recorded fact.

    `position` is its place in the owner's log (contiguous from 1), `version` its place in its stream
    (contiguous from 1), `chain` the hash that binds it to all facts before it. `occurred_at` is clinical time,
    `recorded_at` the owner's system time in UTC; positions and `recorded_at` never disagree in order.
    """

    fact: F_co
    event_id: UUID
    source: str
    stream: str
    version: int
    position: int
    recorded_at: datetime
    chain: str
    provenance: Provenance
    occurred_on: date | None = None
    reason: str | None = None
