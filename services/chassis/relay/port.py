"""What the relay needs from outside: a cursor under a lease, and a producer."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol
from uuid import UUID

from contracts.events.wire import Message, Places


@dataclass(frozen=True, slots=True)
class Lease:
    """The right to publish, and from where on.

    `epoch` is the fencing token: it grows with every acquisition, and the cursor moves only for the newest.
    `cluster_id` is the broker cluster that `out_pos` counts for; None before the first publication.
    """

    owner: str
    epoch: int
    out_pos: int
    cluster_id: str | None


@dataclass(frozen=True, slots=True)
class CursorState:
    """The cursor as anybody may see it. `reached` is the furthest it ever was; it never goes back."""

    out_pos: int
    epoch: int
    owner: str | None
    lease_until: datetime | None
    cluster_id: str | None
    reached: int


class Fenced(Exception):
    """Another relay has the lease: stop publishing at once. What was sent meanwhile, consumers have dropped."""


class Cursor(Protocol):
    """The one row that says who publishes and how far. Implementations pass `services.chassis.relay.conformance`.

    Time is that of the keeper of the row, never of the relay: two machines need not agree what time it is.
    All methods raise `services.chassis.unavailable.Unavailable` when the keeper cannot be reached.
    """

    async def acquire(self, owner: str, seconds: float) -> Lease | None:
        """Take the lease if nobody has it, it ran out, or `owner` has it already. None: somebody else has it."""
        ...

    async def renew(self, lease: Lease, seconds: float) -> None:
        """Keep the lease. Raises `Fenced`."""
        ...

    async def move(self, lease: Lease, out_pos: int, cluster_id: str, seconds: float) -> Lease:
        """Everything up to `out_pos` is in this cluster. Also renews. Raises `Fenced`."""
        ...

    async def release(self, lease: Lease) -> None:
        """Give the lease back, so that the next relay need not wait. Nothing happens if it is not ours any more."""
        ...

    async def state(self) -> CursorState:
        """How far it is, and who moves it."""
        ...


class SendFailed(Exception):
    """Not every message was acknowledged; which ones is unknown."""


class Producer(Protocol):
    """A connection to one broker cluster. After an error it is thrown away."""

    async def start(self) -> None:
        """Connect. Raises `SendFailed`."""
        ...

    async def cluster_id(self) -> str:
        """The id of the cluster at the other end, asked now. Raises `SendFailed`."""
        ...

    async def send(self, messages: Sequence[Message]) -> None:
        """Send in order and return when all in-sync replicas have acknowledged all. Raises `SendFailed`."""
        ...

    async def mark(self, topics: Sequence[str], source: str, mark: UUID) -> Mapping[str, int]:
        """Write a mark into every partition of each topic, acknowledged as by `send`, and say how many there are.

        Raises `SendFailed`.
        """
        ...

    async def announce(self, source: str, mark: UUID, topics: Mapping[str, Places]) -> None:
        """Write all this into every partition of each topic, acknowledged as by `send`. Raises `SendFailed`."""
        ...

    async def stop(self) -> None:
        """Disconnect; never raises."""
        ...
