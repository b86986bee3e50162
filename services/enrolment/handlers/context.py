"""What the handlers of enrolment work with, and what they have in common."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from typing import Protocol as Port
from uuid import UUID
from zoneinfo import ZoneInfo

from contracts.events.fact import Fact
from contracts.protocol.model import Protocol
from contracts.protocol.versions import Versions
from services.chassis.clock import Clock
from services.chassis.facts import Answer, Facts, Unit
from services.chassis.quarantine.port import Quarantine
from services.chassis.quarantine.texts import Texts
from services.chassis.refusal import Refused
from services.chassis.sealing.sealer import Sealer
from services.chassis.unavailable import Unavailable
from services.enrolment.domain import refusals
from services.enrolment.domain.facts import TextOpened, TextReleased
from services.enrolment.domain.known import ScanEvidence
from services.enrolment.domain.setting import Setting
from services.enrolment.domain.site import Site, conduct_stream, evolve_site, site_stream
from services.enrolment.domain.state import Subject
from services.enrolment.domain.subject.guards import screened


class TumourAssessments(Port):
    """The question to assessment, answered from its write side."""

    async def standing(
        self, study: str, subject: str, timepoint: str, *, as_of: datetime | None = None
    ) -> ScanEvidence | None:
        """The investigator's reading of a timepoint that stands now, or None. Raises `Unavailable`, `Refused`.

        `as_of`: that stood then, by assessment's own clock.
        """
        ...


@dataclass(frozen=True, slots=True)
class Context:
    """What the handlers work with."""

    facts: Facts
    protocols: Mapping[str, Versions]
    clock: Clock
    assessments: TumourAssessments
    sealer: Sealer
    quarantine: Quarantine

    @property
    def texts(self) -> Texts:
        """The free texts of this service, held ones as well."""
        return Texts(
            self.facts, self.sealer, self.quarantine, self.clock, self.protocols.keys(), TextOpened, TextReleased
        )

    def versions(self, study: str) -> Versions:
        """The versions of a study's protocol. Raises `Refused` (404) for one that is not run here."""
        try:
            return self.protocols[study]
        except KeyError:
            raise Refused(refusals.common.UNKNOWN_STUDY) from None

    def protocol(self, study: str) -> Protocol:
        """The newest version: for what all have in common, and never for a decision about a subject.

        Raises `Refused` (404) for a study that is not run here.
        """
        return self.versions(study).newest

    def in_force(self, study: str, site: Site, day: date) -> Protocol:
        """The version by which a site works on a day (digest 2: criteria are versioned data).

        Raises `Unavailable` where the site adopted one whose file is not here: another one would decide otherwise.
        """
        versions = self.versions(study)
        adopted = site.version_on(day)
        found = versions.first if adopted is None else versions.named(adopted)
        if found is None:
            raise Unavailable(f"version {adopted} of the protocol")
        return found

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


async def setting_of(ctx: Context, study: str, subject: Subject, on: date | None = None) -> Setting:
    """What surrounds a subject, by the version in force on a clinical day (None: today). Its site as in `site_of`."""
    today = ctx.today(ctx.protocol(study))
    site = await site_of(ctx, study, subject)
    return Setting(ctx.in_force(study, site, on or today), site, today)


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
