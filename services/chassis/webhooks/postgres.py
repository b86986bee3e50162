"""Subscriptions in PostgreSQL, timed by the database's clock."""

import json
from collections.abc import Sequence
from functools import partial
from pathlib import Path
from uuid import UUID

import asyncpg

from contracts.vocabulary.sealed import SealedText
from services.chassis.log.statements import statement
from services.chassis.pool import rows
from services.chassis.refusal import Refused
from services.chassis.webhooks.port import KEPT, MOST, TOO_MANY_WEBHOOKS, UNKNOWN_WEBHOOK, Attempt, Subscription

_sql = partial(statement, Path(__file__).parent / "sql")


class PostgresWebhooks:
    """`Webhooks` and `Deliveries` in `webhooks` and `webhook_attempts`."""

    def __init__(self, pool: "asyncpg.Pool[asyncpg.Record]") -> None:
        self._pool = pool

    async def add(self, made: Subscription) -> Subscription:
        """See `Webhooks.add`."""
        found = await self._rows(
            "add",
            made.id,
            made.realm,
            made.scope,
            made.url,
            list(made.types),
            made.secret.model_dump_json(),
            made.made_by,
            made.request_hash,
            made.made_at,
            made.cursor,
            MOST,
        )
        if not found:
            found = await self._rows("one", made.realm, made.scope, made.id)
        if not found:
            raise Refused(TOO_MANY_WEBHOOKS, most=MOST)
        return _subscription(found[0])

    async def all(self, realm: str, scope: str) -> Sequence[Subscription]:
        """See `Webhooks.all`."""
        return [_subscription(row) for row in await self._rows("all", realm, scope)]

    async def one(self, realm: str, scope: str, webhook: UUID) -> Subscription:
        """See `Webhooks.one`."""
        return _only(await self._rows("one", realm, scope, webhook))

    async def remove(self, realm: str, scope: str, webhook: UUID) -> None:
        """See `Webhooks.remove`."""
        _only(await self._rows("remove", realm, scope, webhook))

    async def replay(self, realm: str, scope: str, webhook: UUID, cursor: int) -> Subscription:
        """See `Webhooks.replay`."""
        return _only(await self._rows("replay", realm, scope, webhook, cursor))

    async def attempts(self, webhook: UUID) -> Sequence[Attempt]:
        """See `Webhooks.attempts`."""
        return [Attempt(*row) for row in await self._rows("attempts", webhook, KEPT)]

    async def claim(self, head: int, seconds: float) -> Subscription | None:
        """See `Deliveries.claim`."""
        found = await self._rows("claim", head, seconds)
        return _subscription(found[0]) if found else None

    async def advance(self, held: Subscription, cursor: int, seconds: float, *, delivered: bool) -> Subscription | None:
        """See `Deliveries.advance`."""
        found = await self._rows("advance", held.id, held.epoch, held.cursor, cursor, seconds, delivered)
        return _subscription(found[0]) if found else None

    async def failed(self, held: Subscription, pause: float, give_up: float, disable: str | None) -> None:
        """See `Deliveries.failed`."""
        await self._rows("failed", held.id, held.epoch, held.cursor, pause, give_up, disable)

    async def release(self, held: Subscription) -> None:
        """See `Deliveries.release`."""
        await self._rows("release", held.id, held.epoch)

    async def note(self, held: Subscription, attempt: Attempt) -> None:
        """See `Deliveries.note`."""
        await self._rows(
            "note",
            held.id,
            attempt.position,
            attempt.event_id,
            attempt.at,
            attempt.status,
            attempt.error,
            attempt.milliseconds,
        )
        await self._rows("forget", held.id, KEPT)

    async def _rows(self, name: str, *arguments: object) -> "list[asyncpg.Record]":
        return await rows(self._pool, _sql(name), *arguments)


def _only(found: "list[asyncpg.Record]") -> Subscription:
    if not found:
        raise Refused(UNKNOWN_WEBHOOK)
    return _subscription(found[0])


def _subscription(row: "asyncpg.Record") -> Subscription:
    return Subscription(
        id=UUID(bytes=row["id"].bytes),
        realm=row["realm"],
        scope=row["scope"],
        url=row["url"],
        types=tuple(row["types"]),
        secret=SealedText.model_validate(json.loads(row["secret"])),
        made_by=row["made_by"],
        request_hash=row["request_hash"],
        made_at=row["made_at"],
        cursor=row["cursor"],
        epoch=row["epoch"],
        failures=row["failures"],
        failing_since=row["failing_since"],
        disabled=row["disabled"],
    )
