"""Enrolment's reads over HTTP. One subject is folded from the write side; lists come from projections."""

from collections.abc import Iterable
from typing import Annotated, Any, Final, Literal

from fastapi import APIRouter, Query
from starlette.responses import Response

from contracts.events.enrolment import ScheduledVisit
from contracts.protocol.model import Protocol
from contracts.vocabulary.identifiers import SiteId, StudyId, SubjectId, site_of
from services.chassis.auth.guard import EACH, may
from services.chassis.auth.who import Who
from services.chassis.http.as_of import AsOf, AsOfParameter
from services.chassis.http.consistency import consistent
from services.chassis.http.needs import needs
from services.chassis.http.openapi import problems
from services.chassis.http.paging import Page, Paged
from services.chassis.http.written import Day
from services.enrolment.bodies import EligibilityView, StrataView
from services.enrolment.domain import refusals
from services.enrolment.domain.opening import checklist
from services.enrolment.domain.records import Schedule
from services.enrolment.domain.state import Participation, Subject, evolve, subject_stream, visits_to_come
from services.enrolment.domain.subject.guards import screened
from services.enrolment.handlers import gate as gates
from services.enrolment.handlers.context import Context
from services.enrolment.policy import READ_SITES, READ_STRATA, READ_SUBJECTS
from services.enrolment.routes.common import Ctx, Services, loaded_site, services, site_in_path, stamp
from services.enrolment.shown import SiteDetail, SiteView, SubjectLine, SubjectView, SubjectVisits, VisitView

router = APIRouter(prefix="/studies/{study}", tags=["enrolment"])
Gate = Literal["inclusion", "randomization"]
AtSite = Annotated[SiteId | None, Query(description="of this site only")]
ListedSites = Annotated[None, consistent(lambda request: services(request).views.sites)]
ListedSubjects = Annotated[None, consistent(lambda request: services(request).views.subjects)]
ListedVisits = Annotated[None, consistent(lambda request: services(request).views.visits)]
_READ_ONE: Final = problems(refusals.OF_SUBJECT)
_READ_LIST: Final = problems(refusals.UNKNOWN_STUDY)


Served = Annotated[Services, needs(services)]


@router.get("/sites", responses=_READ_LIST)
async def get_sites(
    study: StudyId, _: Annotated[Who, may(READ_SITES)], __: ListedSites, served: Served, page: Paged
) -> Page[SiteView]:
    """The activated sites, by number."""
    served.context.protocol(study)
    found = (await served.views.sites.find({"study": study}, after=_after(page.after), limit=page.limit + 1)).value
    shown = list(found.items())[: page.limit]
    items = [SiteView.model_validate(row, from_attributes=True) for _, row in shown]
    return page.page(items, more=len(found) > len(shown), last=shown[-1][0] if shown else None)


@router.get("/sites/{site}", responses=problems(refusals.UNKNOWN_STUDY, refusals.UNKNOWN_SITE))
async def get_site(
    study: StudyId,
    site: SiteId,
    _: Annotated[Who, may(READ_SITES)],
    ctx: Ctx,
    at: AsOfParameter,
    response: Response,
) -> SiteDetail:
    """One site with its opening checklist, from the write side. One that is being prepared has no activation yet."""
    state = await loaded_site(ctx, study, site, at, response)
    protocol = ctx.protocol(study)
    return SiteDetail.of(site, state, checklist(protocol, state, state.activated_on or ctx.today(protocol)))


@router.get("/subjects", responses=_READ_LIST)
async def get_subjects(
    study: StudyId,
    who: Annotated[Who, may(READ_SUBJECTS, site_from=EACH)],
    _: ListedSubjects,
    served: Served,
    page: Paged,
    site: AtSite = None,
    participation: Annotated[Participation | None, Query(description="who have come this far")] = None,
) -> Page[SubjectLine]:
    """Screened subjects by number. Site roles see those of their own sites."""
    served.context.protocol(study)
    where = _where(study, who, site) | ({"participation": participation.value} if participation else {})
    found = (await served.views.subjects.find(where, after=_after(page.after), limit=page.limit + 1)).value
    shown = list(found.items())[: page.limit]
    items = [SubjectLine.model_validate(row, from_attributes=True) for _, row in shown]
    return page.page(items, more=len(found) > len(shown), last=shown[-1][0] if shown else None)


