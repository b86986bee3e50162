"""Enrolment's reads over HTTP. One subject is folded from the write side; lists come from projections.

Every read takes a moment: lists of the past are folded from the log by the projections' own code.
"""

from typing import Annotated, Final, Literal, TypeVar

from fastapi import APIRouter, Query, Request
from starlette.responses import Response

from contracts.vocabulary.identifiers import SiteId, StudyId, SubjectId, site_of
from services.chassis.auth.guard import EACH, may
from services.chassis.auth.who import Who
from services.chassis.http.consistency import consistent
from services.chassis.http.moment import MomentParameter
from services.chassis.http.needs import needs
from services.chassis.http.openapi import problems
from services.chassis.http.paging import Page, Paged
from services.chassis.http.written import Day
from services.chassis.projections.past import PAST_TOO_LONG, PAST_TOO_SLOW
from services.enrolment.domain import refusals
from services.enrolment.domain.opening import checklist
from services.enrolment.domain.participation import Participation
from services.enrolment.handlers import gate as gates
from services.enrolment.handlers.past import day_of
from services.enrolment.policy import READ_SITES, READ_STRATA, READ_SUBJECTS, READ_TREATMENT
from services.enrolment.routes.arms import sees_arm
from services.enrolment.routes.common import (
    Ctx,
    Services,
    listed,
    loaded_site,
    loaded_subject,
    services,
    site_in_path,
    stamped,
    stamped_blind,
)
from services.enrolment.routes.lists import after, rows, where
from services.enrolment.shown.gates import EligibilityView, StrataView
from services.enrolment.shown.sites import SiteDetail, SiteView
from services.enrolment.shown.subjects import SubjectLine, SubjectView
from services.enrolment.views.readers import SITES, SUBJECTS

router = APIRouter(prefix="/studies/{study}", tags=["enrolment"])
Gate = Literal["inclusion", "randomization"]
AtSite = Annotated[SiteId | None, Query(description="of this site only")]
ListedSites = Annotated[None, consistent(lambda request: services(request).views.sites)]
ListedSubjects = Annotated[None, consistent(lambda request: services(request).views.subjects)]
_READ_ONE: Final = problems(refusals.standing.OF_SUBJECT)
_READ_LIST: Final = problems(refusals.common.UNKNOWN_STUDY, PAST_TOO_LONG, PAST_TOO_SLOW)
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
    found = await rows(served, served.views.sites, SITES, {"study": study}, after(page.after), page.limit, at)
    items = [SiteView.model_validate(row, from_attributes=True) for row in found.found.values()]
    return listed(response, found.position, page.page(items, more=found.more, last=found.last))


@router.get("/sites/{site}", responses=problems(refusals.common.UNKNOWN_STUDY, refusals.common.UNKNOWN_SITE))
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
    chosen = where(study, who, site) | ({"participation": participation.value} if participation else {})
    found = await rows(served, served.views.subjects, SUBJECTS, chosen, after(page.after), page.limit, at)
    items = [SubjectLine.model_validate(row, from_attributes=True) for row in found.found.values()]
    return listed(response, found.position, page.page(items, more=found.more, last=found.last))


@router.get("/subjects/{subject}", responses=_READ_ONE)
async def get_subject(
    study: StudyId,
    subject: SubjectId,
    who: Annotated[Who, may(READ_SUBJECTS, site_from=site_in_path)],
    request: Request,
    ctx: Ctx,
    at: MomentParameter,
    response: Response,
) -> SubjectView:
    """One subject, folded from the write side: now, or as recorded at a position or a moment."""
    loaded = await loaded_subject(ctx, study, subject, at)
    arm = sees_arm(request, who, READ_TREATMENT, site_of(subject))
    view = SubjectView.of(study, loaded.state)
    return stamped(response, loaded, view) if arm else stamped_blind(response, loaded, view)


@router.get(
    "/subjects/{subject}/eligibility", responses=problems(refusals.standing.OF_SUBJECT, refusals.gates.UNKNOWN_GATE)
)
async def get_eligibility(
    study: StudyId,
    subject: SubjectId,
    who: Annotated[Who, may(READ_SUBJECTS, site_from=site_in_path)],
    request: Request,
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
    view = EligibilityView.of(subject, gated, by)
    if not sees_arm(request, who, READ_TREATMENT, site_of(subject)):
        return stamped_blind(response, loaded, view)
    return stamped(response, loaded, view, more=True)


@router.get("/subjects/{subject}/strata", responses=problems(refusals.gates.STRATA))
async def get_strata(
    study: StudyId,
    subject: SubjectId,
    who: Annotated[Who, may(READ_STRATA, site_from=site_in_path)],
    request: Request,
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
    if not sees_arm(request, who, READ_TREATMENT, site_of(subject)):
        return stamped_blind(response, loaded, view)
    return stamped(response, loaded, view, more=True)
