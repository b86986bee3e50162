"""Texts that were not taken because somebody was found in them: listed, opened, released, discarded.

The same in every service that takes free texts: what its lifespan yields has the attribute `texts`.
"""

from datetime import datetime
from typing import Annotated, Final
from uuid import UUID

from fastapi import APIRouter, Request
from pydantic import BaseModel, ConfigDict, Field
from starlette.responses import Response

from contracts.events.held_texts import ReleaseReason
from contracts.vocabulary.identifiers import SiteId, StudyId, SubjectId
from services.chassis.auth.guard import may
from services.chassis.auth.policy import Action
from services.chassis.auth.who import Who
from services.chassis.freetext.scan import Kind
from services.chassis.http.called import CalledForNew
from services.chassis.http.exact import ExactRoute
from services.chassis.http.needs import needs
from services.chassis.http.openapi import problems
from services.chassis.http.paging import Page
from services.chassis.http.provenance import Origin
from services.chassis.http.recorded import respond
from services.chassis.quarantine.port import OWN_TEXT, TEXT_RELEASED, UNKNOWN_STUDY, UNKNOWN_TEXT, Held
from services.chassis.quarantine.texts import Texts, subject_of
from services.chassis.sealing.port import KEY_DESTROYED

READ_QUARANTINE: Final = Action("read-quarantine")
RESOLVE_QUARANTINE: Final = Action("resolve-quarantine")

router = APIRouter(prefix="/studies/{study}/sites/{site}/quarantine", tags=["quarantine"], route_class=ExactRoute)
_KNOWN: Final = (UNKNOWN_STUDY, UNKNOWN_TEXT)


def _texts(request: Request) -> Texts:
    texts: Texts = request.app.state.services.texts
    return texts


Reader = Annotated[Who, may(READ_QUARANTINE, site_from="site")]
Resolver = Annotated[Who, may(RESOLVE_QUARANTINE, site_from="site")]
OfService = Annotated[Texts, needs(_texts)]


class ReleaseBody(BaseModel):
    """Why nobody can be known by what was found."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    reason: ReleaseReason = Field(examples=[ReleaseReason.EPONYM])


class ReleasedFact(BaseModel):
    """What was recorded of a release."""

    study: StudyId
    subject: SubjectId
    text: UUID
    reason: ReleaseReason


class ReleasedRecord(BaseModel):
    """The fact with its id."""

    event_id: UUID
    type: str
    fact: ReleasedFact


class ReleaseView(BaseModel):
    """The one fact of a release."""

    recorded: list[ReleasedRecord]


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
            subject=subject_of(held),
            purpose=held.purpose,
            hits=[HitView(kind=hit.kind, start=hit.start, end=hit.end) for hit in held.hits],
            sent_by=held.sent_by,
            since=held.since,
        )


class OpenedView(HeldView):
    """A text with its words."""

    text: str


@router.get("", responses=problems(UNKNOWN_STUDY))
async def get_quarantine(study: StudyId, site: SiteId, _: Reader, texts: OfService) -> Page[HeldView]:
    """The texts of the site that wait, oldest first, without their words. There is one page of them: of 200."""
    texts.known(study)
    return Page(items=[HeldView.of(held) for held in await texts.kept.all(study, site)])


@router.get("/{text}", responses=problems(*_KNOWN, TEXT_RELEASED, KEY_DESTROYED))
async def get_quarantined(
    study: StudyId, site: SiteId, text: UUID, _: Resolver, texts: OfService, origin: Origin
) -> OpenedView:
    """One text with its words. It is recorded who opened it, before it is answered."""
    texts.known(study)
    held, words = await texts.open(origin, study, site, text)
    return OpenedView(**HeldView.of(held).model_dump(), text=words)


@router.post(
    "/{text}/release",
    status_code=201,
    response_model=ReleaseView,
    responses=problems(*_KNOWN, OWN_TEXT, TEXT_RELEASED),
)
async def post_release(
    study: StudyId, site: SiteId, text: UUID, body: ReleaseBody, _: Resolver, texts: OfService, asked: CalledForNew
) -> Response:
    """Let the very same text pass, for the same subject and field, until its time here is over. Nothing else passes.

    By another account than it came from. The words are forgotten here: it is sent again to be recorded.
    """
    texts.known(study)
    return respond(await texts.release(asked, study, site, text, body.reason))


@router.delete("/{text}", status_code=204, responses=problems(*_KNOWN))
async def delete_quarantined(study: StudyId, site: SiteId, text: UUID, _: Resolver, texts: OfService) -> Response:
    """Forget the text."""
    texts.known(study)
    await texts.discard(study, site, text)
    return Response(status_code=204)
