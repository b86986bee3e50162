"""Enrolment's commands over HTTP: parse, authorise, call a handler, render."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, Any, Final

from fastapi import APIRouter, Request
from fastapi.exceptions import RequestValidationError
from pydantic import BaseModel
from starlette.responses import Response

from contracts.vocabulary.clinical import RunInExit
from contracts.vocabulary.identifiers import StudyId, SubjectId, site_of
from contracts.vocabulary.roles import Role
from services.chassis.auth.guard import may
from services.chassis.auth.sites import body_field, path_field
from services.chassis.auth.who import Who
from services.chassis.http.called import Called, CalledForNew
from services.chassis.http.exact import ExactRoute
from services.chassis.http.needs import needs
from services.chassis.http.openapi import problems
from services.chassis.http.recorded import respond
from services.enrolment import bodies, handlers
from services.enrolment.domain import commands, refusals
from services.enrolment.handlers import Context
from services.enrolment.policy import (
    ACTIVATE_SITE,
    ADMINISTER_CYCLE,
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
from services.enrolment.views import Views

router = APIRouter(prefix="/studies/{study}", tags=["enrolment"], route_class=ExactRoute)


@dataclass(frozen=True, slots=True)
class Services:
    """What the lifespan yields: the handlers' context, and the read models."""

    context: Context
    views: Views


def services(request: Request) -> Services:
    """What the lifespan yielded."""
    served: Services = request.app.state.services
    return served


def context(request: Request) -> Context:
    """What the handlers work with."""
    return services(request).context


Ctx = Annotated[Context, needs(context)]


site_in_path: Final = path_field("subject", site_of, like="01-001")


def _creates(*declared: Any, view: type[BaseModel] = bodies.RecordedView) -> Mapping[str, Any]:
    return {"status_code": 201, "response_model": view, "responses": problems(*declared)}


@router.post("/sites", **_creates(refusals.ACTIVATE_SITE))
async def post_site(
    study: StudyId, body: bodies.SiteBody, _: Annotated[Who, may(ACTIVATE_SITE)], ctx: Ctx, asked: CalledForNew
) -> Response:
    """Activate a site: from that day on it may screen."""
    cmd = commands.ActivateSite(study, body.site, body.name, body.activated_on, body.consent_versions)
    return respond(await handlers.activate_site(ctx, asked, cmd))


@router.post("/subjects", **_creates(refusals.SCREEN))
async def post_subject(
    study: StudyId,
    body: bodies.SubjectBody,
    _: Annotated[Who, may(SCREEN, site_from=body_field("site"))],
    ctx: Ctx,
    asked: CalledForNew,
) -> Response:
    """Enter somebody in the screening log. The answer holds the number that the site issued."""
    cmd = commands.ScreenSubject(study, body.site, body.sex, body.birth_month, body.screened_on)
    return respond(await handlers.screen(ctx, asked, cmd))


@router.post("/subjects/{subject}/consents", **_creates(refusals.SIGN_CONSENT))
async def post_consent(
    study: StudyId,
    subject: SubjectId,
    body: bodies.ConsentBody,
    _: Annotated[Who, may(SIGN_CONSENT, site_from=site_in_path)],
    ctx: Ctx,
    asked: Called,
) -> Response:
    """Record a signed consent, in a version approved at the subject's site."""
    cmd = commands.SignConsent(study, subject, body.version, body.signed_on)
    return respond(await handlers.sign_consent(ctx, asked, cmd))


@router.post("/subjects/{subject}/findings", **_creates(refusals.RECORD_FINDINGS))
async def post_findings(
    study: StudyId,
    subject: SubjectId,
    body: bodies.FindingsBody,
    _: Annotated[Who, may(RECORD_FINDINGS, site_from=site_in_path)],
    ctx: Ctx,
    asked: Called,
) -> Response:
    """Record dated findings, all of them or none; every fault is named at once.

    A finding about the same field and day as an earlier one corrects it.
    """
    cmd = commands.RecordFindings(study, subject, tuple(finding.submission() for finding in body.findings))
    return respond(await handlers.record_findings(ctx, asked, cmd))


