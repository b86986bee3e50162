"""A quarantine in memory, for tests."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from uuid import UUID

from services.chassis.quarantine.port import MOST, SHOWN, UNKNOWN_TEXT, Held
from services.chassis.refusal import Refused


@dataclass(slots=True)
class MemoryQuarantine:
    """A `Quarantine` over a dictionary."""

    kept: dict[UUID, Held] = field(default_factory=dict)

    async def hold(self, held: Held, same: Callable[[Held], bool]) -> Held | None:
        """See `Quarantine.hold`."""
        for one in await self.of(held.about.key_id, held.purpose):
            if same(one):
                return one
        if sum(one.about.key_id == held.about.key_id for one in self.kept.values()) >= MOST:
            return None
        self.kept[held.id] = held
        return held

    async def of(self, key_id: str, purpose: str) -> Sequence[Held]:
        """See `Quarantine.of`."""
        return [one for one in self.kept.values() if (one.about.key_id, one.purpose) == (key_id, purpose)]

    async def all(self, realm: str, scope: str) -> Sequence[Held]:
        """See `Quarantine.all`."""
        found = [
            one
            for one in self.kept.values()
            if (one.about.realm, one.about.scope) == (realm, scope) and one.released_at is None
        ]
        return sorted(found, key=lambda one: (one.since, one.id))[:SHOWN]

    async def one(self, realm: str, scope: str, text: UUID) -> Held:
        """See `Quarantine.one`."""
        found = self.kept.get(text)
        if found is None or (found.about.realm, found.about.scope) != (realm, scope):
            raise Refused(UNKNOWN_TEXT)
        return found

    async def release(self, text: UUID, by: str, at: datetime) -> None:
        """See `Quarantine.release`."""
        found = self.kept.get(text)
        if found is not None and found.released_at is None:
            self.kept[text] = replace(found, text=None, released_by=by, released_at=at)

    async def remove(self, realm: str, scope: str, text: UUID) -> None:
        """See `Quarantine.remove`."""
        del self.kept[(await self.one(realm, scope, text)).id]

    async def forget(self, key_id: str) -> None:
        """See `Quarantine.forget`."""
        self.kept = {at: one for at, one in self.kept.items() if one.about.key_id != key_id}

    async def sweep(self, before: datetime) -> int:
        """See `Quarantine.sweep`."""
        old = [at for at, one in self.kept.items() if one.since < before]
        for at in old:
            del self.kept[at]
        return len(old)
