"""Enrolment's reads over HTTP. One subject is folded from the write side; lists come from projections.

Every read takes a moment: lists of the past are folded from the log by the projections' own code.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import partial
from typing import Annotated, Any, Final, Generic, Literal, TypeVar

from fastapi import APIRouter, Query
from starlette.responses import Response

from contracts.events.enrolment import ScheduledVisit
from contracts.protocol.model import Protocol
from contracts.vocabulary.identifiers import SiteId, StudyId, SubjectId, site_of
from services.chassis.auth.guard import EACH, may
from services.chassis.auth.who import Who
from services.chassis.http.consistency import consistent
from services.chassis.http.moment import Moment, MomentParameter
from services.chassis.http.needs import needs
from services.chassis.http.openapi import problems
from services.chassis.http.paging import Page, Paged
from services.chassis.http.written import Day
from services.chassis.projections.past import PAST_TOO_LONG, PAST_TOO_SLOW
from services.chassis.projections.projection import Projection
from services.chassis.projections.reader import ProjectionReader
from services.enrolment.domain import refusals
from services.enrolment.domain.opening import checklist
from services.enrolment.domain.participation import Participation
from services.enrolment.domain.records import Schedule
from services.enrolment.domain.state import visits_to_come
from services.enrolment.domain.valid_time import standing
from services.enrolment.gate_bodies import EligibilityView, StrataView
from services.enrolment.handlers import gate as gates
from services.enrolment.handlers.past import day_of
from services.enrolment.policy import READ_SITES, READ_STRATA, READ_SUBJECTS
from services.enrolment.routes.common import (
    Ctx,
    Services,
    listed,
    loaded_site,
    loaded_subject,
    services,
    site_in_path,
    stamped,
)
from services.enrolment.shown import SiteDetail, SiteView, SubjectLine, SubjectView, SubjectVisits, VisitView
from services.enrolment.views import SITES, SUBJECTS, VISITS

router = APIRouter(prefix="/studies/{study}", tags=["enrolment"])
Gate = Literal["inclusion", "randomization"]
AtSite = Annotated[SiteId | None, Query(description="of this site only")]
ListedSites = Annotated[None, consistent(lambda request: services(request).views.sites)]
ListedSubjects = Annotated[None, consistent(lambda request: services(request).views.subjects)]
ListedVisits = Annotated[None, consistent(lambda request: services(request).views.visits)]
_READ_ONE: Final = problems(refusals.OF_SUBJECT)
_READ_LIST: Final = problems(refusals.UNKNOWN_STUDY, PAST_TOO_LONG, PAST_TOO_SLOW)
S = TypeVar("S")


Served = Annotated[Services, needs(services)]


@router.get("/sites", responses=_READ_LIST)
async def get_sites(
    study: StudyId,
    _: Annotated[Who, may(READ_SITES)],
    __: ListedSites,
    served: Served,
    page: Paged,
    at: MomentParameter,
    response: Response,
) -> Page[SiteView]:
    """The activated sites, by number."""
    served.context.protocol(study)
    found = await _found(served, served.views.sites, SITES, {"study": study}, page, at)
    items = [SiteView.model_validate(row, from_attributes=True) for row in found.rows]
    return listed(response, found.position, page.page(items, more=found.more, last=found.last))


@router.get("/sites/{site}", responses=problems(refusals.UNKNOWN_STUDY, refusals.UNKNOWN_SITE))
async def get_site(
    study: StudyId,
    site: SiteId,
    _: Annotated[Who, may(READ_SITES)],
    ctx: Ctx,
    at: MomentParameter,
    response: Response,
) -> SiteDetail:
    """One site with its opening checklist, from the write side. One that is being prepared has no activation yet."""
    found = await loaded_site(ctx, study, site, at)
    state, day = found.state, await day_of(ctx, ctx.protocol(study), at)
    opens_on = state.activated_on or day
    points = checklist(ctx.in_force(study, state, opens_on), state, opens_on)
    view = SiteDetail.of(site, state, points, ctx.versions(study).first, ctx.in_force(study, state, day))
    return stamped(response, found, view, more=True)


@router.get("/subjects", responses=_READ_LIST)
async def get_subjects(
    study: StudyId,
    who: Annotated[Who, may(READ_SUBJECTS, site_from=EACH)],
    _: ListedSubjects,
    served: Served,
    page: Paged,
    at: MomentParameter,
    response: Response,
    site: AtSite = None,
    participation: Annotated[Participation | None, Query(description="who have come this far")] = None,
) -> Page[SubjectLine]:
    """Screened subjects by number. Site roles see those of their own sites."""
    served.context.protocol(study)
    where = _where(study, who, site) | ({"participation": participation.value} if participation else {})
    found = await _found(served, served.views.subjects, SUBJECTS, where, page, at)
    items = [SubjectLine.model_validate(row, from_attributes=True) for row in found.rows]
    return listed(response, found.position, page.page(items, more=found.more, last=found.last))


@router.get("/subjects/{subject}", responses=_READ_ONE)
async def get_subject(
    study: StudyId,
    subject: SubjectId,
    _: Annotated[Who, may(READ_SUBJECTS, site_from=site_in_path)],
    ctx: Ctx,
    at: MomentParameter,
    response: Response,
) -> SubjectView:
    """One subject, folded from the write side: now, or as recorded at a position or a moment."""
    loaded = await loaded_subject(ctx, study, subject, at)
    return stamped(response, loaded, SubjectView.of(study, loaded.state))


@router.get("/subjects/{subject}/eligibility", responses=problems(refusals.OF_SUBJECT, refusals.UNKNOWN_GATE))
async def get_eligibility(
    study: StudyId,
    subject: SubjectId,
    _: Annotated[Who, may(READ_SUBJECTS, site_from=site_in_path)],
    ctx: Ctx,
    at: MomentParameter,
    response: Response,
    gate: Annotated[Gate, Query(description="which gate")] = "inclusion",
) -> EligibilityView:
    """A gate as it would be decided today, row by row: the command's own evaluation, and nothing is recorded.

    For randomization, assessment is asked in the caller's name. Of the past: as it would have been decided then.
    """
    gated, loaded = await gates.explain(ctx, study, subject, gate, at)
    by = ctx.versions(study).hashed(gated.protocol_sha256) or ctx.protocol(study)
    return stamped(response, loaded, EligibilityView.of(subject, gated, by), more=True)


@router.get("/subjects/{subject}/strata", responses=problems(refusals.STRATA))
async def get_strata(
    study: StudyId,
    subject: SubjectId,
    _: Annotated[Who, may(READ_STRATA, site_from=site_in_path)],
    ctx: Ctx,
    at: MomentParameter,
    response: Response,
    on: Annotated[
        Day | None, Query(description="the clinical day: later findings do not count; that of the moment if absent")
    ] = None,
) -> StrataView:
    """The strata of a subject for a day, by rule from what is recorded now. Nothing is recorded.

    Corrected findings count: for the day of randomization this says what the strata should have been.
    """
    day, protocol, found, loaded = await gates.strata(ctx, study, subject, on, at)
    view = StrataView(
        subject=subject,
        on=day,
        strata=list(found),
        criteria_version=protocol.criteria_version,
        protocol_sha256=protocol.sha256,
    )
    return stamped(response, loaded, view, more=True)


@router.get("/subjects/{subject}/visits", responses=_READ_ONE)
async def get_visits_of_subject(
    study: StudyId,
    subject: SubjectId,
    _: Annotated[Who, may(READ_SUBJECTS, site_from=site_in_path)],
    ctx: Ctx,
    at: MomentParameter,
    response: Response,
) -> SubjectVisits:
    """The visits of one subject, from the write side. None begins after a death, no run-in visit after its end."""
    loaded = await loaded_subject(ctx, study, subject, at)
    state = loaded.state
    visits = visits_to_come(
        state.schedules,
        ended_on=state.exit.ended_on if state.exit else None,
        died_on=state.death.died_on if state.death else None,
    )
    return stamped(response, loaded, _visits(subject, visits, ctx.protocol(study)), more=True)


@router.get("/visits", responses=_READ_LIST)
async def get_visits(
    study: StudyId,
    who: Annotated[Who, may(READ_SUBJECTS, site_from=EACH)],
    _: ListedVisits,
    served: Served,
    page: Paged,
    at: MomentParameter,
    response: Response,
    site: AtSite = None,
) -> Page[SubjectVisits]:
    """The visits of all subjects, by subject. Site roles see those of their own sites."""
    protocol = served.context.protocol(study)
    where = _where(study, who, site)
    found = await _found(served, served.views.visits, VISITS, where, page, at)
    items = [_visits(row.subject, row.to_come, protocol) for row in found.rows]
    return listed(response, found.position, page.page(items, more=found.more, last=found.last))


def _where(study: str, who: Who, site: str | None) -> dict[str, Any]:
    """The rows that the caller may see. Another site than the caller's own is refused rather than empty."""
    if site is not None:
        who.require_site(site)
        return {"study": study, "site": site}
    return {"study": study} if who.everywhere else {"study": study, "site": sorted(who.sites)}


