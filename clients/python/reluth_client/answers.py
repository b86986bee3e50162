"""What an answer says beside its body."""

from collections.abc import MutableMapping
from dataclasses import dataclass
from typing import Generic, Protocol, TypeVar

T = TypeVar("T")
T_co = TypeVar("T_co", covariant=True)


class Response(Protocol[T_co]):
    """What a generated `sync_detailed` or `asyncio_detailed` returns."""

    @property
    def parsed(self) -> T_co | None: ...

    @property
    def content(self) -> bytes: ...

    @property
    def headers(self) -> MutableMapping[str, str]: ...


@dataclass(frozen=True, slots=True)
class Answered(Generic[T]):
    """An answer. `etag` goes into `if_match` of the next command, `position` into `consistency` of a list.

    `replayed`: this command was answered before, and this is that answer again.
    """

    value: T
    etag: str | None
    position: int | None
    replayed: bool


def answered(response: Response[T]) -> Answered[T]:
    """The answer of a `..._detailed` call. Raises ValueError for one without a body."""
    value, headers = response.parsed, response.headers
    if value is None:
        raise ValueError("an answer without a body")
    position = headers.get("Reluth-Position")
    return Answered(
        value,
        headers.get("ETag"),
        int(position) if position is not None else None,
        headers.get("Idempotent-Replayed") == "true",
    )
