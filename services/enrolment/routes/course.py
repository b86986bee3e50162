"""What becomes of a subject: withdrawals, losses, the end of the study, and corrections of what was recorded."""

from typing import Annotated

from fastapi import APIRouter
from starlette.responses import Response

from contracts.vocabulary.identifiers import StudyId, SubjectId
from services.chassis.auth.guard import may
from services.chassis.auth.who import Who
from services.chassis.http.called import Called
from services.chassis.http.exact import ExactRoute
from services.chassis.http.recorded import respond
from services.enrolment.bodies.corrections import CorrectionBody, note_of
from services.enrolment.bodies.course import EndOfStudyBody, LossBody, RecontactBody, WithdrawalBody
from services.enrolment.domain import refusals
from services.enrolment.domain.subject.ending import EndStudy
from services.enrolment.handlers import corrections, erasure, subjects
from services.enrolment.handlers.entries import Entry
from services.enrolment.policy import CORRECT, DECLARE_LOST, END_STUDY, WITHDRAW_CONSENT
from services.enrolment.routes.common import NOTED, Ctx, creates, site_in_path

router = APIRouter(prefix="/studies/{study}/subjects/{subject}", tags=["enrolment"], route_class=ExactRoute)


@router.post("/withdrawals", **creates(refusals.course.WITHDRAW_CONSENT, *NOTED))
async def post_withdrawal(
    study: StudyId,
    subject: SubjectId,
    body: WithdrawalBody,
    _: Annotated[Who, may(WITHDRAW_CONSENT, site_from=site_in_path)],
    ctx: Ctx,
    asked: Called,
) -> Response:
    """Record what the subject withdraws from: treatment alone, follow-up, or any use of its data.

    It ends a run-in that is still open. What was collected until that day is kept unless its use is
    withdrawn: then the subject is erased, here and in every service, and nothing but its number is told of it.
    """
    return respond(await erasure.withdraw(ctx, asked, body.command(study, subject), body.note))


@router.post("/losses", **creates(refusals.course.DECLARE_LOST, *NOTED))
async def post_loss(
    study: StudyId,
    subject: SubjectId,
    body: LossBody,
    _: Annotated[Who, may(DECLARE_LOST, site_from=site_in_path)],
    ctx: Ctx,
    asked: Called,
) -> Response:
    """Declare a subject lost to follow-up, with every attempt to reach it. The protocol says how many it takes."""
    return respond(await subjects.record(ctx, asked, body.command(study, subject), note=body.note))


@router.post("/recontacts", **creates(refusals.course.FIND_AGAIN))
async def post_recontact(
    study: StudyId,
    subject: SubjectId,
    body: RecontactBody,
    _: Annotated[Who, may(DECLARE_LOST, site_from=site_in_path)],
    ctx: Ctx,
    asked: Called,
) -> Response:
    """Record that a lost subject was reached: it is followed again."""
    return respond(await subjects.record(ctx, asked, body.command(study, subject)))


@router.post("/end-of-study", **creates(refusals.course.END_STUDY))
async def post_end_of_study(
    study: StudyId,
    subject: SubjectId,
    body: EndOfStudyBody,
    _: Annotated[Who, may(END_STUDY, site_from=site_in_path)],
    ctx: Ctx,
    asked: Called,
) -> Response:
    """Close the study for a subject before its follow-up is complete. The end of the follow-up comes by itself."""
    ended_on = body.ended_on or ctx.today(ctx.protocol(study))
    return respond(await subjects.record(ctx, asked, EndStudy(study, subject, ended_on)))


@router.post("/corrections", **creates(refusals.corrections.CORRECT, *NOTED))
async def post_correction(
    study: StudyId,
    subject: SubjectId,
    body: CorrectionBody,
    _: Annotated[Who, may(CORRECT, site_from=site_in_path)],
    ctx: Ctx,
    asked: Called,
) -> Response:
    """Annul a record that was wrong, and enter what should stand instead: all of it or nothing; the log keeps both.

    What was decided, assigned or scheduled is not corrected: a randomization, its strata and its arm are final.
    """
    entries = [
        Entry(entry.command(study, subject), f"/entries/{number}", note_of(entry))
        for number, entry in enumerate(body.entries)
    ]
    return respond(await corrections.correct(ctx, asked, study, subject, body.annul, body.reason, entries))
