"""What a route works with, looked up where the request is answered."""

from collections.abc import Callable
from typing import Any, TypeVar

from fastapi import Depends, Request

T = TypeVar("T")


def needs(look: Callable[[Request], T]) -> Any:
    """Depend on what `look` finds without waiting: `Ctx = Annotated[Context, needs(context)]`.

    FastAPI would call a plain function on a thread of its own, which costs more than all that is looked up here.
    """

    async def found(request: Request) -> T:
        return look(request)

    return Depends(found)
