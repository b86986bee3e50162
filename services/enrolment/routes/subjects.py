"""Enrolment's commands about a subject."""

from typing import Annotated

from fastapi import APIRouter
from fastapi.exceptions import RequestValidationError
from starlette.responses import Response

from contracts.vocabulary.clinical import RunInExit
from contracts.vocabulary.identifiers import StudyId, SubjectId
from contracts.vocabulary.roles import Role
from services.chassis.auth.guard import may
from services.chassis.auth.sites import body_field
from services.chassis.auth.who import Who
from services.chassis.http.called import Called, CalledForNew
from services.chassis.http.exact import ExactRoute
from services.chassis.http.recorded import respond
from services.enrolment.bodies.subjects import (
    ConsentBody,
    DeathBody,
    ExitBody,
    FindingsBody,
    InclusionBody,
    SubjectBody,
    SurvivalContactBody,
    TherapyBody,
)
from services.enrolment.domain import refusals
from services.enrolment.domain.gates import AuthorizeRandomization, IncludeSubject
from services.enrolment.domain.obstacles import Requester
from services.enrolment.domain.subject.entry import RecordFindings, ScreenSubject, SignConsent
from services.enrolment.domain.subject.exits import EndRunIn, RecordDeath
from services.enrolment.domain.subject.followup import RecordSurvivalContact, StartNewTherapy
from services.enrolment.handlers import gate, subjects
from services.enrolment.policy import (
    AUTHORIZE_RANDOMIZATION,
    END_RUN_IN,
    INCLUDE,
    RECORD_DEATH,
    RECORD_FINDINGS,
    RECORD_SURVIVAL_CONTACT,
    SCREEN,
    SIGN_CONSENT,
    START_NEW_THERAPY,
)
from services.enrolment.routes.common import Ctx, creates, site_in_path

router = APIRouter(prefix="/studies/{study}", tags=["enrolment"], route_class=ExactRoute)


@router.post("/subjects", **creates(refusals.entry.SCREEN))
async def post_subject(
    study: StudyId,
    body: SubjectBody,
    _: Annotated[Who, may(SCREEN, site_from=body_field("site"))],
    ctx: Ctx,
    asked: CalledForNew,
) -> Response:
    """Enter somebody in the screening log. The answer holds the number that the site issued."""
    cmd = ScreenSubject(study, body.site, body.sex, body.birth_month, body.screened_on)
    return respond(await subjects.screen(ctx, asked, cmd))


@router.post("/subjects/{subject}/consents", **creates(refusals.entry.SIGN_CONSENT))
async def post_consent(
    study: StudyId,
    subject: SubjectId,
    body: ConsentBody,
    _: Annotated[Who, may(SIGN_CONSENT, site_from=site_in_path)],
    ctx: Ctx,
    asked: Called,
) -> Response:
    """Record a signed consent, in a version approved at the subject's site."""
    cmd = SignConsent(study, subject, body.version, body.signed_on, body.copy_given)
    return respond(await subjects.record(ctx, asked, cmd))


@router.post("/subjects/{subject}/findings", **creates(refusals.entry.RECORD_FINDINGS))
async def post_findings(
    study: StudyId,
    subject: SubjectId,
    body: FindingsBody,
    _: Annotated[Who, may(RECORD_FINDINGS, site_from=site_in_path)],
    ctx: Ctx,
    asked: Called,
) -> Response:
    """Record dated findings, all of them or none; every fault is named at once.

    A finding about the same field and day as an earlier one corrects it.
    """
    cmd = RecordFindings(study, subject, tuple(finding.submission() for finding in body.findings))
    return respond(await subjects.record(ctx, asked, cmd))


@router.post("/subjects/{subject}/inclusion", **creates(refusals.gates.INCLUDE))
async def post_inclusion(
    study: StudyId,
    subject: SubjectId,
    body: InclusionBody,
    _: Annotated[Who, may(INCLUDE, site_from=site_in_path)],
    ctx: Ctx,
    asked: Called,
) -> Response:
    """Evaluate gate 1 on what is recorded at this moment, and include the subject if it is passed.

    Refused with every criterion that fails or is not known; what is not known never passes, and there is no waiver.
    """
    included_on = body.included_on or ctx.today(ctx.protocol(study))
    return respond(await subjects.include(ctx, asked, IncludeSubject(study, subject, included_on)))


@router.post("/subjects/{subject}/run-in-exits", **creates(refusals.course.END_RUN_IN))
async def post_run_in_exit(
    study: StudyId,
    subject: SubjectId,
    body: ExitBody,
    _: Annotated[Who, may(END_RUN_IN, site_from=site_in_path)],
    ctx: Ctx,
    asked: Called,
) -> Response:
    """Take an included subject out of the run-in. It stays in the data and is followed."""
    if body.reason is RunInExit.DEATH:
        error = {"type": "value_error", "loc": ("body", "reason"), "msg": "a death is recorded under /deaths"}
        raise RequestValidationError([error])
    return respond(await subjects.record(ctx, asked, EndRunIn(study, subject, body.reason, body.ended_on)))


@router.post("/subjects/{subject}/deaths", **creates(refusals.course.RECORD_DEATH))
async def post_death(
    study: StudyId,
    subject: SubjectId,
    body: DeathBody,
    _: Annotated[Who, may(RECORD_DEATH, site_from=site_in_path)],
    ctx: Ctx,
    asked: Called,
) -> Response:
    """Record a death. It ends a run-in that is still open."""
    return respond(await subjects.record(ctx, asked, RecordDeath(study, subject, body.died_on, body.cause)))


@router.post("/subjects/{subject}/new-therapies", **creates(refusals.course.START_NEW_THERAPY))
async def post_new_therapy(
    study: StudyId,
    subject: SubjectId,
    body: TherapyBody,
    _: Annotated[Who, may(START_NEW_THERAPY, site_from=site_in_path)],
    ctx: Ctx,
    asked: Called,
) -> Response:
    """Record an anticancer therapy outside the protocol."""
    cmd = StartNewTherapy(study, subject, body.started_on, body.therapy)
    return respond(await subjects.record(ctx, asked, cmd))


@router.post("/subjects/{subject}/survival-contacts", **creates(refusals.course.RECORD_SURVIVAL_CONTACT))
async def post_survival_contact(
    study: StudyId,
    subject: SubjectId,
    body: SurvivalContactBody,
    _: Annotated[Who, may(RECORD_SURVIVAL_CONTACT, site_from=site_in_path)],
    ctx: Ctx,
    asked: Called,
) -> Response:
    """Record that the subject was known to be alive on a day."""
    cmd = RecordSurvivalContact(study, subject, body.last_alive_on)
    return respond(await subjects.record(ctx, asked, cmd))


@router.post("/subjects/{subject}/randomization-authorizations", **creates(refusals.gates.AUTHORIZE))
async def post_randomization_authorization(
    study: StudyId,
    subject: SubjectId,
    who: Annotated[Who, may(AUTHORIZE_RANDOMIZATION, site_from=site_in_path)],
    ctx: Ctx,
    asked: Called,
) -> Response:
    """Evaluate gate 2 today, derive the strata, and record both as evidence for an allocation. Takes no body.

    Assessment is asked, in the caller's name, for the scan. Refused with every reason at once.
    """
    requester = Requester(who.actor, tuple(sorted(who.roles & {role.value for role in Role})))
    cmd = AuthorizeRandomization(study, subject, requester)
    return respond(await gate.authorize_randomization(ctx, asked, cmd))
