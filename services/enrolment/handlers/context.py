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
from services.enrolment.domain import decide, refusals
from services.enrolment.domain.known import ScanEvidence
from services.enrolment.domain.site import Site, evolve_site, site_stream
from services.enrolment.domain.state import Subject


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

    The site's stream moves with every screening; its activation and the approved consent versions only ever stand.
    """
    stream = site_stream(study, decide.screened(subject).site)
    return (await ctx.facts.load(stream, Site(), evolve_site)).state


async def guarded_site(unit: Unit, study: str, subject: Subject) -> Site:
    """The subject's site, at this version when the unit is written: a pause or the end of a delegation has one order
    with what it forbids, whichever comes first. A screening meanwhile makes the unit run again."""
    return await unit.load(site_stream(study, decide.screened(subject).site), Site(), evolve_site)


def created(ids: Sequence[UUID], facts: Sequence[Fact], **more: Any) -> Answer:
    """What was recorded: the first fact is what was asked for, the others follow from it."""
    recorded = [
        {"event_id": str(event_id), "type": fact.type_name, "fact": fact.model_dump(mode="json")}
        for event_id, fact in zip(ids, facts, strict=True)
    ]
    return Answer(201, {"recorded": recorded, **more})
