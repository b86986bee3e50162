"""The one form of every answer that is not a success: RFC 9457 problem details."""

import json
from collections.abc import Mapping, Sequence
from typing import Any, Final

from pydantic import BaseModel, ConfigDict, Field, JsonValue
from starlette.responses import Response

from services.chassis.auth.refusals import TOKEN_MISSING, TOKEN_NOT_ACCEPTED
from services.chassis.refusal import Json, Refusal
from services.chassis.telemetry.context import current_request

MEDIA_TYPE: Final = "application/problem+json"
EXAMPLE_INSTANCE: Final = "urn:uuid:01936b2e-5d2c-7b1a-9a53-0f5c8b0a4e11"


class Violation(BaseModel):
    """One thing that is wrong with a request. It names the place and never repeats what stood there."""

    model_config = ConfigDict(frozen=True, populate_by_name=True)

    where: str = Field(alias="in", description="body, query, path or header", examples=["body"])
    pointer: str = Field(description="JSON pointer to the field, or the parameter's name", examples=["/scan_on"])
    detail: str = Field(description="what is wrong", examples=["not a date"])
    would_be_right: str | None = Field(
        default=None, description="what would be accepted", examples=["a date such as 2026-03-31"]
    )


class Problem(BaseModel):
    """Why a request was refused, and what would make it pass."""

    type: str = Field(
        description="stable URI of the reason, for programs", examples=["urn:reluth:problem:invalid-request"]
    )
    title: str = Field(description="the reason in one sentence")
    status: int = Field(description="the HTTP status", examples=[422])
    detail: str = Field(description="this occurrence, for people")
    instance: str = Field(
        description="URI of this occurrence; quote it when asking for help",
        examples=[EXAMPLE_INSTANCE],
    )
    remedy: str = Field(description="what would make the request pass")
    context: dict[str, JsonValue] = Field(default_factory=dict, description="identifiers, dates and counts")
    errors: list[Violation] = Field(default_factory=list, description="for requests of the wrong form")


def body_of(
    refusal: Refusal, context: Mapping[str, Json], errors: Sequence[Violation], instance: str
) -> dict[str, Any]:
    """The members of a problem."""
    body: dict[str, Any] = {
        "type": refusal.type,
        "title": refusal.title,
        "status": refusal.status,
        "detail": _in_words(refusal, context, errors),
        "instance": instance,
        "remedy": refusal.remedy,
    }
    if context:
        body["context"] = dict(context)
    if errors:
        body["errors"] = [error.model_dump(by_alias=True, exclude_none=True) for error in errors]
    return body


def problem(
    refusal: Refusal,
    context: Mapping[str, Json] | None = None,
    *,
    errors: Sequence[Violation] = (),
    headers: Mapping[str, str] | None = None,
) -> Response:
    """The answer for a refusal."""
    request = current_request()
    instance = f"urn:uuid:{request.correlation_id}" if request else "about:blank"
    content = json.dumps(body_of(refusal, context or {}, errors, instance), ensure_ascii=False, allow_nan=False)
    return Response(
        content.encode(),
        status_code=refusal.status,
        media_type=MEDIA_TYPE,
        headers={**_challenge(refusal), **(headers or {})},
    )


def _challenge(refusal: Refusal) -> dict[str, str]:
    """RFC 6750: an answer 401 says how to authenticate, and whether a token was the trouble."""
    if refusal == TOKEN_NOT_ACCEPTED:
        return {"WWW-Authenticate": 'Bearer realm="reluth", error="invalid_token"'}
    return {"WWW-Authenticate": 'Bearer realm="reluth"'} if refusal == TOKEN_MISSING or refusal.status == 401 else {}


def _in_words(refusal: Refusal, context: Mapping[str, Json], errors: Sequence[Violation]) -> str:
    if errors:
        return "; ".join(f"{error.where} {error.pointer}: {error.detail}" for error in errors)
    flat = {name: value for name, value in context.items() if isinstance(value, str | int | float)}
    return f"{refusal.title} ({', '.join(f'{n}: {v}' for n, v in flat.items())})" if flat else refusal.title
