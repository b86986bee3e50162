"""Safety's HTTP side: parse, authorise, call a handler, render."""

from collections.abc import Sequence
from typing import Annotated, Final
from uuid import UUID

from fastapi import APIRouter, Query, Request
from pydantic import BaseModel, ConfigDict, Field, StrictInt, StringConstraints
from starlette.responses import Response
from uuid6 import uuid7

from contracts.events.envelope import Envelope
from contracts.events.fact import Fact
from contracts.events.safety import LltCode, Value
from contracts.vocabulary.clinical import Analyte, Causality, EventOutcome, Seriousness
from contracts.vocabulary.grade import Grade
from contracts.vocabulary.identifiers import StudyId, SubjectId, site_of
from services.chassis.auth.guard import EACH, Auth, may
from services.chassis.auth.sites import path_field
from services.chassis.auth.who import Who
from services.chassis.freetext.clear import TEXT_IDENTIFIES, ClearReason
from services.chassis.http.as_of import AsOf, AsOfParameter
from services.chassis.http.called import Called
from services.chassis.http.conditional import etag
from services.chassis.http.consistency import consistent
from services.chassis.http.exact import ExactRoute
from services.chassis.http.needs import needs
from services.chassis.http.openapi import problems
from services.chassis.http.paging import Page, Paged
from services.chassis.http.recorded import POSITION_HEADER, respond
from services.chassis.http.written import Day, Moment
from services.chassis.quarantine.port import TEXT_QUARANTINED
from services.chassis.sealing.port import KEY_DESTROYED, TEXT_TOO_LONG
from services.safety import handlers, views
from services.safety.domain import refusals
from services.safety.domain.commands import RecordLaboratoryResult, ReportAdverseEvent
from services.safety.domain.state import safety_stream
from services.safety.handlers import NARRATIVE, Context
from services.safety.policy import (
    READ_ALERTS,
    READ_NARRATIVE,
    READ_SAFETY,
    READ_TERMS,
    RECORD_LABORATORY_RESULT,
    REPORT_ADVERSE_EVENT,
)
from services.safety.views import (
    AdverseEventView,
    AlertView,
    LaboratoryResultView,
    NarratedAdverseEvent,
    StandingAdverseEvent,
    StandingResult,
    TermsView,
)

router = APIRouter(prefix="/studies/{study}", tags=["safety"], route_class=ExactRoute)

MAX_NARRATIVE: Final = 8_000


def context(request: Request) -> Context:
    """What the lifespan yielded."""
    ctx: Context = request.app.state.services
    return ctx


Ctx = Annotated[Context, needs(context)]
_site_in_path: Final = path_field("subject", site_of, like="01-001")


