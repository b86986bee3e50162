"""A time stamping authority asked over HTTP (RFC 3161, 3.4)."""

import asyncio
import base64
import random
import secrets
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from typing import Final

import httpx

from services.chassis.clock import Clock
from services.chassis.refusal import Refused
from services.chassis.unavailable import Unavailable
from services.randomizer.domain.commands import Stamp
from services.randomizer.domain.refusals import STAMP_NOT_BELIEVED
from services.randomizer.witness.tokens import (
    MAX_TOKEN_BYTES,
    NotBelieved,
    Stamped,
    authorities,
    question,
    token_of,
    verify_token,
)

PART: Final = "time-stamping-authority"
_PAUSES: Final = (0.2, 1.0)  # seconds before the second and third attempt, up to doubled by chance
ATTEMPTS: Final = len(_PAUSES) + 1
_MAX_BYTES: Final = MAX_TOKEN_BYTES + 1024
_NONCE_BITS: Final = 63  # a positive number of eight bytes at most, which every authority takes
_HEADERS: Final = {"Content-Type": "application/timestamp-query", "Accept": "application/timestamp-reply"}


class AuthorityOverHttp:
    """`handlers.context.Witness` by an authority at `url`, which the certificates in `roots_pem` vouch for.

    An answer is believed when its signature and its nonce hold and its time lies between question and answer, give or
    take `tolerance` seconds. The time matters because an inspector compares it with that of the first allocation,
    which is ours: if the clocks differ by more, one of the two is wrong and the comparison would show nothing.
    """

    def __init__(
        self,
        url: str,
        roots_pem: bytes,
        clock: Clock,
        *,
        timeout: float,
        tolerance: float,
        client: Callable[[], httpx.AsyncClient] = httpx.AsyncClient,
        pause: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        authorities(roots_pem)
        self._url, self._roots, self._clock = url, roots_pem, clock
        self._timeout, self._tolerance, self._client = timeout, timedelta(seconds=tolerance), client
        self._pause = pause

    async def stamp(self, sha256: str) -> Stamp:
        """See `handlers.context.Witness`. Raises `Unavailable`, `Refused` (502) for what is not to be believed."""
        nonce, asked_at = secrets.randbits(_NONCE_BITS), self._clock()
        answer = await self._heard(question(sha256, nonce))
        try:
            token = token_of(answer)
            stamped = verify_token(token, sha256, self._roots, nonce=nonce)
            self._timely(stamped, asked_at)
        except NotBelieved as reason:
            raise Refused(STAMP_NOT_BELIEVED, fault=reason.fault) from None
        return Stamp(stamped.authority, True, stamped.time, base64.b64encode(token).decode())

    def _timely(self, stamped: Stamped, asked_at: datetime) -> None:
        if not asked_at - self._tolerance <= stamped.time <= self._clock() + self._tolerance:
            raise NotBelieved("other-time")

    async def _heard(self, request: bytes) -> bytes:
        """The answer's bytes. The same request may be sent again: a stamp that was not heard of harms nobody."""
        async with self._client() as client:
            for pause in (*_PAUSES, None):
                try:
                    async with asyncio.timeout(self._timeout):
                        return await self._asked(client, request)
                except (TimeoutError, httpx.RequestError, _TryAgain):
                    if pause is not None:
                        await self._pause(pause * random.uniform(1, 2))  # noqa: S311
        raise Unavailable(PART)

    async def _asked(self, client: httpx.AsyncClient, request: bytes) -> bytes:
        async with client.stream("POST", self._url, content=request, headers=_HEADERS) as answer:
            if answer.status_code == httpx.codes.TOO_MANY_REQUESTS or answer.is_server_error:
                raise _TryAgain
            if answer.status_code != httpx.codes.OK:
                raise Refused(STAMP_NOT_BELIEVED, fault="not-granted", status=answer.status_code)
            read = b""
            async for piece in answer.aiter_bytes():
                read += piece
                if len(read) > _MAX_BYTES:
                    raise Refused(STAMP_NOT_BELIEVED, fault="too-large")
            return read


class _TryAgain(Exception):
    """The authority answered that it cannot now."""
