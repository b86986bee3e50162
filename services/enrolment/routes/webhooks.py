"""Webhooks of a site's own systems: who is told what, and what became of it."""

from datetime import datetime
from typing import Annotated, Any, Final
from uuid import NAMESPACE_URL, UUID, uuid5

from fastapi import APIRouter, Request
from pydantic import BaseModel, Field, StringConstraints
from starlette.responses import Response

from contracts.vocabulary.identifiers import SiteId, StudyId
from services.chassis.auth.guard import may
from services.chassis.auth.who import Who
from services.chassis.http.idempotency import Command
from services.chassis.http.needs import needs
from services.chassis.http.openapi import problems
from services.chassis.http.paging import Page
from services.chassis.log.port import KeyReused
from services.chassis.refusal import Refused
from services.chassis.sealing.port import KEY_DESTROYED
from services.chassis.settings import Settings
from services.chassis.webhooks.addresses import MAX_URL, check_url
from services.chassis.webhooks.port import (
    ADDRESS_NOT_ACCEPTED,
    BEYOND_THE_END,
    PURPOSE,
    TOO_MANY_WEBHOOKS,
    UNKNOWN_WEBHOOK,
    Subscription,
    key_of,
)
from services.chassis.webhooks.sending import new_secret
from services.enrolment.bodies.body import Body
from services.enrolment.domain import refusals
from services.enrolment.handlers.telling import TYPES
from services.enrolment.policy import MANAGE_WEBHOOKS
from services.enrolment.routes.common import Services, services

router = APIRouter(prefix="/studies/{study}/sites/{site}/webhooks", tags=["webhooks"])
Served = Annotated[Services, needs(services)]
Manager = Annotated[Who, may(MANAGE_WEBHOOKS, site_from="site")]
_ONE: Final = problems(refusals.common.UNKNOWN_STUDY, UNKNOWN_WEBHOOK)


class WebhookBody(Body):
    """Where to deliver, and which facts. What is recorded from now on is told; a replay tells what was before."""

    url: Annotated[str, StringConstraints(min_length=1, max_length=MAX_URL)] = Field(
        description="`https`, without user or fragment", examples=["https://hospital.example/reluth"]
    )
    events: Annotated[tuple[str, ...], Field(min_length=1, max_length=len(TYPES))] = Field(
        description="names of facts, each once",
        examples=[["enrolment.subject-screened"]],
        json_schema_extra={"items": {"type": "string", "enum": list(TYPES)}},
    )


class ReplayBody(Body):
    """The log position of the first fact to deliver again."""

    start: Annotated[int, Field(ge=1, le=2**62, strict=True)] = Field(alias="from", examples=[1])


class WebhookView(BaseModel):
    """A webhook of the site. Its secret is shown to the command that made it, and to nobody afterwards."""

    id: UUID
    url: str
    events: list[str]
    made_by: str
    made_at: datetime
    position: int = Field(description="up to which everything was delivered, or is not asked for")
    failures: int = Field(description="attempts since the last success")
    failing_since: datetime | None
    disabled: str | None = Field(description="why nothing is delivered any more; a replay begins again")

    @classmethod
    def of(cls, kept: Subscription, **more: Any) -> "WebhookView":
        """The view of a webhook."""
        return cls(
            id=kept.id,
            url=kept.url,
            events=list(kept.types),
            made_by=kept.made_by,
            made_at=kept.made_at,
            position=kept.cursor,
            failures=kept.failures,
            failing_since=kept.failing_since,
            disabled=kept.disabled,
            **more,
        )


class NewWebhookView(WebhookView):
    """A webhook with its secret."""

    secret: str = Field(description="signs what is delivered: HMAC-SHA256 after Standard Webhooks")


class DeliveryView(BaseModel):
    """An attempt to deliver. What was delivered is not kept: the position finds it."""

    position: int
    event_id: UUID
    at: datetime
    status: int | None = Field(description="what the receiver answered; what it said is not read")
    error: str | None = Field(description="why there was no answer")
    milliseconds: int


