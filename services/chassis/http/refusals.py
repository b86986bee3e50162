"""Refusals that any request to any service can meet. What a domain refuses is declared beside that domain."""

from typing import Final

from services.chassis.refusal import Refusal

MALFORMED_JSON: Final = Refusal(
    "malformed-json", 400, "The body is not JSON text in UTF-8.", "Send one JSON value as RFC 8259 defines it."
)
UNACCEPTABLE_JSON: Final = Refusal(
    "unacceptable-json",
    400,
    "The body is JSON that cannot be taken without changing it.",
    "Correct what `errors` names; nothing was recorded.",
)
JSON_TOO_DEEP: Final = Refusal(
    "json-too-deep", 400, "The body is nested more deeply than any request needs.", "Send the documented structure."
)
UNACCEPTABLE_URL: Final = Refusal(
    "unacceptable-url",
    400,
    "The address holds bytes that are not text.",
    "Percent-encode the address from UTF-8 text without NUL characters.",
)
BAD_LENGTH: Final = Refusal(
    "bad-length", 400, "The header `Content-Length` is not a number.", "Send the length of the body in bytes, or none."
)
BODY_TOO_LARGE: Final = Refusal(
    "body-too-large", 413, "The body is larger than this service takes.", "Send less in one request."
)
UNSUPPORTED_MEDIA_TYPE: Final = Refusal(
    "unsupported-media-type",
    415,
    "The body is of a type that this service does not take.",
    "Send `Content-Type: application/json`, in UTF-8.",
)
INVALID_REQUEST: Final = Refusal(
    "invalid-request",
    422,
    "The request does not have the documented form.",
    "Correct what `errors` names; nothing was recorded.",
)
ROUTE_UNKNOWN: Final = Refusal(
    "route-unknown", 404, "There is nothing at this address.", "See `/openapi.json` for the addresses of this service."
)
METHOD_NOT_ALLOWED: Final = Refusal(
    "method-not-allowed", 405, "This address does not take that method.", "Use one of those in the header `Allow`."
)
KEY_MISSING: Final = Refusal(
    "idempotency-key-missing",
    400,
    "The request creates a fact and carries no `Idempotency-Key`.",
    "Send one header `Idempotency-Key`, new for every new command and the same for its repetitions.",
)
KEY_MALFORMED: Final = Refusal(
    "idempotency-key-malformed",
    400,
    "The `Idempotency-Key` cannot be used.",
    "Send one header with 1 to 255 visible ASCII characters, for example a UUID.",
)
KEY_REUSED: Final = Refusal(
    "idempotency-key-reused",
    422,
    "This `Idempotency-Key` was used before for another request.",
    "Send a new key for a new command; repeat a command with its own body.",
)
VERSION_CONFLICT: Final = Refusal(
    "version-conflict",
    409,
    "Somebody else recorded a fact here at the same moment.",
    "Read the present state and decide again, or repeat the same request.",
)
PRECONDITION_FAILED: Final = Refusal(
    "precondition-failed",
    412,
    "It has changed since you read it.",
    "Read it again and send its new `ETag` in `If-Match`.",
)
PRECONDITION_REQUIRED: Final = Refusal(
    "precondition-required",
    428,
    "This change must say which state it was decided on.",
    "Send the `ETag` you read in `If-Match`.",
)
CURSOR_NOT_ACCEPTED: Final = Refusal(
    "cursor-not-accepted",
    400,
    "The page cursor was not issued for this list.",
    "Start again without `cursor`, and pass on `next` as it is, with the same filters.",
)
NOT_YET_CONSISTENT: Final = Refusal(
    "not-yet-consistent",
    503,
    "The position you asked for is not here yet.",
    "Repeat the request after the seconds in `Retry-After`.",
    retry_after=2,
)
UNAVAILABLE: Final = Refusal(
    "unavailable",
    503,
    "Something this service depends on cannot be reached now.",
    "Repeat the same request, with the same `Idempotency-Key`, after the seconds in `Retry-After`.",
)
NOT_READY: Final = Refusal(
    "not-ready", 503, "This service cannot take requests now.", "See `context.checks` for what has failed."
)
NOT_CONSISTENT: Final = Refusal(
    "not-consistent",
    503,
    "This service does not hold exactly what its sources recorded.",
    "See `context.checks` for what is missing.",
)
UPSTREAM_FAILED: Final = Refusal(
    "upstream-failed",
    502,
    "Another service could not answer a question that this request needs.",
    "Repeat the same request; if it stays so, report the correlation id.",
)
UNEXPECTED: Final = Refusal(
    "unexpected",
    500,
    "The service failed in a way that nobody foresaw.",
    "Report the correlation id. Repeating with the same `Idempotency-Key` is safe.",
)
OTHER: Final = Refusal("http-refused", 400, "The request is not accepted.", "See the status of the answer.")
