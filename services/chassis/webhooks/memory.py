"""Subscriptions in memory: what people see of them, for tests of routes."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from uuid import UUID

from services.chassis.refusal import Refused
from services.chassis.webhooks.port import MOST, TOO_MANY_WEBHOOKS, UNKNOWN_WEBHOOK, Attempt, Subscription


@dataclass(slots=True)
class MemoryWebhooks:
    """A `Webhooks` over a dictionary."""

    kept: dict[UUID, Subscription] = field(default_factory=dict)

    async def add(self, made: Subscription) -> Subscription:
        """See `Webhooks.add`."""
        if made.id not in self.kept and len(await self.all(made.realm, made.scope)) >= MOST:
            raise Refused(TOO_MANY_WEBHOOKS, most=MOST)
        return self.kept.setdefault(made.id, made)

    async def all(self, realm: str, scope: str) -> Sequence[Subscription]:
        """See `Webhooks.all`."""
        return [one for one in self.kept.values() if (one.realm, one.scope) == (realm, scope)]

    async def one(self, realm: str, scope: str, webhook: UUID) -> Subscription:
        """See `Webhooks.one`."""
        found = self.kept.get(webhook)
        if found is None or (found.realm, found.scope) != (realm, scope):
            raise Refused(UNKNOWN_WEBHOOK)
        return found

    async def remove(self, realm: str, scope: str, webhook: UUID) -> None:
        """See `Webhooks.remove`."""
        del self.kept[(await self.one(realm, scope, webhook)).id]

    async def replay(self, realm: str, scope: str, webhook: UUID, cursor: int) -> Subscription:
        """See `Webhooks.replay`."""
        found = await self.one(realm, scope, webhook)
        self.kept[webhook] = replace(found, cursor=cursor, failures=0, failing_since=None, disabled=None)
        return self.kept[webhook]

    async def attempts(self, webhook: UUID) -> Sequence[Attempt]:
        """See `Webhooks.attempts`. Nothing is delivered from here."""
        return []
