"""Lists to their end, page by page."""

from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from typing import Any, Protocol, TypeVar

T = TypeVar("T")
T_co = TypeVar("T_co", covariant=True)


class Page(Protocol[T_co]):
    """A generated page."""

    @property
    def items(self) -> Sequence[T_co]: ...

    @property
    def next_(self) -> Any: ...


async def pages(read: Callable[..., Awaitable[Page[T] | None]], *address: str, **query: Any) -> AsyncIterator[T]:
    """Every item of a list: `async for line in pages(get_subjects.asyncio, "RELUTH", client=enrolment): ...`.

    Each page is read when its first item is asked for. Raises `Refused`.
    """
    while True:
        page = await read(*address, **query)
        if page is None:
            return
        for item in page.items:
            yield item
        if not isinstance(page.next_, str):
            return
        query["cursor"] = page.next_
