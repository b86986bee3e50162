"""What the lists of enrolment have in common: whose rows the caller may see, and a page of them as of a moment."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any, Generic, TypeVar

from services.chassis.auth.who import Who
from services.chassis.http.moment import Moment
from services.chassis.projections.projection import Projection
from services.chassis.projections.reader import ProjectionReader
from services.enrolment.domain.valid_time import standing
from services.enrolment.routes.common import Services

S = TypeVar("S")


@dataclass(frozen=True, slots=True)
class Rows(Generic[S]):
    """Rows of one page by key, whether others follow, and the position they are folded up to."""

    found: dict[str, S]
    more: bool
    position: int

    @property
    def last(self) -> str | None:
        """The key of the last row, after which the next page begins."""
        return next(reversed(self.found), None)


def where(study: str, who: Who, site: str | None) -> dict[str, Any]:
    """The rows that the caller may see. Another site than the caller's own is refused rather than empty."""
    if site is not None:
        who.require_site(site)
        return {"study": study, "site": site}
    return {"study": study} if who.everywhere else {"study": study, "site": sorted(who.sites)}


def after(place: object) -> str | None:
    """The key after which a page begins, from its cursor."""
    return place if isinstance(place, str) else None


async def rows(
    served: Services,
    reader: ProjectionReader[S],
    kept: Projection[S],
    chosen: Mapping[str, Any],
    start: str | None,
    limit: int,
    at: Moment,
) -> Rows[S]:
    """At most `limit` rows of a list: as it stands from its table, as it was from the log."""
    if at.present:
        read = await reader.find(chosen, after=start, limit=limit + 1)
        found, position = read.value, read.standing.position
    else:
        day = partial(standing, day=at.valid_at)
        folded = await served.past.find(kept, at.as_of, day, chosen, after=start, limit=limit + 1)
        found, position = folded.value, folded.position
    return Rows(dict(list(found.items())[:limit]), len(found) > limit, position)
