"""Errors after the fact: saying so, having strata verified, and the queue of what somebody has to look at."""

from typing import Annotated, Final
from uuid import UUID

from fastapi import APIRouter, Query
from pydantic import Field
from starlette.responses import Response

from contracts.events.randomization import Annotation
from contracts.vocabulary.identifiers import StudyId, SubjectId, site_of
from services.chassis.auth.guard import EACH, may
from services.chassis.auth.sites import path_field
from services.chassis.auth.who import Who
from services.chassis.http.as_of import AsOfParameter
from services.chassis.http.idempotency import Command
from services.chassis.http.openapi import problems
from services.chassis.http.paging import Page, Paged
from services.chassis.http.provenance import Origin
from services.chassis.http.recorded import respond
from services.chassis.http.written import Day
from services.randomizer import shown
from services.randomizer.domain import refusals
from services.randomizer.domain.discrepancies import Annotate, Resolve
from services.randomizer.handlers import discrepancies as handlers
from services.randomizer.policy import ANNOTATE, READ_DISCREPANCIES, RESOLVE, VERIFY_STRATA
from services.randomizer.routes.common import Body, Ctx, Reason, ReasonBody, created, queued
from services.randomizer.shown import AnnotationRecorded, DiscrepancyView, Standing, VerificationRecorded

router = APIRouter()

_site_in_path: Final = path_field("subject", site_of, like="01-001")


class AnnotationBody(Body):
    """What turned out to be wrong with a randomization."""

    annotation: Annotation
    discovered_on: Day = Field(examples=["2026-06-01"])
    other_subject: SubjectId | None = Field(
        default=None,
        description="RANDOMIZED_TWICE: the same person's other number. WRONG_PERSON: who was meant, if known.",
        examples=["01-002"],
    )
    reason: Reason


@router.post(
    "/randomizations/{subject}/annotations", responses=problems(refusals.ANNOTATE), **created(AnnotationRecorded)
)
async def post_annotation(
    study: StudyId,
    subject: SubjectId,
    body: AnnotationBody,
    who: Annotated[Who, may(ANNOTATE, site_from=_site_in_path)],
    ctx: Ctx,
    command: Command,
    origin: Origin,
) -> Response:
    """Annotate a randomization. It stands all the same: the subject keeps its arm, its place and its analysis set.

    A subject of another site is named by people who may annotate there, such as the sponsor.
    """
    if body.other_subject is not None:
        who.require_site(site_of(body.other_subject))
    today = ctx.today(study)
    cmd = Annotate(study, subject, body.annotation, body.discovered_on, body.other_subject, today)
    return respond(await handlers.annotate(ctx, cmd, body.reason, command, origin))


@router.post(
    "/randomizations/{subject}/strata-verifications",
    responses=problems(refusals.VERIFY_STRATA),
    **created(VerificationRecorded),
)
async def post_strata_verification(
    study: StudyId,
    subject: SubjectId,
    _: Annotated[Who, may(VERIFY_STRATA, site_from=_site_in_path)],
    ctx: Ctx,
    command: Command,
    origin: Origin,
) -> Response:
    """Have enrolment derive the strata of the day of randomization again, from what is recorded now.

    They are recorded beside those as randomized, which never change. A new difference opens a discrepancy.
    """
    return respond(await handlers.verify_strata(ctx, study, subject, command, origin))


@router.get("/discrepancies", responses=problems(refusals.READ))
async def get_discrepancies(
    study: StudyId,
    who: Annotated[Who, may(READ_DISCREPANCIES, site_from=EACH)],
    ctx: Ctx,
    at: AsOfParameter,
    page: Paged,
    response: Response,
    status: Annotated[Standing | None, Query(description="those that are open, or those that are resolved")] = None,
    subject: Annotated[SubjectId | None, Query(description="of this subject alone")] = None,
) -> Page[DiscrepancyView]:
    """What somebody has to look at, in the order of opening, without arm and stratum. Site roles see their own site."""
    queue = await queued(ctx, study, at, response)
    after = page.after if isinstance(page.after, int) else 0
    found = shown.discrepancies(queue, who.covers, status=status, subject=subject, after=after)
    items = found[: page.limit]
    return page.page(items, more=len(found) > len(items), last=items[-1].number if items else after)


@router.get("/discrepancies/{discrepancy}", responses=problems(refusals.READ_DISCREPANCY))
async def get_discrepancy(
    study: StudyId,
    discrepancy: UUID,
    who: Annotated[Who, may(READ_DISCREPANCIES, site_from=EACH)],
    ctx: Ctx,
    at: AsOfParameter,
    response: Response,
) -> DiscrepancyView:
    """One discrepancy."""
    return shown.discrepancy(await queued(ctx, study, at, response), who.covers, discrepancy)


@router.post(
    "/discrepancies/{discrepancy}/resolution", responses=problems(refusals.RESOLVE), **created(DiscrepancyView)
)
async def post_resolution(
    study: StudyId,
    discrepancy: UUID,
    body: ReasonBody,
    _: Annotated[Who, may(RESOLVE)],
    ctx: Ctx,
    command: Command,
    origin: Origin,
) -> Response:
    """Say that somebody has looked, and what came of it. All who read the queue see the reason: no word of an arm."""
    cmd = Resolve(study, discrepancy, ctx.today(study))
    return respond(await handlers.resolve(ctx, cmd, body.reason, command, origin))
