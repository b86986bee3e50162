"""Listens to every request that a test sends to a service in this process, and to what it is answered."""

import json
import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any, Final
from urllib.parse import parse_qsl
from uuid import UUID

import httpx
from fastapi import FastAPI

_ID: Final = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")
_HASH: Final = re.compile(r"\b[0-9a-f]{64}\b")
_SECRET: Final = frozenset({"secret", "next", "cursor", "token"})
_MADE_UP: Final = "b25lIHRoYXQgaXMgbWFkZSB1cA"
LONGEST: Final = 3
"""Items of an answer's list that are shown."""


@dataclass(frozen=True, slots=True)
class Pair:
    """One request and its answer, in their stable form."""

    service: str
    operation: str
    request: Mapping[str, Any]
    status: int
    body: Any

    @property
    def code(self) -> str | None:
        """The code of the refusal, None for a success."""
        return str(self.body["type"]).rsplit(":", 1)[-1] if self.status >= 400 else None

    def as_json(self) -> dict[str, Any]:
        """As it is kept."""
        answer = {"status": self.status} | ({} if self.body is None else {"body": self.body})
        return {"request": dict(self.request), "answer": answer}


@dataclass(slots=True)
class Stable:
    """Replaces what is different in every run by values of the same form, in the order in which they are met."""

    met: dict[str, str] = field(default_factory=dict)

    def of(self, value: Any, key: str = "") -> Any:
        """The value as it would be in any run."""
        match value:
            case dict():
                return {self._text(str(name)): self.of(item, str(name)) for name, item in value.items()}
            case list():
                return [self.of(item, key) for item in value]
            case str() if key in _SECRET:
                return _MADE_UP
            case str():
                return self._text(value)
            case _:
                return value

    def _text(self, text: str) -> str:
        return _HASH.sub(self._hash, _ID.sub(self._id, text))

    def _id(self, found: re.Match[str]) -> str:
        number = f"{len(self.met) + 1:012d}"
        return self.met.setdefault(found[0], str(UUID(f"01936b2e-5d2c-7b1a-9a53-{number}")))

    def _hash(self, found: re.Match[str]) -> str:
        return self.met.setdefault(found[0], sha256(f"{len(self.met) + 1}".encode()).hexdigest())


def _shortened(value: Any) -> Any:
    match value:
        case dict():
            return {name: _shortened(item) for name, item in value.items()}
        case list():
            return [_shortened(item) for item in value[:LONGEST]]
        case _:
            return value


def _pair(scope: Mapping[str, Any], sent: bytes, status: int, media: str, answered: bytes) -> Pair | None:
    endpoint, app = scope.get("endpoint"), scope.get("app")
    if endpoint is None or not isinstance(app, FastAPI) or "path_params" not in scope:
        return None
    stable = Stable()
    request: dict[str, Any] = {}
    if scope["path_params"]:
        request["path"] = stable.of({name: str(value) for name, value in scope["path_params"].items()})
    if scope["query_string"]:
        request["query"] = stable.of(dict(parse_qsl(scope["query_string"].decode())))
    try:
        if sent:
            is_table = (b"content-type", b"text/csv") in scope["headers"]
            request["body"] = stable.of(sent.decode("utf-8") if is_table else json.loads(sent))
        body = _shortened(stable.of(json.loads(answered))) if "json" in media and "jsonl" not in media else None
    except ValueError:  # what some tests send is no JSON
        return None
    return Pair(app.title.removeprefix("ReLUTH "), endpoint.__name__, request, status, body)


@contextmanager
def listening(heard: Callable[[Pair], None]) -> Iterator[None]:
    """Pass on what is said through `httpx.ASGITransport` in this context."""
    answered = httpx.ASGITransport.handle_async_request

    async def overheard(self: httpx.ASGITransport, request: httpx.Request) -> httpx.Response:
        scopes: list[Mapping[str, Any]] = []
        app = self.app

        async def watched(scope: Any, receive: Any, send: Any) -> None:
            scopes.append(scope)
            await app(scope, receive, send)

        spy = httpx.ASGITransport(watched, self.raise_app_exceptions, self.root_path, self.client)
        response = await answered(spy, request)
        content = await response.aread()
        pair = _pair(
            scopes[0], request.content, response.status_code, response.headers.get("content-type", ""), content
        )
        if pair is not None:
            heard(pair)
        # read it is; a caller that wants to stream it gets it anew
        return httpx.Response(response.status_code, headers=response.headers, content=content)

    httpx.ASGITransport.handle_async_request = overheard  # type: ignore[method-assign]
    try:
        yield
    finally:
        httpx.ASGITransport.handle_async_request = answered  # type: ignore[method-assign]
