"""Cycles and treatment over HTTP: what was given, put off, left out or ended, and what that comes to."""

from typing import Annotated, Final

from fastapi import APIRouter, Depends
from fastapi.exceptions import RequestValidationError
from starlette.responses import Response

from contracts.vocabulary.course import TreatmentStop
from contracts.vocabulary.identifiers import StudyId, SubjectId
from services.chassis.auth.guard import may
from services.chassis.auth.who import Who
from services.chassis.http.called import Called
from services.chassis.http.exact import ExactRoute
from services.chassis.http.moment import MomentParameter
from services.chassis.http.openapi import problems
from services.chassis.http.recorded import respond
from services.chassis.http.routing import told_as
from services.enrolment.bodies.cycles import CycleBody, DelayBody, DiscontinuationBody, OmissionBody, SurveillanceBody
from services.enrolment.domain import refusals
from services.enrolment.handlers import subjects
from services.enrolment.handlers.context import setting_of
from services.enrolment.handlers.past import day_of
from services.enrolment.policy import ADMINISTER_CYCLE, CHANGE_TREATMENT
from services.enrolment.routes.arms import reader_of_treatment
from services.enrolment.routes.common import Ctx, creates, loaded_subject, site_in_path, stamped
from services.enrolment.shown.cycles import CycleRecordedView, CyclesView, cycles_of

router = APIRouter(prefix="/studies/{study}/subjects/{subject}", tags=["enrolment"], route_class=ExactRoute)
TREATMENT: Final = f"{router.prefix}/treatment"
"""What all of these are called where it is told who was answered: one of them is asked of one arm alone."""
Treating = Annotated[Who, may(CHANGE_TREATMENT, site_from=site_in_path)]


@router.post("/cycles", **creates(refusals.treatment.ADMINISTER_CYCLE, view=CycleRecordedView))
@told_as(TREATMENT)
async def post_cycle(
    study: StudyId,
    subject: SubjectId,
    body: CycleBody,
    _: Annotated[Who, may(ADMINISTER_CYCLE, site_from=site_in_path)],
    ctx: Ctx,
    asked: Called,
) -> Response:
    """Record a cycle that was given, of the run-in or after it, with what about it lies outside the protocol.

    With `dose`, the administered activity is calculated: both activities decayed to the start of the infusion.
    """
    return respond(await subjects.administer_cycle(ctx, asked, body.command(study, subject)))


@router.post("/cycle-delays", **creates(refusals.treatment.DELAY_CYCLE))
@told_as(TREATMENT)
async def post_cycle_delay(
    study: StudyId, subject: SubjectId, body: DelayBody, _: Treating, ctx: Ctx, asked: Called
) -> Response:
    """Put the next cycle off to a later day, at most to the last one that the protocol allows."""
    return respond(await subjects.record(ctx, asked, body.command(study, subject)))


@router.post("/cycle-omissions", **creates(refusals.treatment.OMIT_CYCLE))
@told_as(TREATMENT)
async def post_cycle_omission(
    study: StudyId, subject: SubjectId, body: OmissionBody, _: Treating, ctx: Ctx, asked: Called
) -> Response:
    """Leave the next cycle of the subject's arm out."""
    return respond(await subjects.record(ctx, asked, body.command(study, subject)))


@router.post("/surveillance", **creates(refusals.treatment.START_SURVEILLANCE))
@told_as(TREATMENT)
async def post_surveillance(
    study: StudyId, subject: SubjectId, body: SurveillanceBody, _: Treating, ctx: Ctx, asked: Called
) -> Response:
    """Record the start of surveillance, in an arm without cycles."""
    return respond(await subjects.record(ctx, asked, body.command(study, subject)))


@router.post("/treatment-discontinuations", **creates(refusals.treatment.DISCONTINUE))
@told_as(TREATMENT)
async def post_treatment_discontinuation(
    study: StudyId, subject: SubjectId, body: DiscontinuationBody, _: Treating, ctx: Ctx, asked: Called
) -> Response:
    """End study treatment before all its cycles were given. The subject stays in follow-up and in the analysis."""
    if body.reason is TreatmentStop.DEATH:
        error = {"type": "value_error", "loc": ("body", "reason"), "msg": "a death is recorded under /deaths"}
        raise RequestValidationError([error])
    return respond(await subjects.record(ctx, asked, body.command(study, subject)))


@router.get("/cycles", responses=problems(refusals.treatment.READ))
async def get_cycles(
    study: StudyId,
    subject: SubjectId,
    _: Annotated[Who, Depends(reader_of_treatment)],
    ctx: Ctx,
    at: MomentParameter,
    response: Response,
) -> CyclesView:
    """The subject's treatment: cycles with their doses, delays, activity so far, and what forbids the next cycle.

    It tells the arm, and is told to those alone who may know it.
    """
    loaded = await loaded_subject(ctx, study, subject, at)
    day = await day_of(ctx, ctx.protocol(study), at)
    setting = await setting_of(ctx, study, loaded.state, day)
    return stamped(response, loaded, cycles_of(loaded.state, setting.protocol, day))
