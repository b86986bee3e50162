"""Questionnaires over HTTP. What is kept and shown are numbers of items and answers, never their wording."""

from typing import Annotated

from fastapi import APIRouter
from starlette.responses import Response

from contracts.protocol.quality_of_life import QualityOfLife
from contracts.questionnaires.load import questionnaires
from contracts.vocabulary.identifiers import StudyId, SubjectId
from services.assessment.bodies.questionnaires import Code, QuestionnaireBody, QuestionnaireCorrectionBody
from services.assessment.domain.questionnaires.state import INITIAL, Questionnaires, evolve, questionnaire_stream
from services.assessment.domain.refusals import questionnaires as refusals
from services.assessment.handlers.context import Context
from services.assessment.handlers.questionnaires import record_questionnaire
from services.assessment.policy import READ_QUESTIONNAIRES, RECORD_QUESTIONNAIRE
from services.assessment.routes.common import Ctx, creates, loaded, site_in_path, stamped
from services.assessment.shown import questionnaires as shown
from services.assessment.shown.questionnaires import CourseView, QuestionnaireView, RecordedView
from services.chassis.auth.guard import may
from services.chassis.auth.who import Who
from services.chassis.folds import Loaded
from services.chassis.http.called import Called
from services.chassis.http.moment import Moment, MomentParameter
from services.chassis.http.openapi import problems
from services.chassis.http.paging import Page
from services.chassis.http.recorded import respond
from services.chassis.refusal import Refused

router = APIRouter(prefix="/studies/{study}/subjects/{subject}", tags=["quality of life"])
Recording = Annotated[Who, may(RECORD_QUESTIONNAIRE, site_from=site_in_path)]
Reading = Annotated[Who, may(READ_QUESTIONNAIRES, site_from=site_in_path)]


def _rules(ctx: Context, study: str) -> QualityOfLife:
    rules = ctx.protocol(study).quality_of_life
    if rules is None:
        raise Refused(refusals.NO_QUESTIONNAIRES)
    return rules


async def _loaded(ctx: Context, study: str, subject: str, at: Moment) -> Loaded[Questionnaires]:
    _rules(ctx, study)
    return await loaded(ctx, study, subject, questionnaire_stream(study, subject), INITIAL, evolve, at)


@router.post("/questionnaires", **creates(refusals.COMPLETE, view=RecordedView))
async def post_questionnaire(
    study: StudyId, subject: SubjectId, body: QuestionnaireBody, _: Recording, ctx: Ctx, asked: Called
) -> Response:
    """Record a filled-in questionnaire, once for each occasion of the protocol. The answer has the scores."""
    cmd = body.command(study, subject, body.questionnaire, body.occasion, again=False)
    return respond(await record_questionnaire(ctx, asked, cmd))


@router.post("/questionnaires/{questionnaire}/{occasion}/corrections", **creates(refusals.CORRECT, view=RecordedView))
async def post_questionnaire_correction(
    study: StudyId,
    subject: SubjectId,
    questionnaire: Code,
    occasion: Code,
    body: QuestionnaireCorrectionBody,
    _: Recording,
    ctx: Ctx,
    asked: Called,
) -> Response:
    """Record the answers of an occasion again, with the reason. What was recorded first stays in the log."""
    cmd = body.command(study, subject, questionnaire, occasion, again=True)
    return respond(await record_questionnaire(ctx, asked, cmd, body.reason))


@router.get("/questionnaires", responses=problems(refusals.READ))
async def get_questionnaires(
    study: StudyId, subject: SubjectId, _: Reading, ctx: Ctx, at: MomentParameter, response: Response
) -> Page[QuestionnaireView]:
    """What the subject filled in, by day, with scores. A subject has one page of them."""
    found = await _loaded(ctx, study, subject, at)
    return stamped(response, found, Page(items=shown.listed(found.state, questionnaires())))


@router.get("/questionnaires/{questionnaire}/{occasion}", responses=problems(refusals.READ_ONE))
async def get_questionnaire(
    study: StudyId,
    subject: SubjectId,
    questionnaire: Code,
    occasion: Code,
    _: Reading,
    ctx: Ctx,
    at: MomentParameter,
    response: Response,
) -> QuestionnaireView:
    """One questionnaire of one occasion, with scores."""
    found = await _loaded(ctx, study, subject, at)
    completed = shown.completed_on(found.state, questionnaire, occasion)
    return stamped(response, found, QuestionnaireView.of(completed, questionnaires()[questionnaire]))


@router.get("/quality-of-life", responses=problems(refusals.READ))
async def get_quality_of_life(
    study: StudyId, subject: SubjectId, _: Reading, ctx: Ctx, at: MomentParameter, response: Response
) -> Page[CourseView]:
    """Each questionnaire over time: change from baseline, and when a scale first was worse."""
    found, rules = await _loaded(ctx, study, subject, at), _rules(ctx, study)
    courses = [CourseView.of(found.state, questionnaires()[name], rules) for name in rules.questionnaires]
    return stamped(response, found, Page(items=courses))
