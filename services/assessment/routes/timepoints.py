"""Everything of one timepoint over HTTP."""

from typing import Annotated

from fastapi import APIRouter, Request
from starlette.responses import Response

from contracts.vocabulary.identifiers import StudyId, SubjectId, site_of
from services.assessment.bodies.timepoints import TimepointBody
from services.assessment.domain.refusals import timepoints as refusals
from services.assessment.handlers.timepoints import Sent, record_timepoint
from services.assessment.policy import RECORD_ASSESSMENT, RECORD_QUESTIONNAIRE
from services.assessment.routes.common import Ctx, creates, site_in_path, too_small
from services.assessment.shown.timepoints import TimepointRecorded
from services.chassis.auth.guard import Auth, may
from services.chassis.auth.refusals import NOT_PERMITTED
from services.chassis.auth.who import Who
from services.chassis.http.called import CalledForNew
from services.chassis.http.exact import ExactRoute
from services.chassis.http.recorded import respond
from services.chassis.refusal import Refused

router = APIRouter(prefix="/studies/{study}/subjects/{subject}", tags=["assessment"], route_class=ExactRoute)


@router.post("/timepoints", **creates(refusals.RECORD, view=TimepointRecorded))
async def post_timepoint(
    study: StudyId,
    subject: SubjectId,
    body: TimepointBody,
    who: Annotated[Who, may(RECORD_QUESTIONNAIRE, site_from=site_in_path)],
    request: Request,
    ctx: Ctx,
    asked: CalledForNew,
) -> Response:
    """Record a timepoint with everything that belongs to it: all of it, or nothing and every error at once."""
    auth: Auth = request.app.state.auth
    reading = body.tumour_assessment
    if reading is not None and not auth.policy.decide(who, RECORD_ASSESSMENT, site_of(subject)).allowed:
        raise Refused(NOT_PERMITTED, action=RECORD_ASSESSMENT.name, because="no-role")
    small = too_small(ctx, study)
    sent = Sent(
        study,
        subject,
        reading.read(study, subject, reading.timepoint, small, again=False) if reading is not None else None,
        tuple(q.command(study, subject, q.questionnaire, q.occasion, again=False) for q in body.questionnaires),
        tuple(one.command(study, subject) for one in body.biomarkers),
    )
    return respond(await record_timepoint(ctx, asked, sent))
