"""The queries of the open part: read at one moment, count, say what it stands on. No arm is read here."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final
from zoneinfo import ZoneInfo

from contracts.protocol.model import Protocol
from contracts.vocabulary.clinical import Reader
from services.analytics.domain import dcr, flow
from services.analytics.domain.conduct import Conduct
from services.analytics.domain.dcr import Rule
from services.analytics.domain.refusals import CUT_OFF_IN_FUTURE, NO_SUCH_ENDPOINT, UNKNOWN_STUDY
from services.analytics.projections import ALERTS, CONDUCT, DOSSIERS, projections
from services.analytics.reading import Reading
from services.analytics.shapes import (
    AlertPage,
    AlertRow,
    DcrFigure,
    DcrView,
    Definition,
    DiseaseStatusPage,
    DiseaseStatusRow,
    FlowView,
    StandsOn,
    by,
)
from services.chassis.clock import Clock
from services.chassis.refusal import Refused

DCR6: Final = "DCR6"
"""The id of the primary endpoint in a protocol file."""


@dataclass(frozen=True, slots=True)
class Context:
    """What a query works with."""

    protocols: Mapping[str, Protocol]
    clock: Clock
    reading: Reading

    def protocol(self, study: str) -> Protocol:
        """The protocol of a study. Raises `Refused` (404) for one that is not run here."""
        if study not in self.protocols:
            raise Refused(UNKNOWN_STUDY)
        return self.protocols[study]

    def cut_off(self, protocol: Protocol, wanted: date | None) -> date:
        """The last clinical day that counts: the one asked for, or today where the trial is. Raises `Refused`."""
        today = self.clock().astimezone(ZoneInfo(protocol.study.time_zone)).date()
        if wanted is not None and wanted > today:
            raise Refused(CUT_OFF_IN_FUTURE, as_of=wanted, today=today)
        return wanted or today

    def rule(self, protocol: Protocol, reader: Reader) -> Rule:
        """The rule of the primary endpoint. Raises `Refused` (404) where the protocol has no such endpoint."""
        if DCR6 not in protocol.endpoint:
            raise Refused(NO_SUCH_ENDPOINT, endpoint=DCR6)
        return dcr.rule_of(protocol, DCR6, reader)


def the_only(sites: Collection[str] | None) -> str | None:
    """The site that an answer is about, if it is about one."""
    return next(iter(sites)) if sites is not None and len(sites) == 1 else None


async def participant_flow(ctx: Context, study: str, sites: Collection[str] | None) -> FlowView:
    """The flow of the study, or of some sites."""
    protocol = ctx.protocol(study)
    async with ctx.reading.snapshot(study) as snapshot:
        dossiers = await snapshot.states(DOSSIERS, sites)
        of_study = next(iter(await snapshot.states(CONDUCT)), Conduct(study))
        standing = await snapshot.standing()
    found = flow.flow(dossiers, protocol, Reader.INVESTIGATOR)
    return FlowView(
        study=study,
        site=the_only(sites),
        sites_activated=sum(sites is None or site in sites for site in of_study.sites),
        randomization_cap=of_study.cap,
        screened=found.screened,
        consented=found.consented,
        not_included=dict(found.not_included),
        criteria_not_met=dict(found.criteria_not_met),
        included=found.included,
        cycles=dict(found.cycles),
        exits=dict(found.exits),
        in_run_in=found.in_run_in,
        randomized=found.randomized,
        annotated=dict(found.annotated),
        assessed=dict(found.assessed),
        deaths=found.deaths,
        data_withdrawn=found.data_withdrawn,
        enrolment_on_its_way=found.ahead,
        stands_on=StandsOn.of(standing, protocol),
    )


async def disease_status(
    ctx: Context, study: str, sites: Collection[str] | None, wanted: date | None, after: str, limit: int
) -> tuple[DiseaseStatusPage, bool]:
    """A page of included subjects after a subject number, and whether more follow."""
    protocol = ctx.protocol(study)
    as_of = ctx.cut_off(protocol, wanted)
    async with ctx.reading.snapshot(study) as snapshot:
        dossiers = await snapshot.states(DOSSIERS, sites)
        standing = await snapshot.standing()
    told = (d for d in dossiers if d.erased_on is None)
    included = [d for d in told if by(d.included_on, as_of) and d.subject > after]
    page = DiseaseStatusPage(
        study=study,
        as_of=as_of,
        reader=Reader.INVESTIGATOR,
        items=[DiseaseStatusRow.of(dossier, Reader.INVESTIGATOR, as_of) for dossier in included[:limit]],
        stands_on=StandsOn.of(standing, protocol),
    )
    return page, len(included) > limit


async def disease_control(ctx: Context, study: str, reader: Reader, wanted: date | None) -> DcrView:
    """Disease control at six months of all randomized subjects, arms together."""
    protocol = ctx.protocol(study)
    rule, as_of = ctx.rule(protocol, reader), ctx.cut_off(protocol, wanted)
    async with ctx.reading.snapshot(study) as snapshot:
        dossiers = await snapshot.states(DOSSIERS)
        standing = await snapshot.standing()
    return DcrView(
        study=study,
        definition=Definition.of(rule, as_of),
        figure=DcrFigure.of(dcr.count(dossiers, rule, as_of), rule),
        stands_on=StandsOn.of(standing, protocol),
    )


async def alerts(
    ctx: Context, study: str, sites: Collection[str] | None, before: int | None, limit: int
) -> tuple[AlertPage, bool]:
    """A page of alerts raised before a position in the log of safety, and whether more follow."""
    protocol = ctx.protocol(study)
    async with ctx.reading.snapshot(study) as snapshot:
        of_subjects = await snapshot.states(ALERTS, sites)
        standing = await snapshot.standing()
    rows = [AlertRow.of(each, alert) for each in of_subjects for alert in each.raised.values()]
    rows = sorted((r for r in rows if before is None or r.position < before), key=lambda r: -r.position)
    page = AlertPage(study=study, items=rows[:limit], stands_on=StandsOn.of(standing, protocol))
    return page, len(rows) > limit


async def positions(ctx: Context, study: str) -> StandsOn:
    """What any figure of the study would stand on now, over all read models."""
    protocol = ctx.protocol(study)
    async with ctx.reading.snapshot(study) as snapshot:
        return StandsOn.of(await snapshot.standing(projections()), protocol)
