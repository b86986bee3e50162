"""Free texts about subjects: sealed into facts, or held until somebody looked at them."""

import hmac
import os
from collections.abc import Awaitable, Callable, Container
from dataclasses import dataclass
from datetime import timedelta
from typing import Final
from uuid import UUID, uuid4

from contracts.events.envelope import Provenance
from contracts.events.held_texts import OpenedText, ReleasedText, ReleaseReason
from contracts.vocabulary.identifiers import site_of
from contracts.vocabulary.sealed import SealedText
from services.chassis.background import Repeated
from services.chassis.clock import Clock
from services.chassis.command import Call, CommandId
from services.chassis.facts import Answer, Facts, Outcome, Unit
from services.chassis.freetext.clear import TEXT_IDENTIFIES, told
from services.chassis.freetext.scan import Hit, scan
from services.chassis.quarantine.port import (
    OWN_TEXT,
    PURPOSE,
    TEXT_QUARANTINED,
    TEXT_RELEASED,
    UNKNOWN_STUDY,
    UNKNOWN_TEXT,
    About,
    Held,
    Quarantine,
)
from services.chassis.refusal import Refused
from services.chassis.sealing.sealer import Sealer

_SALT_BYTES: Final = 16
_SWEEP_SECONDS: Final = 600.0


class Identifying(Refused):
    """Somebody was found in a text. Whoever lets it pass upwards refuses the text; `Texts.transact` holds it too."""

    def __init__(self, about: About, purpose: str, text: str, hits: tuple[Hit, ...]) -> None:
        super().__init__(TEXT_IDENTIFIES, hits=told(hits))
        self.about, self.purpose, self.text, self.hits = about, purpose, text, hits


@dataclass(frozen=True, slots=True)
class Texts:
    """The free texts of one service. `opened` and `released` are the facts under which it records what people did."""

    facts: Facts
    sealer: Sealer
    kept: Quarantine
    clock: Clock
    studies: Container[str]
    opened: type[OpenedText]
    released: type[ReleasedText]

    def known(self, study: str) -> None:
        """Raises `Refused` (404) for a study that is not run here."""
        if study not in self.studies:
            raise Refused(UNKNOWN_STUDY)

    async def sealed(self, study: str, subject: str, text: str, *, purpose: str) -> SealedText:
        """Seal a text under the subject's own key. `purpose` names the field that it is for: elsewhere it cannot open.

        Reads alone, so that a unit of work may ask it each time that it runs. Raises `Refused` (410) where the key was
        destroyed, (422) for a text that is too long, `Identifying` where somebody is found that nobody let pass.
        """
        about = About(study, site_of(subject), f"{study}/{subject}")
        if (hits := scan(text)) and not await self._was_released(about, purpose, text):
            raise Identifying(about, purpose, text, hits)
        return await self.sealer.seal(about.key_id, text, purpose=purpose)

    async def transact(
        self,
        command: CommandId,
        provenance: Provenance,
        work: Callable[[Unit], Awaitable[Answer]],
        *,
        in_turn: str | None = None,
    ) -> Outcome:
        """See `Facts.transact`. Of a command that was refused for a text alone, the text is held.

        After the unit, not in it: a unit runs again and again, and what it finds first on what it remembers of its
        streams need not be why it refuses in the end. Who gets no answer sends the text again, and finds it held once.
        """
        try:
            return await self.facts.transact(command, provenance, work, in_turn=in_turn)
        except Identifying as found:
            raise await self._held(found, by=provenance.actor) from None

    async def open(self, who: Provenance, study: str, site: str, text: UUID) -> tuple[Held, str]:
        """A held text and its words, once it is recorded who reads them. Raises `Refused` (404, 409 released, 410)."""
        held = await self.kept.one(study, site, text)
        if held.text is None:
            raise Refused(TEXT_RELEASED)
        words = await self.sealer.unseal(held.text, purpose=PURPOSE)

        async def work(unit: Unit) -> None:
            await unit.load(_stream(held), 0, _counted)
            unit.append(_stream(held), [self.opened(study=study, subject=subject_of(held), text=held.id)])

        await self.facts.append_unasked(who, work)
        return held, words

    async def release(self, call: Call, study: str, site: str, text: UUID, reason: ReleaseReason) -> Outcome:
        """Let the very same text pass from now on, for the same subject and field. Raises `Refused` (403, 404, 409).

        The fact comes first: a process that ends after it leaves the text held, and the same command again releases it.
        """

        async def work(unit: Unit) -> Answer:
            held = await self.kept.one(study, site, text)
            if held.released_at is not None:
                raise Refused(TEXT_RELEASED)
            if held.sent_by == call.provenance.actor:
                raise Refused(OWN_TEXT)
            await unit.load(_stream(held), 0, _counted)
            fact = self.released(study=study, subject=subject_of(held), text=held.id, reason=reason)
            (event_id,) = unit.append(_stream(held), [fact])
            recorded = {"event_id": str(event_id), "type": fact.type_name, "fact": fact.model_dump(mode="json")}
            return Answer(201, {"recorded": [recorded]})

        outcome = await self.facts.transact(call.command, call.provenance, work)
        await self.kept.release(text, call.provenance.actor, self.clock())
        return outcome

    async def discard(self, study: str, site: str, text: UUID) -> None:
        """Forget a held text. One that was released goes by itself. Raises `Refused` (404)."""
        held = await self.kept.one(study, site, text)
        if held.released_at is not None:
            raise Refused(UNKNOWN_TEXT)
        await self.kept.remove(study, site, text)

    async def forget(self, key_id: str, reason: str) -> None:
        """Destroy a person's key, and forget what is held under it. A second time changes nothing."""
        await self.sealer.destroy(key_id, reason)
        await self.kept.forget(key_id)

    async def sweep(self, days: int) -> int:
        """Forget what is held for longer than this, released or not. How many."""
        return await self.kept.sweep(self.clock() - timedelta(days=days))

    async def _was_released(self, about: About, purpose: str, text: str) -> bool:
        held = await self.kept.of(about.key_id, purpose)
        return any(one.released_at is not None and _same(one, text) for one in held)

    async def _held(self, found: Identifying, *, by: str) -> Refused:
        """Hold a text, sealed. The same one again has the same id. What to answer; raises `Refused` (410, 422)."""
        salt = os.urandom(_SALT_BYTES)
        sealed = await self.sealer.seal(found.about.key_id, found.text, purpose=PURPOSE)
        digest = _digest(salt, found.text)
        held = Held(uuid4(), found.about, found.purpose, found.hits, salt, digest, sealed, by, self.clock())
        standing = await self.kept.hold(held, lambda other: _same(other, found.text))
        if standing is None:
            return found
        return Refused(TEXT_QUARANTINED, quarantine=standing.id, hits=told(found.hits))


def swept(texts: Texts, days: int) -> Repeated:
    """The loop that forgets what is held for longer than this."""
    return Repeated("quarantine", lambda: texts.sweep(days), _SWEEP_SECONDS)


def subject_of(held: Held) -> str:
    """Whom a text is about."""
    return held.about.key_id.rpartition("/")[2]


def _same(held: Held, text: str) -> bool:
    return hmac.compare_digest(held.digest, _digest(held.salt, text))


def _digest(salt: bytes, text: str) -> bytes:
    return hmac.digest(salt, text.encode("utf-8"), "sha256")


def _stream(held: Held) -> str:
    return f"quarantine-{held.about.realm}-{held.id}"


def _counted(before: int, _: object) -> int:
    return before + 1