class _Body(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class AdverseEventBody(_Body):
    """An adverse event as the reporter knows it."""

    term: LltCode = Field(description="LLT code of a term in `adverse-event-terms`", examples=[10028813])
    grade: Annotated[StrictInt, Field(ge=1, le=5, description="CTCAE grade; must exist for the term")]
    onset_on: Day = Field(examples=["2026-03-30"])
    aware_at: Moment = Field(
        description="when the reporter knew of it: this starts the clocks", examples=["2026-03-31T09:20:00+02:00"]
    )
    seriousness: Annotated[list[Seriousness], Field(max_length=len(Seriousness))] = Field(
        default_factory=list, description="every criterion that is met; none: not serious"
    )
    causality: Causality
    narrative: Annotated[str, StringConstraints(min_length=1, max_length=MAX_NARRATIVE)] | None = Field(
        default=None, description="kept sealed, shown to the own site and to pharmacovigilance alone; no names, please"
    )
    ended_on: Day | None = Field(default=None, description="with an outcome that says that it is over")
    outcome: EventOutcome | None = Field(default=None, description="as last known; left out while nobody was asked")

    def command(self, study: str, subject: str, adverse_event: UUID, *, follows: bool) -> ReportAdverseEvent:
        """The command, without the narrative."""
        return ReportAdverseEvent(
            study=study,
            subject=subject,
            adverse_event=adverse_event,
            term=self.term,
            grade=Grade(self.grade),
            onset_on=self.onset_on,
            aware_at=self.aware_at,
            seriousness=frozenset(self.seriousness),
            causality=self.causality,
            described=self.narrative is not None,
            ended_on=self.ended_on,
            outcome=self.outcome,
            follows=follows,
        )


class FollowUpBody(AdverseEventBody):
    """All that is known of an adverse event now. A narrative that is left out stays what it was."""

    reason: Annotated[ClearReason, Field(examples=["The patient called back"])]


class LaboratoryResultBody(_Body):
    """A result as the laboratory reported it; the limits are those that it printed beside it, in the same unit."""

    analyte: Analyte
    value: Value = Field(description="a number or, to keep every digit in any client, its text", examples=["74.95"])
    unit: Annotated[str, Field(min_length=1, max_length=24)] = Field(description="UCUM", examples=["10*9/L"])
    lower_limit: Value | None = Field(default=None, examples=["150"])
    upper_limit: Value | None = Field(default=None, examples=["400"])
    sampled_on: Day = Field(examples=["2026-03-31"])


async def _history(ctx: Context, study: str, subject: str, at: AsOf, response: Response) -> Sequence[Envelope[Fact]]:
    ctx.zone(study)
    await ctx.not_erased(study, subject)
    history = await ctx.facts.history(safety_stream(study, subject), as_of=at)
    response.headers["ETag"] = etag(history[-1].version if history else 0)
    response.headers[POSITION_HEADER] = str(history[-1].position if history else 0)
    return history


def _new_id() -> UUID:
    return UUID(int=uuid7().int)


@router.post(
    "/subjects/{subject}/adverse-events",
    status_code=201,
    response_model=AdverseEventView,
    responses=problems(refusals.REPORT_ADVERSE_EVENT, KEY_DESTROYED, TEXT_TOO_LONG, TEXT_IDENTIFIES, TEXT_QUARANTINED),
)
async def post_adverse_event(
    study: StudyId,
    subject: SubjectId,
    body: AdverseEventBody,
    _: Annotated[Who, may(REPORT_ADVERSE_EVENT, site_from=_site_in_path)],
    ctx: Ctx,
    asked: Called,
) -> Response:
    """Report an adverse event under a term of the dictionary and a grade that exists for it.

    A subject that enrolment has only just screened may not be known here yet: the request waits a moment for word of
    it, then answers 409 with `Retry-After`.
    """
    cmd = body.command(study, subject, _new_id(), follows=False)
    return respond(await handlers.report_adverse_event(ctx, asked, cmd, body.narrative))


@router.post(
    "/subjects/{subject}/adverse-events/{adverse_event}/follow-ups",
    status_code=201,
    response_model=AdverseEventView,
    responses=problems(refusals.FOLLOW_ADVERSE_EVENT, KEY_DESTROYED, TEXT_TOO_LONG, TEXT_IDENTIFIES, TEXT_QUARANTINED),
)
async def post_follow_up(
    study: StudyId,
    subject: SubjectId,
    adverse_event: UUID,
    body: FollowUpBody,
    _: Annotated[Who, may(REPORT_ADVERSE_EVENT, site_from=_site_in_path)],
    ctx: Ctx,
    asked: Called,
) -> Response:
    """Tell what is known of an adverse event now: how it went on, how it ended, or what was wrong before.

    What was told before stays in the log and can be read there; this counts from now on, whole.
    """
    cmd = body.command(study, subject, adverse_event, follows=True)
    return respond(await handlers.report_adverse_event(ctx, asked, cmd, body.narrative, body.reason))


@router.get("/subjects/{subject}/adverse-events", responses=problems(refusals.UNKNOWN_STUDY, refusals.SUBJECT_ERASED))
async def get_adverse_events(
    study: StudyId,
    subject: SubjectId,
    _: Annotated[Who, may(READ_SAFETY, site_from=_site_in_path)],
    ctx: Ctx,
    at: AsOfParameter,
    response: Response,
) -> Page[StandingAdverseEvent]:
    """The subject's adverse events as last told, by onset, without narratives. A subject has one page of them."""
    return Page(items=views.adverse_events(await _history(ctx, study, subject, at, response), ctx.rules.terms))


@router.get(
    "/subjects/{subject}/adverse-events/{adverse_event}",
    responses=problems(
        refusals.UNKNOWN_STUDY, refusals.SUBJECT_ERASED, refusals.ADVERSE_EVENT_NOT_FOUND, KEY_DESTROYED
    ),
)
async def get_adverse_event(
    study: StudyId,
    subject: SubjectId,
    adverse_event: UUID,
    who: Annotated[Who, may(READ_SAFETY, site_from=_site_in_path)],
    ctx: Ctx,
    at: AsOfParameter,
    request: Request,
    response: Response,
) -> NarratedAdverseEvent:
    """One adverse event; with the narrative for the investigators of the own site and for pharmacovigilance."""
    history = await _history(ctx, study, subject, at, response)
    told = views.adverse_event(history, adverse_event)
    fact = told[-1].fact
    view = NarratedAdverseEvent.standing(told[-1], len(told), ctx.rules.terms)
    auth: Auth = request.app.state.auth
    if fact.narrative is None or not auth.policy.decide(who, READ_NARRATIVE, site_of(subject)).allowed:
        return view
    return view.model_copy(update={"narrative": await ctx.sealer.unseal(fact.narrative, purpose=NARRATIVE)})


@router.get(
    "/subjects/{subject}/adverse-events/{adverse_event}/versions",
    responses=problems(refusals.UNKNOWN_STUDY, refusals.SUBJECT_ERASED, refusals.ADVERSE_EVENT_NOT_FOUND),
)
async def get_adverse_event_versions(
    study: StudyId,
    subject: SubjectId,
    adverse_event: UUID,
    _: Annotated[Who, may(READ_SAFETY, site_from=_site_in_path)],
    ctx: Ctx,
    at: AsOfParameter,
    response: Response,
) -> Page[StandingAdverseEvent]:
    """One adverse event as it was told of, time after time, without narratives. An event has one page of them."""
    history = await _history(ctx, study, subject, at, response)
    return Page(items=views.adverse_event_versions(history, adverse_event, ctx.rules.terms))


@router.post(
    "/subjects/{subject}/laboratory-results",
    status_code=201,
    response_model=LaboratoryResultView,
    responses=problems(refusals.RECORD_LABORATORY_RESULT),
)
async def post_laboratory_result(
    study: StudyId,
    subject: SubjectId,
    body: LaboratoryResultBody,
    _: Annotated[Who, may(RECORD_LABORATORY_RESULT, site_from=_site_in_path)],
    ctx: Ctx,
    asked: Called,
) -> Response:
    """Record a laboratory result. The answer holds its grade and the alert that it raised, if it raised one."""
    cmd = RecordLaboratoryResult(
        study=study,
        subject=subject,
        result=_new_id(),
        analyte=body.analyte,
        value=body.value,
        unit=body.unit,
        lower_limit=body.lower_limit,
        upper_limit=body.upper_limit,
        sampled_on=body.sampled_on,
    )
    return respond(await handlers.record_laboratory_result(ctx, asked, cmd))


@router.get(
    "/subjects/{subject}/laboratory-results", responses=problems(refusals.UNKNOWN_STUDY, refusals.SUBJECT_ERASED)
)
async def get_laboratory_results(
    study: StudyId,
    subject: SubjectId,
    _: Annotated[Who, may(READ_SAFETY, site_from=_site_in_path)],
    ctx: Ctx,
    at: AsOfParameter,
    response: Response,
) -> Page[StandingResult]:
    """The subject's laboratory results with their grades, by sampling day. A subject has one page of them."""
    return Page(items=views.laboratory_results(await _history(ctx, study, subject, at, response)))


@router.get(
    "/subjects/{subject}/laboratory-results/{result}",
    responses=problems(refusals.UNKNOWN_STUDY, refusals.SUBJECT_ERASED, refusals.LABORATORY_RESULT_NOT_FOUND),
)
async def get_laboratory_result(
    study: StudyId,
    subject: SubjectId,
    result: UUID,
    _: Annotated[Who, may(READ_SAFETY, site_from=_site_in_path)],
    ctx: Ctx,
    at: AsOfParameter,
    response: Response,
) -> StandingResult:
    """One laboratory result with its grade."""
    return views.laboratory_result(await _history(ctx, study, subject, at, response), result)


@router.get("/alerts", responses=problems(refusals.UNKNOWN_STUDY))
async def get_alerts(
    study: StudyId,
    who: Annotated[Who, may(READ_ALERTS, site_from=EACH)],
    ctx: Ctx,
    page: Paged,
    response: Response,
    _: Annotated[None, consistent(lambda request: context(request).alerts)],
    subject: Annotated[SubjectId | None, Query(description="of this subject alone")] = None,
    is_open: Annotated[bool | None, Query(alias="open", description="true: those whose condition still holds")] = None,
) -> Page[AlertView]:
    """Alerts, the oldest first. Site roles see those of their own site."""
    ctx.zone(study)
    read = await ctx.alerts.find(
        study,
        sites=None if who.everywhere else who.sites,
        subject=subject,
        is_open=is_open,
        after=page.after if isinstance(page.after, str) else None,
        limit=page.limit + 1,
    )
    response.headers[POSITION_HEADER] = str(read.standing.position)
    rows = [(key, alert) for key, alert in read.value.items() if alert is not None]
    more = len(rows) > page.limit
    shown = [(key, alert) for key, alert in rows[: page.limit] if not await ctx.erased(study, alert.subject)]
    items = [AlertView.of(alert, ctx.rules.terms) for _, alert in shown]
    return page.page(items, more=more, last=rows[page.limit - 1][0] if more else None)


@router.get(
    "/adverse-event-terms",
    responses=problems(refusals.UNKNOWN_STUDY, refusals.DICTIONARY_UNKNOWN, refusals.SOC_UNKNOWN),
)
async def get_adverse_event_terms(
    study: StudyId,
    _: Annotated[Who, may(READ_TERMS)],
    ctx: Ctx,
    q: Annotated[
        str, Query(max_length=100, description="words that occur in the term, or the beginning of its code")
    ] = "",
    soc: Annotated[str | None, Query(max_length=200, description="one system organ class")] = None,
    dictionary: Annotated[
        str | None, Query(max_length=64, description="default: the one that events are reported under")
    ] = None,
) -> TermsView:
    """The terms of a dictionary, with the grades that exist for each: all of them, or those that a search finds."""
    ctx.zone(study)
    return views.terms_view(ctx.rules, dictionary, q, soc)
