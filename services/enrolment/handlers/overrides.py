"""A criterion overridden, and the deviation that this always is, in one append."""

from typing import Final

from contracts.events.course import EligibilityOverridden
from services.chassis.command import Call
from services.chassis.facts import Answer, Outcome, Unit
from services.enrolment.domain.state import Subject, evolve, subject_stream
from services.enrolment.domain.subject.decisions import decide
from services.enrolment.domain.subject.overrides import OverrideEligibility, deviation_of
from services.enrolment.handlers.context import Context, created, setting_of

REASON: Final = "enrolment.override-reason"
"""The purpose under which the reason of an override is sealed."""


async def override(ctx: Context, call: Call, cmd: OverrideEligibility, reason: str) -> Outcome:
    """Override a criterion for a subject. The reason is sealed only once nothing else refuses the command."""
    ctx.protocol(cmd.study)
    stream = subject_stream(cmd.study, cmd.subject)

    async def work(unit: Unit) -> Answer:
        subject = await unit.load(stream, Subject(), evolve, if_match=call.if_match)
        setting = await setting_of(ctx, cmd.study, subject, cmd.overridden_on)
        (decided,) = decide(subject, setting, cmd)
        if not isinstance(decided, EligibilityOverridden):
            raise TypeError(f"an override that is {decided.type_name}")
        sealed = await ctx.texts.sealed(cmd.study, cmd.subject, reason, purpose=REASON)
        fact = decided.model_copy(update={"reason": sealed})
        (event_id,) = unit.append(stream, [fact], occurred_on=cmd.overridden_on)
        deviation = deviation_of(fact, event_id)
        (about,) = unit.append(stream, [deviation], occurred_on=cmd.overridden_on)
        return created([event_id, about], [decided, deviation])

    return await ctx.texts.transact(call.command, call.provenance, work, in_turn=stream)
