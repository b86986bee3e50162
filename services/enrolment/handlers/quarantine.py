"""Texts about subjects that were not taken, because somebody was found in them: opened, released, forgotten."""

import logging
from datetime import timedelta
from typing import Final
from uuid import UUID

from services.chassis.command import Call
from services.chassis.facts import Answer, Outcome, Unit
from services.chassis.quarantine.port import OWN_TEXT, PURPOSE, TEXT_RELEASED, UNKNOWN_TEXT, Held
from services.chassis.refusal import Refused
from services.enrolment.domain.facts import ReleaseReason, TextReleased
from services.enrolment.handlers.context import Context, created

SWEEP_SECONDS: Final = 600.0
_logger = logging.getLogger(__name__)


async def opened(ctx: Context, study: str, site: str, text: UUID) -> tuple[Held, str]:
    """A held text and its words. Raises `Refused` (404, 409 once it was released, 410)."""
    held = await ctx.quarantine.one(study, site, text)
    if held.text is None:
        raise Refused(TEXT_RELEASED)
    words = await ctx.sealer.unseal(held.text, purpose=PURPOSE)
    _logger.info("quarantined text %s was opened", held.id)
    return held, words


async def release(ctx: Context, call: Call, study: str, site: str, text: UUID, reason: ReleaseReason) -> Outcome:
    """Let the very same text pass from now on, for the same subject and field. Raises `Refused` (403, 404, 409).

    The fact comes first: a process that ends after it leaves the text held, and the same command again releases it.
    """

    async def work(unit: Unit) -> Answer:
        held = await ctx.quarantine.one(study, site, text)
        if held.released_at is not None:
            raise Refused(TEXT_RELEASED)
        if held.sent_by == call.provenance.actor:
            raise Refused(OWN_TEXT)
        stream = f"quarantine-{study}-{held.id}"
        await unit.load(stream, 0, _counted)
        fact = TextReleased(study=study, subject=subject_of(held), text=held.id, reason=reason)
        return created(unit.append(stream, [fact]), [fact])

    outcome = await ctx.facts.transact(call.command, call.provenance, work)
    await ctx.quarantine.release(text, call.provenance.actor, ctx.clock())
    return outcome


async def discard(ctx: Context, study: str, site: str, text: UUID) -> None:
    """Forget a held text. One that was released goes by itself. Raises `Refused` (404)."""
    held = await ctx.quarantine.one(study, site, text)
    if held.released_at is not None:
        raise Refused(UNKNOWN_TEXT)
    await ctx.quarantine.remove(study, site, text)


async def sweep(ctx: Context, days: int) -> int:
    """Forget what is held for longer than this, released or not. How many."""
    return await ctx.quarantine.sweep(ctx.clock() - timedelta(days=days))


def subject_of(held: Held) -> str:
    """Whom a text is about."""
    return held.about.key_id.rpartition("/")[2]


def _counted(before: int, _: object) -> int:
    return before + 1
