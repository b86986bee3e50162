"""Lists in pages: an opaque, signed cursor that says after which item to go on, bound to its list and filters."""

import base64
import binascii
import hmac
import json
import secrets
from dataclasses import dataclass
from hashlib import sha256
from typing import Annotated, Final, Generic, TypeVar

from fastapi import Depends, Query, Request
from fastapi.exceptions import RequestValidationError
from pydantic import BaseModel, Field

from services.chassis.http.refusals import CURSOR_NOT_ACCEPTED
from services.chassis.refusal import Json, Refused
from services.chassis.settings import Settings

T = TypeVar("T")
DEFAULT_LIMIT: Final = 50
_TAG_BYTES: Final = 16
_NO_FILTERS: Final = frozenset({"cursor", "limit", "consistency"})


class Page(BaseModel, Generic[T]):
    """Some items of a list. `next` is the cursor of what follows, absent on the last page."""

    items: list[T]
    next: str | None = Field(default=None, description="pass it as `cursor` to go on, with the same filters")


class Cursors:
    """Makes and checks cursors. A cursor is no permission: every page is authorised like the first."""

    def __init__(self, key: bytes | None = None) -> None:
        """Without `key` a random one is made: cursors then end with the process."""
        self._key = key or secrets.token_bytes(32)

    def encode(self, binding: str, after: Json) -> str:
        """The cursor for the item after `after` in the list that `binding` names."""
        payload = json.dumps(after, separators=(",", ":")).encode()
        return base64.urlsafe_b64encode(self._tag(binding, payload) + payload).decode().rstrip("=")

    def decode(self, binding: str, cursor: str) -> Json:
        """The place that a cursor names. Raises `Refused` (400) for anything that this list did not issue."""
        try:
            sealed = base64.b64decode(cursor + "=" * (-len(cursor) % 4), altchars=b"-_", validate=True)
        except (binascii.Error, ValueError):
            raise Refused(CURSOR_NOT_ACCEPTED) from None
        tag, payload = sealed[:_TAG_BYTES], sealed[_TAG_BYTES:]
        if not hmac.compare_digest(tag, self._tag(binding, payload)):
            raise Refused(CURSOR_NOT_ACCEPTED)
        after: Json = json.loads(payload)
        return after

    def _tag(self, binding: str, payload: bytes) -> bytes:
        named = sha256(binding.encode()).digest()
        return hmac.digest(self._key, named + payload, "sha256")[:_TAG_BYTES]


@dataclass(frozen=True, slots=True)
class PageRequest:
    """Which page is wanted: at most `limit` items after the place `after` (None: from the beginning)."""

    limit: int
    after: Json
    cursors: Cursors
    binding: str

    def page(self, items: list[T], *, more: bool, last: Json) -> Page[T]:
        """The answer. `last` is the sort key of the last item; ask for `limit` + 1 items to know `more`."""
        return Page[T](items=items, next=self.cursors.encode(self.binding, last) if more else None)


async def page_request(
    request: Request,
    limit: Annotated[int, Query(ge=1, le=1000, description="items on the page at most")] = DEFAULT_LIMIT,
    cursor: Annotated[str | None, Query(max_length=2048, description="`next` of the page before")] = None,
) -> PageRequest:
    """The page asked for. The cursor is bound to the address with its filters."""
    settings: Settings = request.app.state.settings
    if limit > settings.page_limit:
        raise RequestValidationError(
            [{"type": "less_than_equal", "loc": ("query", "limit"), "ctx": {"le": settings.page_limit}}]
        )
    filters = sorted(item for item in request.query_params.multi_items() if item[0] not in _NO_FILTERS)
    binding = json.dumps([request.url.path, filters])
    cursors: Cursors = request.app.state.cursors
    return PageRequest(limit, cursors.decode(binding, cursor) if cursor is not None else None, cursors, binding)


Paged = Annotated[PageRequest, Depends(page_request)]
"""`page: Paged` in the signature of a list."""