@router.get("/subjects/{subject}", responses=_READ_ONE)
async def get_subject(
    study: StudyId,
    subject: SubjectId,
    _: Annotated[Who, may(READ_SUBJECTS, site_from=site_in_path)],
    ctx: Ctx,
    at: AsOfParameter,
    response: Response,
) -> SubjectView:
    """One subject, folded from the write side: now, or as recorded at a position or a moment."""
    return SubjectView.of(study, await _loaded(ctx, study, subject, at, response))


@router.get("/subjects/{subject}/eligibility", responses=problems(refusals.OF_SUBJECT, refusals.UNKNOWN_GATE))
async def get_eligibility(
    study: StudyId,
    subject: SubjectId,
    _: Annotated[Who, may(READ_SUBJECTS, site_from=site_in_path)],
    ctx: Ctx,
    gate: Annotated[Gate, Query(description="which gate")] = "inclusion",
) -> EligibilityView:
    """A gate as it would be decided today, row by row: the command's own evaluation, and nothing is recorded.

    For randomization, assessment is asked in the caller's name.
    """
    gated = await gates.explain(ctx, study, subject, gate)
    return EligibilityView.of(subject, gated, ctx.protocol(study))


@router.get("/subjects/{subject}/strata", responses=problems(refusals.STRATA))
async def get_strata(
    study: StudyId,
    subject: SubjectId,
    _: Annotated[Who, may(READ_STRATA, site_from=site_in_path)],
    ctx: Ctx,
    response: Response,
    on: Annotated[
        Day | None, Query(description="the clinical day: later findings do not count; today if absent")
    ] = None,
) -> StrataView:
    """The strata of a subject for a day, by rule from what is recorded now. Nothing is recorded.

    Corrected findings count: for the day of randomization this says what the strata should have been.
    """
    protocol = ctx.protocol(study)
    day = on or ctx.today(protocol)
    found, loaded = await gates.strata(ctx, study, subject, day)
    stamp(response, loaded)
    return StrataView(
        subject=subject,
        on=day,
        strata=list(found),
        criteria_version=protocol.criteria_version,
        protocol_sha256=protocol.sha256,
    )


@router.get("/subjects/{subject}/visits", responses=_READ_ONE)
async def get_visits_of_subject(
    study: StudyId,
    subject: SubjectId,
    _: Annotated[Who, may(READ_SUBJECTS, site_from=site_in_path)],
    ctx: Ctx,
    at: AsOfParameter,
    response: Response,
) -> SubjectVisits:
    """The visits of one subject, from the write side. None begins after a death, no run-in visit after its end."""
    state = await _loaded(ctx, study, subject, at, response)
    visits = visits_to_come(
        state.schedules,
        ended_on=state.exit.ended_on if state.exit else None,
        died_on=state.death.died_on if state.death else None,
    )
    return _visits(subject, visits, ctx.protocol(study))


@router.get("/visits", responses=_READ_LIST)
async def get_visits(
    study: StudyId,
    who: Annotated[Who, may(READ_SUBJECTS, site_from=EACH)],
    _: ListedVisits,
    served: Served,
    page: Paged,
    site: AtSite = None,
) -> Page[SubjectVisits]:
    """The visits of all subjects, by subject. Site roles see those of their own sites."""
    protocol = served.context.protocol(study)
    where = _where(study, who, site)
    found = (await served.views.visits.find(where, after=_after(page.after), limit=page.limit + 1)).value
    shown = list(found.items())[: page.limit]
    items = [_visits(row.subject, row.to_come, protocol) for _, row in shown]
    return page.page(items, more=len(found) > len(shown), last=shown[-1][0] if shown else None)


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


async def _loaded(ctx: Context, study: str, subject: str, at: AsOf, response: Response) -> Subject:
    ctx.protocol(study)
    loaded = await ctx.facts.load(subject_stream(study, subject), Subject(), evolve, as_of=at)
    stamp(response, loaded)
    screened(loaded.state)
    return loaded.state