@router.post(
    "",
    status_code=201,
    responses=problems(
        refusals.common.UNKNOWN_STUDY,
        refusals.webhooks.UNKNOWN_EVENT,
        ADDRESS_NOT_ACCEPTED,
        TOO_MANY_WEBHOOKS,
        KEY_DESTROYED,
    ),
)
async def post_webhook(
    study: StudyId, site: SiteId, body: WebhookBody, who: Manager, served: Served, command: Command, request: Request
) -> NewWebhookView:
    """Have facts of this site delivered from now on, in the order of the log, at least once, signed.

    The answer alone holds the secret; the same command again gets it again.
    """
    ctx, settings = served.context, _settings(request)
    ctx.protocol(study)
    check_url(body.url, private=settings.webhook_private)
    if set(body.events) - set(TYPES) or len(set(body.events)) < len(body.events):
        raise Refused(refusals.webhooks.UNKNOWN_EVENT, field="events")
    webhook = uuid5(NAMESPACE_URL, command.key)
    sealed = await ctx.sealer.seal(key_of(webhook), new_secret(), purpose=PURPOSE)
    head = (await ctx.facts.log.head()).position
    made = Subscription(
        id=webhook,
        realm=study,
        scope=site,
        url=body.url,
        types=body.events,
        secret=sealed,
        made_by=who.actor,
        request_hash=command.request_hash,
        made_at=ctx.clock(),
        cursor=head,
    )
    kept = await served.webhooks.add(made)
    if kept.request_hash != command.request_hash:
        raise KeyReused("the key made another webhook")
    view = WebhookView.of(kept).model_dump()
    return NewWebhookView(**view, secret=await ctx.sealer.unseal(kept.secret, purpose=PURPOSE))


@router.get("", responses=problems(refusals.common.UNKNOWN_STUDY))
async def get_webhooks(study: StudyId, site: SiteId, _: Manager, served: Served) -> Page[WebhookView]:
    """The webhooks of the site, oldest first. A site has one page of them."""
    served.context.protocol(study)
    return Page(items=[WebhookView.of(one) for one in await served.webhooks.all(study, site)])


@router.get("/{webhook}", responses=_ONE)
async def get_webhook(study: StudyId, site: SiteId, webhook: UUID, _: Manager, served: Served) -> WebhookView:
    """One webhook, and how far it was told."""
    served.context.protocol(study)
    return WebhookView.of(await served.webhooks.one(study, site, webhook))


@router.delete("/{webhook}", status_code=204, responses=_ONE)
async def delete_webhook(study: StudyId, site: SiteId, webhook: UUID, _: Manager, served: Served) -> Response:
    """Tell it nothing more. Its secret is destroyed, its attempts are forgotten."""
    served.context.protocol(study)
    await served.webhooks.remove(study, site, webhook)
    await served.context.sealer.destroy(key_of(webhook), "webhook-removed")
    return Response(status_code=204)


@router.post("/{webhook}/replay", responses=problems(refusals.common.UNKNOWN_STUDY, UNKNOWN_WEBHOOK, BEYOND_THE_END))
async def post_replay(
    study: StudyId, site: SiteId, webhook: UUID, body: ReplayBody, _: Manager, served: Served, __: Command
) -> WebhookView:
    """Deliver again from a position of the log on; a webhook that was disabled is enabled by it.

    Of subjects who were erased since nothing is delivered again but that they were.
    """
    served.context.protocol(study)
    head = (await served.context.facts.log.head()).position
    if body.start > head + 1:
        raise Refused(BEYOND_THE_END, field="from", head=head)
    return WebhookView.of(await served.webhooks.replay(study, site, webhook, body.start - 1))


@router.get("/{webhook}/deliveries", responses=_ONE)
async def get_deliveries(study: StudyId, site: SiteId, webhook: UUID, _: Manager, served: Served) -> Page[DeliveryView]:
    """The last hundred attempts, newest first, without what was delivered."""
    served.context.protocol(study)
    kept = await served.webhooks.one(study, site, webhook)
    found = await served.webhooks.attempts(kept.id)
    return Page(items=[DeliveryView.model_validate(one, from_attributes=True) for one in found])


def _settings(request: Request) -> Settings:
    settings: Settings = request.app.state.settings
    return settings