def _after(place: object) -> str | None:
    return place if isinstance(place, str) else None


def _visits(subject: str, visits: Iterable[tuple[Schedule, ScheduledVisit]], protocol: Protocol) -> SubjectVisits:
    names = {rule.id: rule.name for rule in protocol.visits}
    return SubjectVisits(
        subject=subject,
        site=site_of(subject),
        visits=[
            VisitView(
                name=names.get(visit.visit, visit.visit),
                anchor=schedule.anchor,
                anchor_on=schedule.anchor_on,
                **visit.model_dump(),
            )
            for schedule, visit in visits
        ],
    )


@dataclass(frozen=True, slots=True)
class _Rows(Generic[S]):
    """Rows of one page, whether others follow, the key of the last one, and the position they are folded up to."""

    rows: list[S]
    more: bool
    last: str | None
    position: int


async def _found(
    served: Services, reader: ProjectionReader[S], kept: Projection[S], where: dict[str, Any], page: Paged, at: Moment
) -> _Rows[S]:
    """The page of a list: as it stands from its table, as it was from the log."""
    after, limit = _after(page.after), page.limit + 1
    if at.present:
        read = await reader.find(where, after=after, limit=limit)
        found, position = read.value, read.standing.position
    else:
        chosen = partial(standing, day=at.valid_at)
        folded = await served.past.find(kept, at.as_of, chosen, where, after=after, limit=limit)
        found, position = folded.value, folded.position
    shown = list(found.items())[: page.limit]
    return _Rows([row for _, row in shown], len(found) > len(shown), shown[-1][0] if shown else None, position)
