"""Visits and deviations over HTTP: what was planned, what took place, and what was not as the protocol has it."""

from typing import Annotated, Final

from fastapi import APIRouter, Query, Request
from starlette.responses import Response

from contracts.protocol.calendar import Standing, VisitStatus
from contracts.protocol.model import Protocol
from contracts.vocabulary.course import DeviationKind, Severity
from contracts.vocabulary.identifiers import SiteId, StudyId, SubjectId, site_of
from services.chassis.auth.guard import EACH, Auth, may
from services.chassis.auth.refusals import NOT_PERMITTED
from services.chassis.auth.who import Who
from services.chassis.http.called import Called
from services.chassis.http.consistency import consistent
from services.chassis.http.exact import ExactRoute
from services.chassis.http.moment import MomentParameter
from services.chassis.http.needs import needs
from services.chassis.http.openapi import problems
from services.chassis.http.paging import Page, Paged
from services.chassis.http.recorded import respond
from services.chassis.http.written import Day
from services.chassis.projections.past import PAST_TOO_LONG, PAST_TOO_SLOW
from services.chassis.refusal import Refused
from services.enrolment.bodies.visits import DeviationBody, VisitBody
from services.enrolment.domain import refusals
from services.enrolment.domain.visit_book import book_of
from services.enrolment.handlers import subjects, visits
from services.enrolment.handlers.context import setting_of
from services.enrolment.handlers.past import day_of, site_at
from services.enrolment.policy import (
    ADMINISTER_CYCLE,
    PERFORM_VISIT,
    READ_DEVIATIONS,
    READ_SUBJECTS,
    READ_TREATMENT,
    REPORT_DEVIATION,
)
from services.enrolment.routes.arms import sees_arm
from services.enrolment.routes.common import (
    NOTED,
    Ctx,
    Services,
    creates,
    listed,
    loaded_subject,
    services,
    site_in_path,
    stamped,
    stamped_blind,
)
from services.enrolment.routes.lists import after, rows, where
from services.enrolment.routes.visit_entries import entries_of
from services.enrolment.shown.calendar import calendar_of
from services.enrolment.shown.visits import DeviationView, SubjectDeviation, SubjectDeviations, SubjectVisits, VisitView
from services.enrolment.views.readers import DEVIATIONS, VISITS

router = APIRouter(prefix="/studies/{study}", tags=["enrolment"], route_class=ExactRoute)
Served = Annotated[Services, needs(services)]
AtSite = Annotated[SiteId | None, Query(description="of this site only")]
ListedVisits = Annotated[None, consistent(lambda request: services(request).views.visits)]
ListedDeviations = Annotated[None, consistent(lambda request: services(request).views.deviations)]
_READ_ONE: Final = problems(refusals.standing.OF_SUBJECT)
_READ_LIST: Final = problems(refusals.common.UNKNOWN_STUDY, PAST_TOO_LONG, PAST_TOO_SLOW)
CALENDAR: Final = "text/calendar"


@router.post("/subjects/{subject}/visits", **creates(refusals.visits.RECORD_VISIT, *NOTED))
async def post_visit(
    study: StudyId,
    subject: SubjectId,
    body: VisitBody,
    who: Annotated[Who, may(PERFORM_VISIT, site_from=site_in_path)],
    request: Request,
    ctx: Ctx,
    asked: Called,
) -> Response:
    """Record a visit with everything that was recorded at it: all of it, or nothing and every error at once.

    The parts are decided in this order: the visit, the findings, the cycle, the word of survival, the new therapy.
    """
    auth: Auth = request.app.state.auth
    if body.cycle is not None and not auth.policy.decide(who, ADMINISTER_CYCLE, site_of(subject)).allowed:
        raise Refused(NOT_PERMITTED, action=ADMINISTER_CYCLE.name, because="no-role")
    sent = visits.Sent(study, subject, entries_of(study, subject, body), body.performed_on)
    return respond(await visits.record_visit(ctx, asked, sent))


@router.post("/subjects/{subject}/deviations", **creates(refusals.visits.REPORT_DEVIATION, *NOTED))
async def post_deviation(
    study: StudyId,
    subject: SubjectId,
    body: DeviationBody,
    _: Annotated[Who, may(REPORT_DEVIATION, site_from=site_in_path)],
    ctx: Ctx,
    asked: Called,
) -> Response:
    """Record a deviation that somebody noticed. Those that follow from what is recorded are found without this."""
    return respond(await subjects.record(ctx, asked, body.command(study, subject), note=body.note))


@router.get("/subjects/{subject}/visits", responses=_READ_ONE)
async def get_visits_of_subject(
    study: StudyId,
    subject: SubjectId,
    who: Annotated[Who, may(READ_SUBJECTS, site_from=site_in_path)],
    request: Request,
    ctx: Ctx,
    at: MomentParameter,
    response: Response,
) -> SubjectVisits:
    """The visits of one subject with their status and forms, from the write side.

    Those of one arm alone are shown to whoever may see the arm.
    """
    loaded = await loaded_subject(ctx, study, subject, at)
    setting = await setting_of(ctx, study, loaded.state)
    day, book = await day_of(ctx, setting.protocol, at), book_of(loaded.state.history)
    arm = sees_arm(request, who, READ_TREATMENT, site_of(subject))
    found = book.standings(setting.protocol, day, arm=arm)
    shown = [VisitView.of(one, book, setting.protocol) for one in found]
    view = SubjectVisits(subject=subject, site=site_of(subject), on=day, visits=shown)
    return stamped(response, loaded, view, more=True) if arm else stamped_blind(response, loaded, view)


