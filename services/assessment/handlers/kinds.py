"""The two kinds of tables: which columns they have, and what a row of each records."""

import re
from collections.abc import Mapping
from typing import Any, Final
from uuid import UUID

from contracts.questionnaires.load import questionnaires
from contracts.vocabulary.clinical import Reader
from services.assessment.bodies.questionnaires import QuestionnaireRow
from services.assessment.bodies.readings import ReadingRow
from services.assessment.domain.questionnaires import state as filled
from services.assessment.domain.readings import state as read
from services.assessment.handlers.context import Context
from services.assessment.handlers.questionnaires import record_questionnaire
from services.assessment.handlers.readings import record_tumour_assessment
from services.assessment.handlers.uploads import Kind
from services.chassis.command import Call
from services.chassis.facts import Outcome

_ITEM: Final = re.compile(r"q([0-9]{1,3})")


async def _record_questionnaire(ctx: Context, call: Call, said: Mapping[str, str]) -> Outcome:
    row = QuestionnaireRow.model_validate(_answers(said))
    cmd = row.command(row.study, row.subject, row.questionnaire, row.occasion, again=False)
    return await record_questionnaire(ctx, call, cmd)


async def _same_questionnaire(ctx: Context, said: Mapping[str, str]) -> UUID | None:
    row = QuestionnaireRow.model_validate(_answers(said))
    stream = filled.questionnaire_stream(row.study, row.subject)
    found = (await ctx.facts.load(stream, filled.INITIAL, filled.evolve)).state.of(row.questionnaire, row.occasion)
    if found is None:
        return None
    kept = {item: answer for item, answer in found.fact.answers.items() if answer is not None}
    same = (found.fact.edition, found.fact.completed_on, kept, set(found.fact.not_applicable)) == (
        row.edition,
        row.completed_on,
        {item: answer for item, answer in row.answers.items() if answer is not None},
        set(row.not_applicable),
    )
    return found.event.event_id if same else None


async def _record_reading(ctx: Context, call: Call, said: Mapping[str, str]) -> Outcome:
    row = ReadingRow.model_validate(dict(said))
    return await record_tumour_assessment(ctx, call, row.command(), None)


async def _same_reading(ctx: Context, said: Mapping[str, str]) -> UUID | None:
    row = ReadingRow.model_validate(dict(said))
    stream = read.assessment_stream(row.study, row.subject)
    found = (await ctx.facts.load(stream, read.INITIAL, read.evolve)).state.of(row.timepoint, Reader.INVESTIGATOR)
    if found is None:
        return None
    fact = found.fact
    same = (fact.scan_on, fact.modality, fact.response, fact.study_uid) == (
        row.scan_on,
        row.modality,
        row.response,
        row.study_uid,
    )
    return found.event.event_id if same else None


def _answers(said: Mapping[str, str]) -> dict[str, Any]:
    """`q12` is item 12; `not_applicable` is a list of items with spaces between them."""
    answers = {found[1]: cell for name, cell in said.items() if (found := _ITEM.fullmatch(name))}
    others: dict[str, Any] = {name: cell for name, cell in said.items() if not _ITEM.fullmatch(name)}
    if "not_applicable" in others:
        others["not_applicable"] = others["not_applicable"].split()
    return {**others, "answers": answers}


_ITEMS: Final = sorted({item for one in questionnaires().values() for item in one.items})
QUESTIONNAIRES: Final = Kind(
    "questionnaires",
    ("subject", "questionnaire", "edition", "occasion", "completed_on"),
    (*(f"q{item}" for item in _ITEMS), "not_applicable"),
    _record_questionnaire,
    _same_questionnaire,
)
READINGS: Final = Kind(
    "readings",
    ("subject", "timepoint", "scan_on", "modality", "response"),
    ("study_uid",),
    _record_reading,
    _same_reading,
)
