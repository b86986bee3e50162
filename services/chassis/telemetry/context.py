"""What belongs to the request at hand: its correlation id and its caller's token, wherever the code stands."""

import re
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import Final

from uuid6 import uuid7

_UUID: Final = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class RequestContext:
    """`authorization` is the caller's own header, to be relayed to another service and to nothing else."""

    correlation_id: str
    authorization: str | None = field(default=None, repr=False)


_CURRENT: Final[ContextVar[RequestContext | None]] = ContextVar("reluth_request", default=None)


def current_request() -> RequestContext | None:
    """The request being answered, or None in a consumer or a task of the process."""
    return _CURRENT.get()


enter_request = _CURRENT.set
leave_request = _CURRENT.reset


def correlation_id_from(offered: str | None) -> str:
    """The id offered by the caller if it is a UUID, else a new one.

    Only UUIDs: the id is written to logs and to the log of facts, where nobody may smuggle in a text.
    """
    if offered is not None and _UUID.fullmatch(offered):
        return offered.lower()
    return str(uuid7())
