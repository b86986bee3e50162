"""Load, decide, append: one function per command, each one unit of work."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Final
from typing import Protocol as Port
from zoneinfo import ZoneInfo

from contracts.protocol.model import Protocol
from services.assessment.domain import decide
from services.assessment.domain.commands import RecordTumourAssessment
from services.assessment.domain.refusals import SUBJECT_ERASED, UNKNOWN_STUDY
from services.assessment.domain.register import Subject
from services.assessment.domain.state import INITIAL, assessment_stream, evolve
from services.assessment.views import TumourAssessmentView
from services.chassis.clock import Clock
from services.chassis.command import Call
from services.chassis.facts import Answer, Facts, Outcome, Unit
from services.chassis.freetext.clear import must_be_clear
from services.chassis.refusal import Refused
from services.chassis.sealing.sealer import Sealer

COMMENT: Final = "assessment.comment"
"""The purpose under which comments are sealed."""
HEARING_TIMEOUT: Final = 2.0
"""Seconds that a command waits for word of its subject."""


class Register(Port):
    """The subjects that enrolment has told of."""

    async def subject(
        self, study: str, subject: str, *, until: Callable[[Subject | None], bool], timeout: float
    ) -> Subject | None:
        """What has been heard of a subject; waits at most `timeout` seconds for `until` to hold of it."""
        ...


@dataclass(frozen=True, slots=True)
class Context:
    """What the handlers work with."""

    facts: Facts
    protocols: Mapping[str, Protocol]
    clock: Clock
    sealer: Sealer
    register: Register
    hearing_timeout: float = HEARING_TIMEOUT

    def protocol(self, study: str) -> Protocol:
        """The protocol of a study. Raises `Refused` (404) for one that is not run here."""
        try:
            return self.protocols[study]
        except KeyError:
            raise Refused(UNKNOWN_STUDY) from None

    def today(self, protocol: Protocol) -> date:
        """The date in the trial's own time zone."""
        return self.clock().astimezone(ZoneInfo(protocol.study.time_zone)).date()

    async def not_erased(self, study: str, subject: str) -> None:
        """Raises `Refused` (410) for a subject that was erased: of it nothing is told, of no moment."""
        found = await self.register.subject(study, subject, until=_any, timeout=0.0)
        if found is not None and found.erased_on is not None:
            raise Refused(SUBJECT_ERASED, erased_on=found.erased_on)


def timepoints(protocol: Protocol) -> tuple[str, ...]:
    """The timepoints of the protocol, in the order of its visits."""
    return tuple(visit.timepoint for visit in protocol.every_visit if visit.timepoint is not None)


async def record_tumour_assessment(
    ctx: Context, call: Call, cmd: RecordTumourAssessment, comment: str | None
) -> Outcome:
    """Record what a reader said of a scan."""
    if answered := await ctx.facts.answered(call.command):
        return answered
    protocol = ctx.protocol(cmd.study)
    known = await ctx.register.subject(cmd.study, cmd.subject, until=_included, timeout=ctx.hearing_timeout)
    stream, today = assessment_stream(cmd.study, cmd.subject), ctx.today(protocol)
    await ctx.not_erased(cmd.study, cmd.subject)
    if comment is not None:
        must_be_clear(comment)
        sealed = await ctx.sealer.seal(f"{cmd.study}/{cmd.subject}", comment, purpose=COMMENT)
        cmd = replace(cmd, comment=sealed)

    async def work(unit: Unit) -> Answer:
        state = await unit.load(stream, INITIAL, evolve, if_match=call.if_match)
        facts = decide.record_tumour_assessment(state, known, cmd, timepoints=timepoints(protocol), today=today)
        (event_id,) = unit.append(stream, facts, occurred_on=cmd.scan_on)
        return Answer(201, TumourAssessmentView.of(facts[0], event_id).model_dump(mode="json"))

    return await ctx.facts.transact(call.command, call.provenance, work)


def _included(known: Subject | None) -> bool:
    return known is not None and (
        (known.included_on is not None and known.consent_on is not None) or known.erased_on is not None
    )


def _any(known: Subject | None) -> bool:
    return True
