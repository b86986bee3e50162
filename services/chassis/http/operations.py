"""The pages for those who run a service: liveness, readiness, completeness, metrics. Open, and without subject data."""

from typing import Any

from fastapi import APIRouter, Request
from starlette.responses import JSONResponse, PlainTextResponse, Response

from services.chassis.auth.guard import public
from services.chassis.health import HealthChecks, Report, Status
from services.chassis.http.openapi import problems
from services.chassis.http.problem import problem
from services.chassis.http.refusals import NOT_CONSISTENT, NOT_READY
from services.chassis.refusal import Refusal
from services.chassis.telemetry import Telemetry
from services.chassis.telemetry.metrics import MEDIA_TYPE

router = APIRouter(tags=["operations"], dependencies=[public()])
_EXAMPLE: dict[int | str, dict[str, Any]] = {
    200: {"content": {"application/json": {"example": {"status": "ok", "checks": {"log": {"status": "ok"}}}}}}
}


@router.get("/health/live", responses={200: {"content": {"application/json": {"example": {"status": "ok"}}}}})
async def live() -> dict[str, str]:
    """The process answers. Restart it when it does not."""
    return {"status": Status.OK.value}


@router.get("/health/ready", responses={**_EXAMPLE, **problems(NOT_READY)})
async def ready(request: Request) -> Response:
    """It can take requests: its database, its log and what else it depends on."""
    health: HealthChecks = request.app.state.health
    return _shown(await health.ready(), NOT_READY)


@router.get("/health/consistency", responses={**_EXAMPLE, **problems(NOT_CONSISTENT)})
async def consistency(request: Request) -> Response:
    """It holds exactly what its sources recorded, position by position; if not, what is missing."""
    health: HealthChecks = request.app.state.health
    return _shown(await health.consistency(), NOT_CONSISTENT)


@router.get("/metrics", response_class=PlainTextResponse)
async def metrics(request: Request) -> Response:
    """Prometheus metrics of this service."""
    telemetry: Telemetry = request.app.state.telemetry
    return Response(telemetry.metrics.render(), media_type=MEDIA_TYPE)


def _shown(report: Report, otherwise: Refusal) -> Response:
    if report.status is Status.FAILED:
        return problem(otherwise, report.as_json(), headers={"Retry-After": "2"})
    return JSONResponse(report.as_json())
