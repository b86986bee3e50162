"""The issuer's keys, found by OpenID Connect discovery and kept while the issuer is away."""

import asyncio
import time
from collections.abc import Callable, Mapping
from typing import Any, Final
from urllib.parse import urlsplit

import httpx

from services.chassis.auth.tokens import VerificationKey, keys_of
from services.chassis.unavailable import Unavailable

MAX_AGE: Final = 600.0  # seconds after which keys are fetched again
MIN_INTERVAL: Final = 30.0  # seconds between attempts: a flood of made-up key ids must not reach the issuer
FIRST_INTERVAL: Final = 2.0  # the same while there are no keys yet, so that a late issuer does not cost half a minute
TIMEOUT: Final = 3.0


class IssuerMismatch(Exception):
    """The discovery document is not that of the configured issuer."""


class OidcKeys:
    """A `KeySource` over HTTP.

    Keys once fetched stay in use while the issuer cannot be reached, however long: a hospital's work must not stop
    with its identity provider. The cost is that a key withdrawn during the outage is still believed (ADR 0004).
    """

    def __init__(
        self, issuer: str, client: httpx.AsyncClient, *, monotonic: Callable[[], float] = time.monotonic
    ) -> None:
        self._issuer, self._client, self._now = issuer, client, monotonic
        self._keys: Mapping[str, VerificationKey] = {}
        self._fetched = self._tried = float("-inf")
        self._lock = asyncio.Lock()

    async def key(self, kid: str) -> VerificationKey | None:
        """The key of that id; an unknown id asks the issuer again, though not often."""
        known = self._keys.get(kid)
        fresh = self._now() - self._fetched < MAX_AGE
        if known is not None and (fresh or self._lock.locked()):
            return known
        async with self._lock:
            if self._keys.get(kid) is None or self._now() - self._fetched >= MAX_AGE:
                await self._refresh()
        if not self._keys:
            raise Unavailable("token issuer", retry_after=3)
        return self._keys.get(kid)

    async def _refresh(self) -> None:
        interval = MIN_INTERVAL if self._keys else FIRST_INTERVAL
        if self._now() - self._tried < interval:
            return
        self._tried = self._now()
        try:
            keys = keys_of(await self._json(await self._jwks_uri()))
        except (httpx.HTTPError, ValueError, IssuerMismatch):
            return  # the keys at hand stay; without any the caller is told that the issuer is away
        if keys:
            self._keys, self._fetched = keys, self._now()

    async def _jwks_uri(self) -> str:
        document = await self._json(self._issuer.rstrip("/") + "/.well-known/openid-configuration")
        if document.get("issuer") != self._issuer:
            raise IssuerMismatch("the document names another issuer")
        uri = document.get("jwks_uri")
        if not isinstance(uri, str):
            raise IssuerMismatch("the document names no keys")
        if urlsplit(self._issuer).scheme == "https" and urlsplit(uri).scheme != "https":
            raise IssuerMismatch("the keys of an https issuer are not served over https")
        return uri

    async def _json(self, url: str) -> dict[str, Any]:
        answer = await self._client.get(url, timeout=TIMEOUT)
        answer.raise_for_status()
        document = answer.json()
        if not isinstance(document, dict):
            raise ValueError("not a JSON object")
        return document
