"""What an erasure leads to outside of the log: the subject's key is destroyed, and with it every sealed text."""

from dataclasses import dataclass
from typing import Final

from contracts.events.course import SubjectErased
from contracts.vocabulary.course import WithdrawalScope
from services.chassis.command import Call
from services.chassis.facts import Outcome
from services.enrolment.domain.setting import SubjectCommand
from services.enrolment.domain.subject.withdrawal import WithdrawConsent
from services.enrolment.handlers import subjects
from services.enrolment.handlers.context import Context

REASON: Final = "data-use-withdrawn"
LOOK_SECONDS: Final = 5.0
AT_ONCE: Final = 500


async def withdraw(ctx: Context, call: Call, cmd: SubjectCommand, note: str | None = None) -> Outcome:
    """Record a withdrawal; one from any use of the data is answered only when no sealed text opens any more."""
    outcome = await subjects.record(ctx, call, cmd, note=note)
    if isinstance(cmd, WithdrawConsent) and cmd.scope is WithdrawalScope.DATA_USE:
        await forget(ctx, cmd.study, cmd.subject)
    return outcome


async def forget(ctx: Context, study: str, subject: str) -> None:
    """Destroy the key, and forget what is held under it. A second time changes nothing."""
    await ctx.texts.forget(f"{study}/{subject}", REASON)


@dataclass(slots=True)
class Erasures:
    """Destroys the keys of everybody whom the log says to be erased, from its first position on at every start.

    The fact comes first, the destruction after it: a process that ends between the two, a correction that held the
    withdrawal, and a table of keys that was restored from an older backup are all made good here.
    """

    ctx: Context
    _read: int = 0

    async def look(self) -> int:
        """Look at what was recorded since the last time. How many erasures there were."""
        found = 0
        while events := await self.ctx.facts.log.read(self._read, AT_ONCE):
            for event in events:
                if event.type == SubjectErased.type_name:
                    fact = self.ctx.facts.envelope(event).fact
                    if isinstance(fact, SubjectErased):
                        await forget(self.ctx, fact.study, fact.subject)
                        found += 1
            self._read = events[-1].position
        return found
