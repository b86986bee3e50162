"""Texts that were not taken because somebody was found in them: listed, opened, released, discarded."""

from datetime import datetime
from typing import Annotated, Final
from uuid import UUID

from fastapi import APIRouter
from pydantic import BaseModel, Field
from starlette.responses import Response

from contracts.vocabulary.identifiers import SiteId, StudyId
from services.chassis.auth.guard import may
from services.chassis.auth.who import Who
from services.chassis.freetext.scan import Kind
from services.chassis.http.called import CalledForNew
from services.chassis.http.exact import ExactRoute
from services.chassis.http.openapi import problems
from services.chassis.http.paging import Page
from services.chassis.http.recorded import respond
from services.chassis.quarantine.port import OWN_TEXT, TEXT_RELEASED, UNKNOWN_TEXT, Held
from services.chassis.sealing.port import KEY_DESTROYED
from services.enrolment.bodies.body import Body
from services.enrolment.domain import refusals
from services.enrolment.domain.facts import ReleaseReason
from services.enrolment.handlers import quarantine as handlers
from services.enrolment.policy import READ_QUARANTINE, RESOLVE_QUARANTINE
from services.enrolment.routes.common import Ctx, creates

router = APIRouter(prefix="/studies/{study}/sites/{site}/quarantine", tags=["quarantine"], route_class=ExactRoute)
Reader = Annotated[Who, may(READ_QUARANTINE, site_from="site")]
Resolver = Annotated[Who, may(RESOLVE_QUARANTINE, site_from="site")]
_KNOWN: Final = (refusals.common.UNKNOWN_STUDY, UNKNOWN_TEXT)


class ReleaseBody(Body):
    """Why nobody can be known by what was found."""

    reason: ReleaseReason = Field(examples=[ReleaseReason.EPONYM])


class HitView(BaseModel):
    """What was found, and where: in characters of the text as it was sent."""

    kind: Kind
    start: int
    end: int


class HeldView(BaseModel):
    """A text that waits to be looked at, without its words."""

    id: UUID
    subject: str
    purpose: str = Field(description="the field that it was for")
    hits: list[HitView]
    sent_by: str
    since: datetime

    @classmethod
    def of(cls, held: Held) -> "HeldView":
        """The view of a text."""
        return cls(
            id=held.id,
            subject=handlers.subject_of(held),
            purpose=held.purpose,
            hits=[HitView(kind=hit.kind, start=hit.start, end=hit.end) for hit in held.hits],
            sent_by=held.sent_by,
            since=held.since,
        )


class OpenedView(HeldView):
    """A text with its words."""

    text: str


@router.get("", responses=problems(refusals.common.UNKNOWN_STUDY))
async def get_quarantine(study: StudyId, site: SiteId, _: Reader, ctx: Ctx) -> Page[HeldView]:
    """The texts of the site that wait, oldest first, without their words. There is one page of them: of 200."""
    ctx.protocol(study)
    return Page(items=[HeldView.of(held) for held in await ctx.quarantine.all(study, site)])


@router.get("/{text}", responses=problems(*_KNOWN, TEXT_RELEASED, KEY_DESTROYED))
async def get_quarantined(study: StudyId, site: SiteId, text: UUID, _: Resolver, ctx: Ctx) -> OpenedView:
    """One text with its words. That it was opened is logged."""
    ctx.protocol(study)
    held, words = await handlers.opened(ctx, study, site, text)
    return OpenedView(**HeldView.of(held).model_dump(), text=words)


@router.post("/{text}/release", **creates(*_KNOWN, OWN_TEXT, TEXT_RELEASED))
async def post_release(
    study: StudyId, site: SiteId, text: UUID, body: ReleaseBody, _: Resolver, ctx: Ctx, asked: CalledForNew
) -> Response:
    """Let the very same text pass, for the same subject and field, until its time here is over. Nothing else passes.

    By another account than it came from. The words are forgotten here: it is sent again to be recorded.
    """
    ctx.protocol(study)
    return respond(await handlers.release(ctx, asked, study, site, text, body.reason))


@router.delete("/{text}", status_code=204, responses=problems(*_KNOWN))
async def delete_quarantined(study: StudyId, site: SiteId, text: UUID, _: Resolver, ctx: Ctx) -> Response:
    """Forget the text."""
    ctx.protocol(study)
    await handlers.discard(ctx, study, site, text)
    return Response(status_code=204)
