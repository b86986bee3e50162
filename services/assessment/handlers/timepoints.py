"""Everything of one timepoint in one append: all of it or nothing, and every error at once."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, TypeVar
from uuid import UUID

from contracts.events.fact import Fact
from contracts.questionnaires.load import questionnaires
from contracts.vocabulary.clinical import Reader
from services.assessment.domain.biomarkers import state as markers
from services.assessment.domain.biomarkers.decide import RecordBiomarker, record
from services.assessment.domain.questionnaires import state as filled
from services.assessment.domain.questionnaires.decide import CompleteQuestionnaire, complete
from services.assessment.domain.readings import decide
from services.assessment.domain.readings import state as read
from services.assessment.domain.readings.commands import RecordTumourAssessment
from services.assessment.domain.refusals import timepoints as refusals
from services.assessment.handlers.context import Context, rules_of
from services.assessment.shown.timepoints import TimepointRecorded
from services.chassis.command import Call
from services.chassis.facts import Answer, Outcome, Unit
from services.chassis.folds import Evolve
from services.chassis.provisional import grown
from services.chassis.refusal import Refused

S = TypeVar("S")


@dataclass(frozen=True, slots=True)
class Sent:
    """What a site sent of one timepoint."""

    study: str
    subject: str
    reading: RecordTumourAssessment | None
    questionnaires: tuple[CompleteQuestionnaire, ...]
    biomarkers: tuple[RecordBiomarker, ...]


@dataclass(slots=True)
class _Parts:
    """What was decided so far, and what could not be."""

    unit: Unit
    errors: list[dict[str, Any]] = field(default_factory=list)
    events: list[UUID] = field(default_factory=list)

    def add(
        self,
        stream: str,
        state: S,
        evolve: Evolve[S],
        pointer: str,
        on: date,
        decided: Callable[[S], Sequence[Fact]],
    ) -> S:
        """The state with what one part leads to; without it, and an error more, if it is refused."""
        try:
            facts = decided(state)
        except Refused as refused:
            self.errors.append(_error(pointer, refused))
            return state
        ids = self.unit.append(stream, facts, occurred_on=on)
        self.events += ids
        return grown(state, evolve, zip(ids, facts, strict=True))


async def record_timepoint(ctx: Context, call: Call, sent: Sent) -> Outcome:
    """Record every part, in the order reading, questionnaires, biomarkers. Raises `Refused` with all errors."""
    protocol = ctx.protocol(sent.study)
    if answered := await ctx.facts.answered(call.command):
        return answered
    known, rules = await ctx.included(sent.study, sent.subject), rules_of(ctx, protocol)

    async def work(unit: Unit) -> Answer:
        parts = _Parts(unit)
        stream = read.assessment_stream(sent.study, sent.subject)
        readings = await unit.load(stream, read.INITIAL, read.evolve)
        if (reading := sent.reading) is not None:
            pointer, on = "/tumour_assessment", reading.scan_on
            readings = parts.add(
                stream,
                readings,
                read.evolve,
                pointer,
                on,
                lambda state: decide.record_tumour_assessment(state, known, reading, rules),
            )
            parts.add(
                stream,
                readings,
                read.evolve,
                pointer,
                on,
                lambda state: decide.queries(state, sent.study, sent.subject, Reader.INVESTIGATOR, rules),
            )
        stream = filled.questionnaire_stream(sent.study, sent.subject)
        completed = await unit.load(stream, filled.INITIAL, filled.evolve)
        for n, questionnaire in enumerate(sent.questionnaires):

            def answers(state: filled.Questionnaires, cmd: CompleteQuestionnaire = questionnaire) -> Sequence[Fact]:
                return complete(state, known, cmd, protocol.quality_of_life, questionnaires(), rules.today)

            completed = parts.add(
                stream, completed, filled.evolve, f"/questionnaires/{n}", questionnaire.completed_on, answers
            )
        stream = markers.biomarker_stream(sent.study, sent.subject)
        measured = await unit.load(stream, markers.INITIAL, markers.evolve)
        for n, biomarker in enumerate(sent.biomarkers):

            def values(state: markers.Biomarkers, cmd: RecordBiomarker = biomarker) -> Sequence[Fact]:
                return record(state, known, cmd, protocol.biomarkers, rules.today)

            measured = parts.add(stream, measured, markers.evolve, f"/biomarkers/{n}", biomarker.sampled_on, values)
        if parts.errors:
            raise Refused(refusals.NOT_ACCEPTED, errors=parts.errors)
        return Answer(201, TimepointRecorded(subject=sent.subject, events=parts.events).model_dump(mode="json"))

    return await ctx.facts.transact(call.command, call.provenance, work)


def _error(pointer: str, refused: Refused) -> dict[str, Any]:
    found = {"in": "body", "pointer": pointer, "detail": refused.refusal.title, "code": refused.refusal.code}
    return {**found, "context": dict(refused.detail)} if refused.detail else found
