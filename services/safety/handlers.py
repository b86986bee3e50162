"""Load, decide, append: one function per command, each one unit of work."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, tzinfo
from typing import Final
from zoneinfo import ZoneInfo

from contracts.events.heard import Heard
from contracts.events.safety import AlertRaised
from contracts.protocol.model import Protocol
from services.chassis.clock import Clock
from services.chassis.command import Call
from services.chassis.facts import Answer, Facts, Outcome, Unit
from services.chassis.quarantine.port import Quarantine
from services.chassis.quarantine.texts import Texts
from services.chassis.refusal import Refused
from services.chassis.register import Register
from services.chassis.sealing.sealer import Sealer
from services.safety.alert_list import Alerts
from services.safety.domain import decide
from services.safety.domain.alerts import follow
from services.safety.domain.commands import RecordLaboratoryResult, ReportAdverseEvent
from services.safety.domain.facts import TextOpened, TextReleased
from services.safety.domain.refusals import SUBJECT_ERASED, UNKNOWN_STUDY
from services.safety.domain.state import INITIAL, Graded, evolve, safety_stream
from services.safety.rulebook import Rulebook
from services.safety.views import AdverseEventView, GradeView, LaboratoryResultView

NARRATIVE: Final = "safety.narrative"
"""The purpose under which narratives are sealed."""
HEARING_TIMEOUT: Final = 2.0
"""Seconds that a command waits for word of its subject."""


@dataclass(frozen=True, slots=True)
class Context:
    """What the handlers work with."""

    facts: Facts
    protocols: Mapping[str, Protocol]
    clock: Clock
    sealer: Sealer
    quarantine: Quarantine
    register: Register
    alerts: Alerts
    rules: Rulebook
    hearing_timeout: float = HEARING_TIMEOUT

    @property
    def texts(self) -> Texts:
        """The free texts of this service, held ones as well."""
        return Texts(
            self.facts, self.sealer, self.quarantine, self.clock, self.protocols.keys(), TextOpened, TextReleased
        )

    def zone(self, study: str) -> tzinfo:
        """The time zone whose calendar the study keeps. Raises `Refused` (404) for a study that is not run here."""
        try:
            return ZoneInfo(self.protocols[study].study.time_zone)
        except KeyError:
            raise Refused(UNKNOWN_STUDY) from None

    async def known(self, study: str, subject: str) -> Heard | None:
        """What enrolment has told of the subject, after a moment's patience."""
        return await self.register.subject(study, subject, until=_consented, timeout=self.hearing_timeout)

    async def not_erased(self, study: str, subject: str) -> None:
        """Raises `Refused` (410) for a subject that was erased: of it nothing is told, of no moment."""
        if (erased_on := await self.erased(study, subject)) is not None:
            raise Refused(SUBJECT_ERASED, erased_on=erased_on)

    async def erased(self, study: str, subject: str) -> date | None:
        """When the subject was erased, if it was."""
        found = await self.register.subject(study, subject, until=_any, timeout=0.0)
        return found.erased_on if found is not None else None


async def report_adverse_event(
    ctx: Context, call: Call, cmd: ReportAdverseEvent, narrative: str | None, reason: str | None = None
) -> Outcome:
    """Record an adverse event, or what is known of it now; `reason`: why there is something new.

    The narrative is sealed, or held, only once nothing else refuses the event.
    """
    if answered := await ctx.facts.answered(call.command):
        return answered
    zone = ctx.zone(cmd.study)
    known = await ctx.known(cmd.study, cmd.subject)
    stream = safety_stream(cmd.study, cmd.subject)
    await ctx.not_erased(cmd.study, cmd.subject)

    async def work(unit: Unit) -> Answer:
        state = await unit.load(stream, INITIAL, evolve, if_match=call.if_match)
        standing = state.adverse_events.get(cmd.adverse_event)
        (fact,) = decide.report_adverse_event(known, standing, cmd, ctx.rules.terms, now=ctx.clock(), zone=zone)
        if narrative is not None:
            sealed = await ctx.texts.sealed(cmd.study, cmd.subject, narrative, purpose=NARRATIVE)
            fact = fact.model_copy(update={"narrative": sealed})
        (event_id,) = unit.append(stream, [fact], occurred_on=cmd.onset_on, reason=reason)
        return Answer(201, AdverseEventView.of(fact, event_id, ctx.rules.terms).model_dump(mode="json"))

    return await ctx.texts.transact(call.command, call.provenance, work)


async def record_laboratory_result(ctx: Context, call: Call, cmd: RecordLaboratoryResult) -> Outcome:
    """Record a result, its grade, and what the grade means for alerts: one append, so that none is ever without."""
    if answered := await ctx.facts.answered(call.command):
        return answered
    zone = ctx.zone(cmd.study)
    known = await ctx.known(cmd.study, cmd.subject)
    stream, rule = safety_stream(cmd.study, cmd.subject), ctx.rules.laboratory_alert

    async def work(unit: Unit) -> Answer:
        now = ctx.clock()
        state = await unit.load(stream, INITIAL, evolve, if_match=call.if_match)
        recorded, graded = decide.record_laboratory_result(
            known, cmd, ctx.rules.laboratory, today=now.astimezone(zone).date()
        )
        recorded_id, graded_id = unit.append(stream, [recorded, graded], occurred_on=cmd.sampled_on)
        last = Graded.of(graded, graded_id, cmd.sampled_on)
        following = follow(rule, state, last, study=cmd.study, subject=cmd.subject, now=now)
        unit.append(stream, following, occurred_on=cmd.sampled_on, causation_id=str(graded_id))
        raised = [fact.alert for fact in following if isinstance(fact, AlertRaised)]
        grade = GradeView.of(graded, graded_id)
        return Answer(201, LaboratoryResultView.of(recorded, recorded_id, grade, raised).model_dump(mode="json"))

    return await ctx.facts.transact(call.command, call.provenance, work)


def _consented(known: Heard | None) -> bool:
    return known is not None and (known.consent_on is not None or known.erased_on is not None)


def _any(known: Heard | None) -> bool:
    return True