@router.get(
    "/subjects/{subject}/visits.ics",
    response_class=Response,
    responses={**_READ_ONE, 200: {"content": {CALENDAR: {"schema": {"type": "string"}}}}},
)
async def get_calendar_of_subject(
    study: StudyId,
    subject: SubjectId,
    who: Annotated[Who, may(READ_SUBJECTS, site_from=site_in_path)],
    request: Request,
    ctx: Ctx,
    at: MomentParameter,
) -> Response:
    """The visits of one subject as an iCalendar for a site's diary. Of the person it has the number alone."""
    loaded = await loaded_subject(ctx, study, subject, at)
    setting = await setting_of(ctx, study, loaded.state)
    day, book = await day_of(ctx, setting.protocol, at), book_of(loaded.state.history)
    arm = sees_arm(request, who, READ_TREATMENT, site_of(subject))
    found = book.standings(setting.protocol, day, arm=arm)
    text = calendar_of(setting.protocol, subject, found, loaded.version if arm else None, ctx.clock())
    return Response(text, media_type=CALENDAR)


@router.get("/visits", responses=_READ_LIST)
async def get_visits(
    study: StudyId,
    who: Annotated[Who, may(READ_SUBJECTS, site_from=EACH)],
    request: Request,
    _: ListedVisits,
    served: Served,
    page: Paged,
    at: MomentParameter,
    response: Response,
    site: AtSite = None,
    status: Annotated[VisitStatus | None, Query(description="visits of this status")] = None,
    due_by: Annotated[Day | None, Query(description="visits whose window opens on or before this day")] = None,
) -> Page[SubjectVisits]:
    """The visits of all subjects, by subject; of a filter, only subjects with such visits. Site roles see their own."""
    ctx = served.context
    day, chosen = await day_of(ctx, ctx.protocol(study), at), where(study, who, site)
    protocols: dict[str, Protocol] = {}
    items: list[SubjectVisits] = []
    start = after(page.after)
    while True:
        part = await rows(served, served.views.visits, VISITS, chosen, start, page.limit, at)
        for key, row in part.found.items():
            arm = sees_arm(request, who, READ_TREATMENT, row.site)
            if row.site not in protocols:
                protocols[row.site] = ctx.in_force(study, (await site_at(ctx, study, row.site, at)).state, day)
            protocol = protocols[row.site]
            kept = [s for s in row.book.standings(protocol, day, arm=arm) if _asked(s, status, due_by)]
            if len(items) == page.limit and kept:
                return listed(response, part.position, page.page(items, more=True, last=start))
            if kept:
                views = [VisitView.of(one, row.book, protocol) for one in kept]
                items.append(SubjectVisits(subject=row.subject, site=row.site, on=day, visits=views))
            start = key
        if not part.more:
            return listed(response, part.position, page.page(items, more=False, last=None))


@router.get("/subjects/{subject}/deviations", responses=_READ_ONE)
async def get_deviations_of_subject(
    study: StudyId,
    subject: SubjectId,
    who: Annotated[Who, may(READ_DEVIATIONS, site_from=site_in_path)],
    request: Request,
    ctx: Ctx,
    at: MomentParameter,
    response: Response,
) -> SubjectDeviations:
    """The deviations of one subject, oldest first. What could tell the arm is shown to whoever may see it."""
    loaded = await loaded_subject(ctx, study, subject, at)
    arm = sees_arm(request, who, READ_TREATMENT, site_of(subject))
    shown = [DeviationView.of(one) for one in loaded.state.deviations if arm or not one.treatment]
    view = SubjectDeviations(subject=subject, site=site_of(subject), deviations=shown)
    return stamped(response, loaded, view) if arm else stamped_blind(response, loaded, view)


@router.get("/deviations", responses=_READ_LIST)
async def get_deviations(
    study: StudyId,
    who: Annotated[Who, may(READ_DEVIATIONS, site_from=EACH)],
    request: Request,
    _: ListedDeviations,
    served: Served,
    page: Paged,
    at: MomentParameter,
    response: Response,
    site: AtSite = None,
    kind: Annotated[DeviationKind | None, Query(description="of this kind only")] = None,
    severity: Annotated[Severity | None, Query(description="of this severity only")] = None,
) -> Page[SubjectDeviation]:
    """The deviations of all subjects, by subject. What could tell the arm is shown to whoever may see it there."""
    served.context.protocol(study)
    chosen = where(study, who, site)
    if kind is not None:
        chosen["kind"] = kind.value
    if severity is not None:
        chosen["severity"] = severity.value
    if not sees_arm(request, who, READ_TREATMENT, None if who.everywhere else next(iter(sorted(who.sites)), None)):
        chosen["treatment"] = False
    part = await rows(served, served.views.deviations, DEVIATIONS, chosen, after(page.after), page.limit, at)
    items = [
        SubjectDeviation(subject=row.subject, site=row.site, **DeviationView.of(row.deviation).model_dump())
        for row in part.found.values()
        if row.deviation is not None
    ]
    return listed(response, part.position, page.page(items, more=part.more, last=part.last))


def _asked(standing: Standing, status: VisitStatus | None, due_by: Day | None) -> bool:
    if status is not None and standing.status is not status:
        return False
    return due_by is None or standing.slot.earliest_on <= due_by
