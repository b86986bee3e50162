"""Enrolment's commands around gate 1: an override, and the end of a screening."""

from typing import Annotated

from fastapi import APIRouter
from starlette.responses import Response

from contracts.vocabulary.identifiers import StudyId, SubjectId
from services.chassis.auth.guard import may
from services.chassis.auth.who import Who
from services.chassis.http.called import Called
from services.chassis.http.exact import ExactRoute
from services.chassis.http.recorded import respond
from services.enrolment.bodies.gates import NonInclusionBody, OverrideBody
from services.enrolment.domain import refusals
from services.enrolment.domain.subject.overrides import OverrideEligibility
from services.enrolment.domain.subject.screening_end import EndScreening
from services.enrolment.handlers import overrides, subjects
from services.enrolment.policy import END_SCREENING, OVERRIDE_ELIGIBILITY
from services.enrolment.routes.common import NOTED, Ctx, creates, site_in_path

router = APIRouter(prefix="/studies/{study}/subjects/{subject}", tags=["enrolment"], route_class=ExactRoute)


@router.post("/eligibility-overrides", **creates(refusals.gates.OVERRIDE, *NOTED))
async def post_eligibility_override(
    study: StudyId,
    subject: SubjectId,
    body: OverrideBody,
    _: Annotated[Who, may(OVERRIDE_ELIGIBILITY, site_from=site_in_path)],
    ctx: Ctx,
    asked: Called,
) -> Response:
    """Let a criterion stand in this subject's way no longer. Always a major deviation; the outcome stays what it is.

    The reason is sealed and given back to nobody here. Gates of days before `overridden_on` are not touched.
    """
    on = body.overridden_on or ctx.today(ctx.protocol(study))
    cmd = OverrideEligibility(study, subject, body.gate, body.criterion, on)
    return respond(await overrides.override(ctx, asked, cmd, body.reason))


@router.post("/non-inclusion", **creates(refusals.entry.END_SCREENING))
async def post_non_inclusion(
    study: StudyId,
    subject: SubjectId,
    body: NonInclusionBody,
    _: Annotated[Who, may(END_SCREENING, site_from=site_in_path)],
    ctx: Ctx,
    asked: Called,
) -> Response:
    """Decide that a screened subject will not be included. Final: it is counted as screened and nothing more."""
    decided_on = body.decided_on or ctx.today(ctx.protocol(study))
    return respond(await subjects.record(ctx, asked, EndScreening(study, subject, decided_on)))
