"""What webhooks need from their keeper: subscriptions with a cursor and a lease, and the attempts that were made."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final, Protocol
from uuid import UUID

from contracts.vocabulary.sealed import SealedText
from services.chassis.refusal import Refusal

UNKNOWN_WEBHOOK: Final = Refusal(
    "unknown-webhook", 404, "There is no such webhook here.", "Use the id under which it was made."
)
ADDRESS_NOT_ACCEPTED: Final = Refusal(
    "webhook-address-not-accepted",
    422,
    "Nothing is delivered to that address.",
    "Give an `https` address with a name or number that is reached from the internet, without a user or a fragment.",
)
BEYOND_THE_END: Final = Refusal(
    "beyond-the-end",
    422,
    "The log has no such position yet.",
    "Begin at a position that was recorded, or at the next one.",
)
TOO_MANY_WEBHOOKS: Final = Refusal(
    "too-many-webhooks", 409, "There are as many webhooks here as there may be.", "Remove one that is not needed."
)

MOST: Final = 20
"""Webhooks of one scope."""
KEPT: Final = 100
"""Attempts of one webhook that are remembered."""
PURPOSE: Final = "webhook-secret"


def key_of(webhook: UUID) -> str:
    """The name of the key under which the secret of a webhook is sealed."""
    return f"webhook/{webhook}"


@dataclass(frozen=True, slots=True)
class Subscription:
    """Who wants to be told what. `cursor` is the log position up to which everything was delivered or passed over.

    `realm` and `scope` say whose facts they are; what they mean is for the service to know. `disabled` says why
    nothing is delivered any more; the cursor stays, so that a replay loses nothing. `epoch` is that of the lease.
    """

    id: UUID
    realm: str
    scope: str
    url: str
    types: tuple[str, ...]
    secret: SealedText
    made_by: str
    request_hash: bytes
    made_at: datetime
    cursor: int
    epoch: int = 0
    failures: int = 0
    failing_since: datetime | None = None
    disabled: str | None = None


@dataclass(frozen=True, slots=True)
class Attempt:
    """One delivery that was tried. `status` is what the receiver answered, `error` why there was no answer."""

    position: int
    event_id: UUID
    at: datetime
    status: int | None
    error: str | None
    milliseconds: int


class Webhooks(Protocol):
    """The subscriptions as people see them."""

    async def add(self, made: Subscription) -> Subscription:
        """Keep it, unless its id is known: then what is kept. Raises `Refused` (409) where there are too many."""
        ...

    async def all(self, realm: str, scope: str) -> Sequence[Subscription]:
        """Those of a scope, oldest first."""
        ...

    async def one(self, realm: str, scope: str, webhook: UUID) -> Subscription:
        """Raises `Refused` (404)."""
        ...

    async def remove(self, realm: str, scope: str, webhook: UUID) -> None:
        """Forget it with its attempts. Raises `Refused` (404)."""
        ...

    async def replay(self, realm: str, scope: str, webhook: UUID, cursor: int) -> Subscription:
        """Deliver again what follows `cursor`, and again at all if it was disabled. Raises `Refused` (404)."""
        ...

    async def attempts(self, webhook: UUID) -> Sequence[Attempt]:
        """The last ones, newest first."""
        ...


class Deliveries(Protocol):
    """The subscriptions as a deliverer sees them. Whatever it says under a lease that it lost is not heard."""

    async def claim(self, head: int, seconds: float) -> Subscription | None:
        """Lease one that is due and has something to deliver before `head`, if there is one."""
        ...

    async def advance(self, held: Subscription, cursor: int, seconds: float, *, delivered: bool) -> Subscription | None:
        """Move the cursor and renew the lease. None: the lease, or the webhook, is another's or gone."""
        ...

    async def failed(self, held: Subscription, pause: float, give_up: float, disable: str | None) -> None:
        """Give the lease back for `pause` seconds; for good after `give_up` seconds without a success."""
        ...

    async def release(self, held: Subscription) -> None:
        """Give the lease back."""
        ...

    async def note(self, held: Subscription, attempt: Attempt) -> None:
        """Remember an attempt, and forget the oldest."""
        ...
