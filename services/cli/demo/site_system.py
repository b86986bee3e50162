"""A hospital's system as it talks to ReLUTH, by the typed client of clients/python."""

import json
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final, TextIO, TypeVar

import httpx

from reluth_client import Connection, Patience, Refused, analytics, answered, assessment, enrolment, randomizer, safety
from reluth_client.answers import Response
from reluth_client.calling import Client

PATIENCE: Final = Patience(attempts=600, longest=0.2)
"""A service that restarts is back long before; and a fact that is on its way to another one arrives within a moment."""
Rejected = Refused
_CLIENTS: Final[Mapping[str, type[Client]]] = {
    "enrolment": enrolment.AuthenticatedClient,
    "randomizer": randomizer.AuthenticatedClient,
    "assessment": assessment.AuthenticatedClient,
    "safety": safety.AuthenticatedClient,
    "analytics": analytics.AuthenticatedClient,
}
T = TypeVar("T")


class Journal:
    """What was acknowledged to us, one JSON object a line; without a file nothing is written.

    A line is with the operating system before the next request is sent: it survives a kill of this process.
    """

    def __init__(self, path: Path | None) -> None:
        self._path = path
        self._file: TextIO | None = None

    def __enter__(self) -> "Journal":
        if self._path is not None:
            cut = self._path.exists() and not (self._path.read_bytes() or b"\n").endswith(b"\n")
            self._file = self._path.open("a", encoding="utf-8")
            if cut:  # by a kill: what is added must not continue that line
                self._file.write("\n")
        return self

    def __exit__(self, *_: object) -> None:
        if self._file is not None:
            self._file.close()

    def add(self, service: str, path: str, key: str, answer: Mapping[str, Any]) -> None:
        """Add one answer."""
        if self._file is not None:
            self._file.write(json.dumps({"service": service, "path": path, "key": key, "answer": answer}) + "\n")
            self._file.flush()


@dataclass(slots=True)
class Api:
    """All services of one installation, as seen by somebody with a token for each role.

    `positions` is the highest position that each service has answered with: what a read model must hold before its
    figures are this caller's own.
    """

    urls: Mapping[str, str]
    token: Callable[[str, str | None], str]
    client: httpx.AsyncClient
    positions: dict[str, int] = field(default_factory=dict)
    acknowledged: int = 0
    replayed: int = 0
    journal: Journal = field(default_factory=lambda: Journal(None))
    _clients: dict[tuple[str, str, str | None], Any] = field(default_factory=dict)

    def to(self, service: str, role: str, site: str | None) -> Any:
        """The generated client of a service, for the person of that role and site."""
        asked = (service, role, site)
        if asked not in self._clients:
            connection = Connection(patience=PATIENCE, transport=_Through(self.client))
            self._clients[asked] = connection.to(_CLIENTS[service], self.urls[service], lambda: self.token(role, site))
        return self._clients[asked]

    async def record(
        self,
        operation: Callable[..., Awaitable[Response[T]]],
        *address: str,
        service: str,
        body: object,
        key: str,
        role: str,
        site: str | None,
    ) -> T:
        """Record something once by a generated operation, however often it has to be sent. Raises `Rejected`."""
        client = self.to(service, role, site)
        response = await operation(*address, client=client, body=body, idempotency_key=key)
        self._acknowledged(service, "/".join(address), key, response.headers, json.loads(response.content))
        return answered(response).value

    async def post(
        self, service: str, path: str, body: Mapping[str, Any], *, key: str, role: str, site: str | None = None
    ) -> dict[str, Any]:
        """The same by an address. Raises `Rejected`."""
        client = self.to(service, role, site).get_async_httpx_client()
        response = await client.post(path, json=dict(body), headers={"Idempotency-Key": key})
        answer: dict[str, Any] = response.json()
        self._acknowledged(service, path, key, response.headers, answer)
        return answer

    async def get(
        self, service: str, path: str, *, role: str, site: str | None = None, **params: str
    ) -> dict[str, Any]:
        """Read something. Raises `Rejected`."""
        client = self.to(service, role, site).get_async_httpx_client()
        answer: dict[str, Any] = (await client.get(path, params=params)).json()
        return answer

    def _acknowledged(
        self, service: str, path: str, key: str, headers: Mapping[str, str], answer: Mapping[str, Any]
    ) -> None:
        self.acknowledged += 1
        self.replayed += headers.get("Idempotent-Replayed") == "true"
        position = int(headers.get("Reluth-Position", 0))
        self.positions[service] = max(position, self.positions.get(service, 0))
        self.journal.add(service, path, key, answer)


class _Through(httpx.AsyncBaseTransport):
    """Sends by a client that all share, so that there is one set of connections."""

    def __init__(self, client: httpx.AsyncClient) -> None:
        self._client = client

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        return await self._client.send(request)