@router.post("/subjects/{subject}/inclusion", **_creates(refusals.INCLUDE))
async def post_inclusion(
    study: StudyId,
    subject: SubjectId,
    body: bodies.InclusionBody,
    _: Annotated[Who, may(INCLUDE, site_from=site_in_path)],
    ctx: Ctx,
    asked: Called,
) -> Response:
    """Evaluate gate 1 on what is recorded at this moment, and include the subject if it is passed.

    Refused with every criterion that fails or is not known; what is not known never passes, and there is no waiver.
    """
    included_on = body.included_on or ctx.today(ctx.protocol(study))
    return respond(await handlers.include(ctx, asked, commands.IncludeSubject(study, subject, included_on)))


@router.post("/subjects/{subject}/cycles", **_creates(refusals.ADMINISTER_CYCLE, view=bodies.CycleRecordedView))
async def post_cycle(
    study: StudyId,
    subject: SubjectId,
    body: bodies.CycleBody,
    _: Annotated[Who, may(ADMINISTER_CYCLE, site_from=site_in_path)],
    ctx: Ctx,
    asked: Called,
) -> Response:
    """Record a run-in cycle that was given, with what about it lies outside the protocol."""
    cmd = commands.AdministerCycle(
        study, subject, body.cycle, body.given_on, body.prescribed_mbq, body.administered_mbq
    )
    return respond(await handlers.administer_cycle(ctx, asked, cmd))


@router.post("/subjects/{subject}/run-in-exits", **_creates(refusals.END_RUN_IN))
async def post_run_in_exit(
    study: StudyId,
    subject: SubjectId,
    body: bodies.ExitBody,
    _: Annotated[Who, may(END_RUN_IN, site_from=site_in_path)],
    ctx: Ctx,
    asked: Called,
) -> Response:
    """Take an included subject out of the run-in. It stays in the data and is followed."""
    if body.reason is RunInExit.DEATH:
        error = {"type": "value_error", "loc": ("body", "reason"), "msg": "a death is recorded under /deaths"}
        raise RequestValidationError([error])
    return respond(await handlers.end_run_in(ctx, asked, commands.EndRunIn(study, subject, body.reason, body.ended_on)))


@router.post("/subjects/{subject}/deaths", **_creates(refusals.RECORD_DEATH))
async def post_death(
    study: StudyId,
    subject: SubjectId,
    body: bodies.DeathBody,
    _: Annotated[Who, may(RECORD_DEATH, site_from=site_in_path)],
    ctx: Ctx,
    asked: Called,
) -> Response:
    """Record a death. It ends a run-in that is still open."""
    return respond(
        await handlers.record_death(ctx, asked, commands.RecordDeath(study, subject, body.died_on, body.cause))
    )


@router.post("/subjects/{subject}/new-therapies", **_creates(refusals.START_NEW_THERAPY))
async def post_new_therapy(
    study: StudyId,
    subject: SubjectId,
    body: bodies.TherapyBody,
    _: Annotated[Who, may(START_NEW_THERAPY, site_from=site_in_path)],
    ctx: Ctx,
    asked: Called,
) -> Response:
    """Record an anticancer therapy outside the protocol."""
    cmd = commands.StartNewTherapy(study, subject, body.started_on, body.therapy)
    return respond(await handlers.start_new_therapy(ctx, asked, cmd))


@router.post("/subjects/{subject}/survival-contacts", **_creates(refusals.RECORD_SURVIVAL_CONTACT))
async def post_survival_contact(
    study: StudyId,
    subject: SubjectId,
    body: bodies.SurvivalContactBody,
    _: Annotated[Who, may(RECORD_SURVIVAL_CONTACT, site_from=site_in_path)],
    ctx: Ctx,
    asked: Called,
) -> Response:
    """Record that the subject was known to be alive on a day."""
    cmd = commands.RecordSurvivalContact(study, subject, body.last_alive_on)
    return respond(await handlers.record_survival_contact(ctx, asked, cmd))


@router.post("/subjects/{subject}/randomization-authorizations", **_creates(refusals.AUTHORIZE))
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
    roles = tuple(sorted(who.roles & {role.value for role in Role}))
    return respond(
        await handlers.authorize_randomization(ctx, asked, commands.AuthorizeRandomization(study, subject, roles))
    )
