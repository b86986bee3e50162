"""Every exception that can leave a request, and the problem it becomes. The one place where errors are rendered."""

import asyncpg
from fastapi.exceptions import RequestValidationError
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from starlette.datastructures import Headers
from starlette.exceptions import HTTPException
from starlette.responses import Response
from starlette.types import Scope

from services.chassis.facts import PreconditionFailed
from services.chassis.http.problem import problem
from services.chassis.http.refusals import (
    INVALID_REQUEST,
    KEY_REUSED,
    MALFORMED_JSON,
    METHOD_NOT_ALLOWED,
    OTHER,
    PRECONDITION_FAILED,
    ROUTE_UNKNOWN,
    UNAVAILABLE,
    UNEXPECTED,
    VERSION_CONFLICT,
)
from services.chassis.http.validation import violations
from services.chassis.log.port import KeyReused, LogOverloaded, LogUnavailable, VersionConflict
from services.chassis.pool import GONE
from services.chassis.refusal import Refusal, Refused
from services.chassis.unavailable import Unavailable

RETRY_AFTER = {"Retry-After": "2"}
_OUTAGES: tuple[type[Exception], ...] = (*GONE, asyncpg.InsufficientResourcesError, PoolTimeout)


def answer_to(error: Exception, scope: Scope) -> Response:
    """The answer that a failure becomes. Nothing of the exception's message is shown."""
    match error:
        case Refused():
            after = error.refusal.retry_after
            headers = {"Retry-After": str(after)} if after is not None else None
            return problem(error.refusal, error.detail, headers=headers)
        case RequestValidationError():
            return _invalid(error)
        case HTTPException():
            return _of_the_framework(error)
        case KeyReused():
            return problem(KEY_REUSED)
        case PreconditionFailed():
            return problem(PRECONDITION_FAILED, {"expected": error.expected, "actual": error.actual})
        case VersionConflict():
            conditional = "if-match" in Headers(scope=scope)
            refusal = PRECONDITION_FAILED if conditional else VERSION_CONFLICT
            return problem(refusal, {"expected": error.expected, "actual": error.actual})
        case Unavailable():
            return problem(UNAVAILABLE, {"missing": error.what}, headers={"Retry-After": str(error.retry_after)})
        case LogOverloaded() | LogUnavailable():
            return problem(UNAVAILABLE, {"missing": "log"}, headers=RETRY_AFTER)
        case _ if is_outage(error):
            return problem(UNAVAILABLE, headers=RETRY_AFTER)
        case _:
            return problem(UNEXPECTED)


def is_outage(error: BaseException) -> bool:
    """Whether the failure is of something we depend on, so that the same request may succeed later."""
    if isinstance(error, DBAPIError):
        return error.connection_invalidated or (error.orig is not None and is_outage(error.orig))
    if isinstance(error, _OUTAGES):
        return True
    # SQLAlchemy wraps the driver's error in one of its own that only names it as its cause.
    return isinstance(error.__cause__, _OUTAGES) and type(error).__module__.startswith("sqlalchemy.")


def _invalid(error: RequestValidationError) -> Response:
    errors = error.errors()
    if any(item.get("type") == "json_invalid" for item in errors):
        return problem(MALFORMED_JSON)
    return problem(INVALID_REQUEST, errors=violations(errors))


def _of_the_framework(error: HTTPException) -> Response:
    match error.status_code:
        case 404:
            return problem(ROUTE_UNKNOWN)
        case 405:
            return problem(METHOD_NOT_ALLOWED, headers=error.headers)
        case status if 400 <= status < 500:
            return problem(Refusal(f"http-{status}", status, OTHER.title, OTHER.remedy), headers=error.headers)
        case _:
            return problem(UNEXPECTED)
