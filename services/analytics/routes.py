"""Analytics' HTTP side: parse, authorise, ask a view, render. Reads only: analytics records nothing."""

from collections.abc import Mapping
from typing import Annotated

from fastapi import APIRouter, Depends, Query, Request

from contracts.vocabulary.clinical import Reader
from contracts.vocabulary.identifiers import SiteId, StudyId
from contracts.vocabulary.roles import OPEN_ROLES
from services.analytics import closed, completed, views
from services.analytics.closed import DcrByArm, FlowByArm
from services.analytics.completed import CompletionView
from services.analytics.domain import refusals
from services.analytics.domain.refusals import OPEN_ROLE_BESIDE_CLOSED
from services.analytics.policy import (
    READ_ALERTS,
    READ_BY_ARM,
    READ_COMPLETION,
    READ_ENDPOINT,
    READ_FLOW,
    READ_POSITIONS,
    READ_STATUS,
)
from services.analytics.shapes import AlertPage, DcrView, DiseaseStatusPage, FlowView, StandsOn
from services.analytics.views import Context
from services.chassis.auth.guard import EACH, may
from services.chassis.auth.who import Who
from services.chassis.http.consistency import Positions, consistent
from services.chassis.http.needs import needs
from services.chassis.http.openapi import problems
from services.chassis.http.paging import Paged
from services.chassis.http.written import Day
from services.chassis.refusal import Refused

router = APIRouter(prefix="/studies/{study}", tags=["analytics"])


def context(request: Request) -> Context:
    """What the lifespan yielded."""
    ctx: Context = request.app.state.services
    return ctx


def _positions(request: Request) -> Mapping[str, Positions]:
    return context(request).reading.positions()


Ctx = Annotated[Context, needs(context)]
Held = Annotated[None, consistent(_positions)]
ReaderParameter = Annotated[
    Reader, Query(description="whose readings of the scans count; the investigator's are the only ones so far")
]
CutOff = Annotated[
    Day | None,
    Query(
        alias="as_of",
        description="the last clinical day that counts: what happened later is left out (default: today)",
        examples=["2026-03-31"],
    ),
]
Site = Annotated[SiteId | None, Query(description="one site instead of all that you may see", examples=["01"])]


def sites_of(who: Who, site: str | None) -> frozenset[str] | None:
    """The sites that an answer may draw on; None: all of them. Raises `Refused` (403) for one of another's."""
    if site is not None:
        who.require_site(site)
        return frozenset({site})
    return None if who.everywhere else who.sites


async def _closed(who: Annotated[Who, may(READ_BY_ARM)]) -> Who:
    """Somebody who may see arms and has no part in the trial in which knowing them does harm (ruling 20)."""
    if beside := who.roles & OPEN_ROLES:
        raise Refused(OPEN_ROLE_BESIDE_CLOSED, roles=beside)
    return who


Unblinded = Annotated[Who, Depends(_closed)]


@router.get("/participant-flow", responses=problems(refusals.STUDY))
async def get_participant_flow(
    study: StudyId, who: Annotated[Who, may(READ_FLOW, site_from=EACH)], ctx: Ctx, _: Held, site: Site = None
) -> FlowView:
    """Participant flow (CONSORT): every step counted, arms together. Site roles see that of their own site."""
    return await views.participant_flow(ctx, study, sites_of(who, site))


@router.get("/participant-flow/by-arm", responses=problems(refusals.STUDY, refusals.CLOSED))
async def get_participant_flow_by_arm(study: StudyId, who: Unblinded, ctx: Ctx, _: Held) -> FlowByArm:
    """What follows randomization, by arm. Closed: for the unblinded statistician and the safety board."""
    return await closed.participant_flow(ctx, study)


@router.get("/disease-status", responses=problems(refusals.AT_A_CUT_OFF))
async def get_disease_status(
    study: StudyId,
    who: Annotated[Who, may(READ_STATUS, site_from=EACH)],
    ctx: Ctx,
    _: Held,
    page: Paged,
    as_of: CutOff = None,
    site: Site = None,
) -> DiseaseStatusPage:
    """Where the disease of each included subject stands, without arm. Site roles see their own subjects."""
    after = page.after if isinstance(page.after, str) else ""
    found, more = await views.disease_status(ctx, study, sites_of(who, site), as_of, after, page.limit)
    if more:
        found.next = page.cursors.encode(page.binding, found.items[-1].subject)
    return found


@router.get("/questionnaires/completion", responses=problems(refusals.AT_A_CUT_OFF))
async def get_questionnaire_completion(
    study: StudyId,
    who: Annotated[Who, may(READ_COMPLETION, site_from=EACH)],
    ctx: Ctx,
    _: Held,
    as_of: CutOff = None,
    site: Site = None,
) -> CompletionView:
    """Completion of questionnaires by occasion, arms together. Site roles see that of their own site."""
    return await completed.questionnaires(ctx, study, sites_of(who, site), as_of)


@router.get("/endpoints/dcr-6-months", responses=problems(refusals.ENDPOINT))
async def get_disease_control(
    study: StudyId,
    who: Annotated[Who, may(READ_ENDPOINT)],
    ctx: Ctx,
    _: Held,
    reader: ReaderParameter = Reader.INVESTIGATOR,
    as_of: CutOff = None,
) -> DcrView:
    """Disease control six months after randomization, arms together, with exact limits."""
    return await views.disease_control(ctx, study, reader, as_of)


@router.get("/endpoints/dcr-6-months/by-arm", responses=problems(refusals.ENDPOINT, refusals.CLOSED))
async def get_disease_control_by_arm(
    study: StudyId,
    who: Unblinded,
    ctx: Ctx,
    _: Held,
    reader: ReaderParameter = Reader.INVESTIGATOR,
    as_of: CutOff = None,
) -> DcrByArm:
    """Disease control six months after randomization, by arm. Closed: for the statistician and the safety board."""
    return await closed.disease_control(ctx, study, reader, as_of)


@router.get("/alerts", responses=problems(refusals.STUDY))
async def get_alerts(
    study: StudyId,
    who: Annotated[Who, may(READ_ALERTS, site_from=EACH)],
    ctx: Ctx,
    _: Held,
    page: Paged,
    site: Site = None,
) -> AlertPage:
    """Alerts that safety raised, the newest first. Site roles see those about their own subjects."""
    before = page.after if isinstance(page.after, int) else None
    found, more = await views.alerts(ctx, study, sites_of(who, site), before, page.limit)
    if more:
        found.next = page.cursors.encode(page.binding, found.items[-1].position)
    return found


@router.get("/positions", responses=problems(refusals.STUDY))
async def get_positions(study: StudyId, who: Annotated[Who, may(READ_POSITIONS)], ctx: Ctx, _: Held) -> StandsOn:
    """How far each topic is in: what any figure would stand on now."""
    return await views.positions(ctx, study)
