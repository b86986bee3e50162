"""Tables of readings and questionnaires: every row a unit of work of its own, taken or refused, none lost.

The key of a row's command is made from what it says, so that a row that is sent again, in the same file or in another
one, is answered what it was answered first.
"""

import json
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, replace
from hashlib import sha256
from uuid import UUID

from pydantic import ValidationError

from contracts.vocabulary.identifiers import site_of
from services.assessment.domain.refusals import questionnaires, readings, uploads
from services.assessment.handlers.context import Context
from services.assessment.handlers.tables import Row
from services.assessment.shown.uploads import Outcome, ReportView, RowView
from services.chassis.auth.who import Who
from services.chassis.command import Call, CommandId
from services.chassis.facts import Outcome as Done
from services.chassis.refusal import Refused

Recorded = Callable[[Context, Call, Mapping[str, str]], Awaitable[Done]]
SaysTheSame = Callable[[Context, Mapping[str, str]], Awaitable[UUID | None]]
_THERE = frozenset({questionnaires.FILLED_ALREADY.code, readings.ALREADY_ASSESSED.code})


@dataclass(frozen=True, slots=True)
class Kind:
    """What the rows of a table are. `record` raises ValidationError for cells that are none of its columns.

    `same`: the event that already says all that a row says, recorded in another way.
    """

    name: str
    required: tuple[str, ...]
    permitted: tuple[str, ...]
    record: Recorded
    same: SaysTheSame


async def upload(ctx: Context, call: Call, study: str, who: Who, rows: list[Row], kind: Kind) -> ReportView:
    """Take every row that can be taken, in order. What becomes of one depends on no other, but on those before it."""
    ctx.protocol(study)
    patient = replace(ctx, hearing_timeout=0.0)  # a file of unknown subjects must not wait for each of them
    shown = [await _row(patient, call, study, who, n, row, kind) for n, row in enumerate(rows, start=1)]
    return ReportView.of(shown)


async def _row(ctx: Context, call: Call, study: str, who: Who, number: int, row: Row, kind: Kind) -> RowView:
    if row.cells is None:
        return RowView.refused(number, row.line, Refused(uploads.ROW_SHAPE))
    said = {"study": study, **row.cells}
    try:
        who.require_site(_site(row.cells))
        done = await kind.record(ctx, _call_of(call, kind, said), said)
    except ValidationError as wrong:
        return RowView.wrong(number, row.line, wrong.errors())
    except Refused as refused:
        if refused.refusal.code in _THERE and (there := await kind.same(ctx, said)) is not None:
            return RowView(row=number, line=row.line, outcome=Outcome.ALREADY, event_id=there)
        return RowView.refused(number, row.line, refused)
    event = UUID(str(done.answer.body["event_id"]))
    outcome = Outcome.ALREADY if done.replayed else Outcome.RECORDED
    return RowView(row=number, line=row.line, outcome=outcome, event_id=event)


def _site(cells: Mapping[str, str]) -> str | None:
    """Of no subject that could be one: none, which nobody may touch."""
    try:
        return site_of(cells.get("subject", ""))
    except ValueError:
        return None


def _call_of(call: Call, kind: Kind, said: Mapping[str, str]) -> Call:
    digest = sha256(json.dumps([kind.name, said], sort_keys=True).encode())
    return Call(CommandId(f"upload/{kind.name}/{digest.hexdigest()}", digest.digest()), call.provenance)
