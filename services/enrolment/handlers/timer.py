"""What time alone makes so: a read model suggests who is concerned, the write side decides."""

from collections.abc import AsyncIterator
from datetime import date
from typing import Final

from contracts.protocol.calendar import follow_up_ends
from contracts.protocol.model import Protocol
from services.enrolment.handlers.context import Context
from services.enrolment.handlers.visits import take_note_of_time
from services.enrolment.views.readers import Views
from services.enrolment.views.visits import VisitRow

AT_ONCE: Final = 500


async def look(ctx: Context, views: Views) -> int:
    """Look at all studies once. How many facts were recorded; of two replicas that look at once, one records them."""
    found = 0
    for study in ctx.protocols:
        async for row in _rows(views, study):
            protocol = ctx.protocol(study)
            if concerned(row, protocol, ctx.today(protocol)):
                found += await take_note_of_time(ctx, study, [row.subject])
    return found


def concerned(row: VisitRow, protocol: Protocol, today: date) -> bool:
    """Whether something may have come about for a subject. The newest protocol is good enough to suggest."""
    happened = row.book.happened
    if happened.over_on is not None:
        return bool(row.book.unrecorded_misses(protocol, today))
    ends_on = follow_up_ends(protocol, happened.reached)
    over = ends_on is not None and ends_on <= today
    return over or "randomization" in happened.reached or bool(row.book.unrecorded_misses(protocol, today))


async def _rows(views: Views, study: str) -> AsyncIterator[VisitRow]:
    start: str | None = None
    while True:
        found = (await views.visits.find({"study": study}, after=start, limit=AT_ONCE)).value
        for row in found.values():
            yield row
        start = next(reversed(found), None)
        if len(found) < AT_ONCE:
            return
