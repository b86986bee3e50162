"""ETag and If-Match: a strong tag is the version of the stream that a resource is folded from."""

import re
from dataclasses import dataclass
from typing import Annotated, Final

from fastapi import Depends, Header, Request

from services.chassis.http.refusals import PRECONDITION_FAILED, PRECONDITION_REQUIRED
from services.chassis.refusal import Refused

_TAG: Final = re.compile(r'\s*(W/)?"([\x21\x23-\x7e]*)"\s*')
_VERSION: Final = re.compile(r"0|[1-9][0-9]{0,17}")


def etag(version: int) -> str:
    """The tag of a resource at that version of its stream."""
    return f'"{version}"'


@dataclass(frozen=True, slots=True)
class IfMatch:
    """The versions that the caller has read. None: the caller named none, or any (`*`)."""

    versions: frozenset[int] | None = None

    @property
    def expected(self) -> int | None:
        """The version to load with, when exactly one was named."""
        return next(iter(self.versions)) if self.versions is not None and len(self.versions) == 1 else None

    def require(self, actual: int) -> None:
        """Raise `Refused` (412) unless the present version is one of those."""
        if self.versions is not None and actual not in self.versions:
            raise Refused(PRECONDITION_FAILED, actual=actual)


_HEADER: Final = Header(
    alias="If-Match", description="The ETag of the state that this command was decided on.", examples=['"3"']
)


async def if_match(request: Request, _: Annotated[str | None, _HEADER] = None) -> IfMatch:
    """The header `If-Match`, if there is one. Weak and foreign tags match nothing (RFC 9110, 13.1.1): 412 at once."""
    values = request.headers.getlist("if-match")
    if not values:
        return IfMatch()
    listed = ",".join(values)
    if listed.strip() == "*":
        return IfMatch()
    versions = set()
    for part in listed.split(","):
        tag = _TAG.fullmatch(part)
        if tag and tag[1] is None and _VERSION.fullmatch(tag[2]):
            versions.add(int(tag[2]))
    if not versions:
        raise Refused(PRECONDITION_FAILED)
    return IfMatch(frozenset(versions))


async def if_match_required(given: Annotated[IfMatch, Depends(if_match)], request: Request) -> IfMatch:
    """The header `If-Match`, which this route insists on. Raises `Refused` (428)."""
    if "if-match" not in request.headers:
        raise Refused(PRECONDITION_REQUIRED)
    return given


Conditional = Annotated[IfMatch, Depends(if_match)]
"""`when: Conditional` in a route that may be told which state it changes."""
ConditionRequired = Annotated[IfMatch, Depends(if_match_required)]
"""The same, insisted on."""
