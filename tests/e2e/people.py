"""Callers of every kind for the running system, and addresses filled in for them."""

import asyncio
from collections.abc import Awaitable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeVar

import httpx

from contracts.vocabulary.roles import Role
from services.cli.demo.drive import STUDY
from services.cli.system import System
from tests.e2e.access import Endpoint

T = TypeVar("T")
AT_ONCE = 24


async def together(work: Iterable[Awaitable[T]]) -> list[T]:
    """All of it, a few at a time, in order."""
    turn = asyncio.Semaphore(AT_ONCE)

    async def one(item: Awaitable[T]) -> T:
        async with turn:
            return await item

    return await asyncio.gather(*(one(item) for item in work))


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody with these roles at these sites."""

    roles: tuple[Role, ...]
    sites: tuple[str, ...] = ()

    def __str__(self) -> str:
        return f"{'+'.join(self.roles)} at {'+'.join(self.sites) or 'no site'}"


@dataclass(slots=True)
class Callers:
    """Sends requests as somebody. One token a person."""

    system: System
    client: httpx.AsyncClient
    tokens: dict[Person, str] = field(default_factory=dict)

    def token(self, person: Person) -> str:
        """The person's token."""
        if person not in self.tokens:
            actor = f"e2e-{'-'.join(person.roles)}-{'-'.join(person.sites) or 'nowhere'}"
            self.tokens[person] = self.system.issuer.mint(actor, person.roles, person.sites)
        return self.tokens[person]

    async def call(
        self,
        person: Person | None,
        endpoint: Endpoint,
        path: str,
        *,
        json: Any = None,
        params: Mapping[str, str] | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> httpx.Response:
        """The answer of the endpoint's service."""
        sent = dict(headers or {})
        if person is not None:
            sent["Authorization"] = f"Bearer {self.token(person)}"
        url = self.system.urls[endpoint.service] + path
        return await self.client.request(endpoint.method, url, json=json, params=params, headers=sent)


def filled(endpoint: Endpoint, subject: str, **known: str) -> str:
    """The address of the endpoint for this subject; what else it names is made up if it is not known."""
    names = {
        "study": STUDY,
        "site": subject[:2],
        "subject": subject,
        "timepoint": "M2",
        "baseline": "POST_C2",
        "questionnaire": "QLQ_C30",
        "occasion": "M6",
        "measurement": "01936b2e-5d2c-7b1a-9a53-0f5c8b0a4e11",
        "case": "01936b2e-5d2c-7b1a-9a53-0f5c8b0a4e11",
        "query": "01936b2e-5d2c-7b1a-9a53-0f5c8b0a4e11",
        "version": "1",
        "adverse_event": "01936b2e-5d2c-7b1a-9a53-0f5c8b0a4e11",
        "delegation": "01936b2e-5d2c-7b1a-9a53-0f5c8b0a4e11",
        "webhook": "01936b2e-5d2c-7b1a-9a53-0f5c8b0a4e11",
        "text": "01936b2e-5d2c-7b1a-9a53-0f5c8b0a4e11",
        "result": "01936b2e-5d2c-7b1a-9a53-0f5c8b0a4e11",
        "qualification": "01936b2e-5d2c-7b1a-9a53-0f5c8b0a4e11",
        "discrepancy": "01936b2e-5d2c-7b1a-9a53-0f5c8b0a4e11",
        **known,
    }
    return endpoint.template.format_map(names)


def naming(endpoint: Endpoint, subject: str) -> Mapping[str, str]:
    """A body of which only what says whose it is matters: the site, or the subject."""
    match endpoint.service, endpoint.template.rpartition("/")[2]:
        case "enrolment", "subjects":
            return {"site": subject[:2]}
        case "randomizer", "randomizations":
            return {"subject": subject}
        case _:
            return {}


def code(answer: httpx.Response) -> str:
    """The stable code of a refusal."""
    return str(answer.json()["type"]).rsplit(":", 1)[-1]


def leaves(value: object, keys: Sequence[str] = ()) -> Iterable[tuple[tuple[str, ...], object]]:
    """Every value of a JSON document with the names on the way to it; names of objects that are empty, too."""
    match value:
        case Mapping():
            yield (*keys, *map(str, value)), None
            for key, item in value.items():
                yield from leaves(item, (*keys, str(key)))
        case list():
            for item in value:
                yield from leaves(item, keys)
        case _:
            yield tuple(keys), value


def values(document: object, names: Collection[str]) -> list[object]:
    """The values that stand under one of these names, anywhere."""
    return [value for keys, value in leaves(document) if keys and keys[-1] in names and value is not None]
