"""A refusal is a value: declared once beside the domain, rendered once by the chassis. Standard library only."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, time
from decimal import Decimal
from enum import Enum
from types import MappingProxyType
from typing import Final
from uuid import UUID

Json = None | bool | int | float | str | list["Json"] | dict[str, "Json"]

_CODE: Final = re.compile(r"[a-z][a-z0-9]*(?:[.-][a-z0-9]+)*")


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why a command is not accepted.

    `code` is a contract: lower-case words joined by dashes, never reused for another meaning. `status` is the HTTP
    status (400..599), `title` says what is so in one sentence, `remedy` what would make the command pass.
    `retry_after`: the seconds after which the same command may pass by itself, if waiting can help at all.
    """

    code: str
    status: int
    title: str
    remedy: str
    retry_after: int | None = None

    def __post_init__(self) -> None:
        if not _CODE.fullmatch(self.code):
            raise ValueError(f"{self.code!r} is not a refusal code: lower-case words joined by dashes")
        if not 400 <= self.status <= 599:
            raise ValueError(f"{self.code}: {self.status} is not the status of a refusal")

    @property
    def type(self) -> str:
        """The stable URI by which a program recognises this refusal (RFC 9457, `type`)."""
        return f"urn:reluth:problem:{self.code}"


class Refused(Exception):
    """Raised by `decide` and by guards: nothing was recorded.

    The keyword arguments become the `context` of the answer and stand in logs of other systems: identifiers, dates,
    counts and codes only, never text that somebody typed.
    """

    def __init__(self, refusal: Refusal, /, **detail: object) -> None:
        super().__init__(refusal.code)
        self.refusal = refusal
        self.detail: Mapping[str, Json] = MappingProxyType({name: jsonable(value) for name, value in detail.items()})


def jsonable(value: object) -> Json:
    """The JSON form of a detail. Raises TypeError for anything that has no obvious one."""
    match value:
        case Enum():
            return jsonable(value.value)
        case None | bool() | int() | float() | str():
            return value
        case Decimal() | UUID():
            return str(value)
        case date() | time():  # a datetime is a date
            return value.isoformat()
        case Mapping():
            return {str(jsonable(key)): jsonable(item) for key, item in value.items()}
        case list() | tuple():
            return [jsonable(item) for item in value]
        case set() | frozenset():
            return sorted((jsonable(item) for item in value), key=str)
        case _:
            raise TypeError(f"{type(value).__name__} is not the detail of a refusal")
