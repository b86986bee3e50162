"""What the handlers of enrolment work with, and what they have in common."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from typing import Protocol as Port
from uuid import UUID
from zoneinfo import ZoneInfo

from contracts.events.fact import Fact
from contracts.protocol.model import Protocol
from services.chassis.clock import Clock
from services.chassis.facts import Answer, Facts, Unit
from services.chassis.refusal import Refused
from services.enrolment.domain import refusals
from services.enrolment.domain.known import ScanEvidence
from services.enrolment.domain.setting import Setting
from services.enrolment.domain.site import Site, conduct_stream, evolve_site, site_stream
from services.enrolment.domain.state import Subject
from services.enrolment.domain.subject.guards import screened


class TumourAssessments(Port):
    """The question to assessment, answered from its write side."""

    async def standing(self, study: str, subject: str, timepoint: str) -> ScanEvidence | None:
        """The investigator's reading of a timepoint that stands now, or None. Raises `Unavailable`, `Refused`."""
        ...


@dataclass(frozen=True, slots=True)
class Context:
    """What the handlers work with."""

    facts: Facts
    protocols: Mapping[str, Protocol]
    clock: Clock
    assessments: TumourAssessments

    def protocol(self, study: str) -> Protocol:
        """The protocol of a study. Raises `Refused` (404) for one that is not run here."""
        try:
            return self.protocols[study]
        except KeyError:
            raise Refused(refusals.UNKNOWN_STUDY) from None

    def today(self, protocol: Protocol) -> date:
        """The date in the trial's own time zone."""
        return self.clock().astimezone(ZoneInfo(protocol.study.time_zone)).date()


async def site_of(ctx: Context, study: str, subject: Subject) -> Site:
    """The subject's site, read without making its version a condition: for what nobody can take away again.

    Its activation and the approved consent versions only ever stand. For a dry run all of it is good enough.
    """
    where = screened(subject).site
    conduct = await ctx.facts.load(conduct_stream(study, where), Site(), evolve_site)
    return (await _opened(ctx, study, where)).conducted(conduct.state)


async def setting_of(ctx: Context, study: str, subject: Subject) -> Setting:
    """What surrounds a subject. Its site is read as in `site_of`."""
    protocol = ctx.protocol(study)
    return Setting(protocol, await site_of(ctx, study, subject), ctx.today(protocol))


async def guarded_site(ctx: Context, unit: Unit, study: str, site: str, *, if_match: int | None = None) -> Site:
    """A site whose conduct is still this when the unit is written.

    A pause or the end of a delegation so has one order with what it forbids: it comes before or after, never beside.
    """
    conduct = await unit.load(conduct_stream(study, site), Site(), evolve_site, if_match=if_match)
    return (await _opened(ctx, study, site)).conducted(conduct)


async def _opened(ctx: Context, study: str, site: str) -> Site:
    return (await ctx.facts.load(site_stream(study, site), Site(), evolve_site)).state


def created(ids: Sequence[UUID], facts: Sequence[Fact], **more: Any) -> Answer:
    """What was recorded: the first fact is what was asked for, the others follow from it."""
    recorded = [
        {"event_id": str(event_id), "type": fact.type_name, "fact": fact.model_dump(mode="json")}
        for event_id, fact in zip(ids, facts, strict=True)
    ]
    return Answer(201, {"recorded": recorded, **more})
