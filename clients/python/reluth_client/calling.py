"""What every call needs: a token, a key that repetitions share, patience, and refusals as exceptions."""

import asyncio
import time
import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, Final, Protocol, TypeVar

import httpx

from reluth_client.refused import Refused

KEY: Final = "Idempotency-Key"
_LATER: Final = frozenset({502, 503, 504})


class Client(Protocol):
    """Any generated `AuthenticatedClient`."""

    def __init__(self, base_url: str, token: str, **kwargs: Any) -> None: ...

    def set_httpx_client(self, client: httpx.Client) -> Any: ...

    def set_async_httpx_client(self, async_client: httpx.AsyncClient) -> Any: ...


C = TypeVar("C", bound=Client)


@dataclass(frozen=True, slots=True)
class Patience:
    """How often a request is sent at most, and how many seconds are waited between two at most."""

    attempts: int = 8
    longest: float = 5.0

    def pause(self, attempt: int, response: httpx.Response | None) -> float:
        """Seconds to wait after this attempt (0, 1, ...): what the service says, else longer each time."""
        said = response.headers.get("Retry-After") if response is not None else None
        return min(float(said) if said and said.isdigit() else 0.1 * 2**attempt, self.longest)


class Calls(httpx.AsyncBaseTransport, httpx.BaseTransport):
    """Sends each request with the token of the moment, and a POST with one key, until the service has decided.

    A connection that breaks, 502, 503, 504, and a 409 that names a time to come back mean "later": the same request is
    sent again, with the same key, so that nothing is recorded twice. Anything else but success raises `Refused`.
    """

    def __init__(
        self,
        token: Callable[[], str],
        patience: Patience,
        inner: httpx.AsyncBaseTransport | None,
        inner_sync: httpx.BaseTransport | None,
    ) -> None:
        self._token, self._patience = token, patience
        self._inner, self._inner_sync = inner, inner_sync

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Send until decided. Raises `Refused`, `httpx.TransportError`."""
        assert self._inner is not None
        for attempt in self._attempts(request):
            response = None
            try:
                response = await self._inner.handle_async_request(request)
                await response.aread()
                if (decided := self._decided(response, attempt)) is not None:
                    return decided
            except httpx.TransportError:
                if attempt == self._patience.attempts - 1:
                    raise
            await asyncio.sleep(self._patience.pause(attempt, response))
        raise AssertionError("unreachable")

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """The same, waiting."""
        assert self._inner_sync is not None
        for attempt in self._attempts(request):
            response = None
            try:
                response = self._inner_sync.handle_request(request)
                response.read()
                if (decided := self._decided(response, attempt)) is not None:
                    return decided
            except httpx.TransportError:
                if attempt == self._patience.attempts - 1:
                    raise
            time.sleep(self._patience.pause(attempt, response))
        raise AssertionError("unreachable")

    def _attempts(self, request: httpx.Request) -> Iterator[int]:
        if request.method == "POST":
            request.headers.setdefault(KEY, str(uuid.uuid4()))
        for attempt in range(self._patience.attempts):
            request.headers["Authorization"] = f"Bearer {self._token()}"
            yield attempt

    def _decided(self, response: httpx.Response, attempt: int) -> httpx.Response | None:
        if response.is_success or response.status_code == httpx.codes.NOT_MODIFIED:
            return response
        later = response.status_code in _LATER or (response.status_code == 409 and "Retry-After" in response.headers)
        if later and attempt < self._patience.attempts - 1:
            return None
        raise Refused.by(response)

    async def aclose(self) -> None:
        """Nothing: the connection belongs to `Connection`."""

    def close(self) -> None:
        """Nothing: the connection belongs to `Connection`."""


class Connection:
    """Connections to one installation, for any number of clients: `connection.to(AuthenticatedClient, url, token)`.

    Use it as a context manager, `async with` or `with`. `transport` and `transport_sync` are for what is special about
    a network (certificates, proxies, tests); `httpx.AsyncHTTPTransport(verify=...)`, for instance.
    """

    def __init__(
        self,
        *,
        patience: Patience | None = None,
        timeout: float = 30.0,
        transport: httpx.AsyncBaseTransport | None = None,
        transport_sync: httpx.BaseTransport | None = None,
    ) -> None:
        self._patience, self._timeout = patience or Patience(), timeout
        self._async, self._sync = transport, transport_sync

    async def __aenter__(self) -> "Connection":
        self._async = self._async or httpx.AsyncHTTPTransport(limits=httpx.Limits(max_connections=64))
        return self

    async def __aexit__(self, *_: object) -> None:
        if self._async is not None:
            await self._async.aclose()

    def __enter__(self) -> "Connection":
        self._sync = self._sync or httpx.HTTPTransport(limits=httpx.Limits(max_connections=64))
        return self

    def __exit__(self, *_: object) -> None:
        if self._sync is not None:
            self._sync.close()

    def to(self, client: type[C], url: str, token: str | Callable[[], str]) -> C:
        """A client of the service at `url`. `token` is asked before every attempt: give a function that renews it."""

        def current() -> str:
            return token if isinstance(token, str) else token()

        calls = Calls(current, self._patience, self._async, self._sync)
        made = client(url, "", raise_on_unexpected_status=True)
        made.set_async_httpx_client(httpx.AsyncClient(base_url=url, transport=calls, timeout=self._timeout))
        made.set_httpx_client(httpx.Client(base_url=url, transport=calls, timeout=self._timeout))
        return made
