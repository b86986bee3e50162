"""A hospital's system as it talks to ReLUTH: tokens, idempotency keys, and patience when a service says "later"."""

import asyncio
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TextIO

import httpx

PATIENCE = 60  # attempts; a service that restarts is back long before
_LATER = frozenset({502, 503, 504})


class Rejected(Exception):
    """A service said no; `problem` is its RFC 9457 body."""

    def __init__(self, status: int, problem: Mapping[str, Any]) -> None:
        super().__init__(f"{status} {problem.get('title', '')} {problem.get('type', '')}")
        self.status, self.problem = status, problem

    @property
    def code(self) -> str:
        """The last part of the problem's type."""
        return str(self.problem.get("type", "")).rsplit(":", 1)[-1]


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

    async def post(
        self, service: str, path: str, body: Mapping[str, Any], *, key: str, role: str, site: str | None = None
    ) -> dict[str, Any]:
        """Record something once, however often it has to be sent. Raises `Rejected`."""
        response = await self._send("POST", service, path, role, site, key=key, json=dict(body))
        self.acknowledged += 1
        self.replayed += response.headers.get("Idempotent-Replayed") == "true"
        position = int(response.headers.get("Reluth-Position", 0))
        self.positions[service] = max(position, self.positions.get(service, 0))
        answer: dict[str, Any] = response.json()
        self.journal.add(service, path, key, answer)
        return answer

    async def get(
        self, service: str, path: str, *, role: str, site: str | None = None, **params: str
    ) -> dict[str, Any]:
        """Read something. Raises `Rejected`."""
        answer: dict[str, Any] = (await self._send("GET", service, path, role, site, params=params)).json()
        return answer

    async def _send(
        self, method: str, service: str, path: str, role: str, site: str | None, *, key: str | None = None, **rest: Any
    ) -> httpx.Response:
        headers = {"Authorization": f"Bearer {self.token(role, site)}"}
        if key is not None:
            headers["Idempotency-Key"] = key
        for attempt in range(PATIENCE):
            try:
                response = await self.client.request(method, self.urls[service] + path, headers=headers, **rest)
            except httpx.TransportError:
                if attempt == PATIENCE - 1:
                    raise
                await asyncio.sleep(min(0.1 * 2**attempt, 2.0))
                continue
            later = response.status_code in _LATER or (
                response.status_code == 409 and "retry-after" in response.headers
            )
            if later and attempt < PATIENCE - 1:
                await asyncio.sleep(min(float(response.headers.get("retry-after", "1")), 2.0))
                continue
            if response.is_success:
                return response
            raise Rejected(response.status_code, response.json())
        raise AssertionError("unreachable")
