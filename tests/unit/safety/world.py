"""The small world of safety's tests: the packaged rules, one subject, and given / when / then."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest

from contracts.events.enrolment import ConsentSigned, SubjectScreened
from contracts.events.envelope import Envelope, Provenance
from contracts.events.fact import Fact
from contracts.events.heard import Heard
from contracts.events.safety import AdverseEventReported, AlertEpisodeClosed, AlertRaised, LaboratoryGraded
from contracts.protocol.load import load
from contracts.vocabulary.clinical import Analyte, Causality, Seriousness, Sex
from contracts.vocabulary.grade import Grade
from services.chassis.inbox.memory import MemoryStore
from services.chassis.inbox.port import Store
from services.chassis.quarantine.memory import MemoryQuarantine
from services.chassis.refusal import Refusal, Refused
from services.chassis.register import StoredRegister
from services.safety import rulebook
from services.safety.alert_list import Alerts
from services.safety.app import SERVICE
from services.safety.consumers import REGISTRY, projections
from services.safety.domain import decide
from services.safety.domain.alerts import follow
from services.safety.domain.commands import RecordLaboratoryResult, ReportAdverseEvent
from services.safety.domain.state import INITIAL, SubjectSafety, evolve
from services.safety.handlers import Context
from services.safety.policy import POLICY
from tests.unit.hearing import Api, Parts, running

RULES, PROTOCOL = rulebook.load(), load()
STUDY, SUBJECT = "RELUTH", "01-001"
PARIS = ZoneInfo("Europe/Paris")
NOW = datetime(2022, 6, 15, 10, 0, tzinfo=UTC)
TODAY = date(2022, 6, 15)
CONSENTED = Heard(STUDY, SUBJECT, ((UUID(int=90), date(2022, 1, 10)),))
DEAD = replace(CONSENTED, died_on=date(2022, 6, 1))
PLATELETS, NEUTROPHILS, ANEMIA, NAUSEA, VOMITING = 10035528, 10029366, 10002272, 10028813, 10047700


def day(n: int) -> date:
    """The n-th day of March 2022."""
    return date(2022, 3, 1) + timedelta(days=n - 1)


FIRST = day(1)


def result(
    value: str,
    analyte: Analyte = Analyte.PLATELETS,
    unit: str = "10*9/L",
    lower: str | None = "150",
    on: date = FIRST,
    **changed: Any,
) -> RecordLaboratoryResult:
    return RecordLaboratoryResult(
        **{
            "study": STUDY,
            "subject": SUBJECT,
            "result": UUID(int=1),
            "analyte": analyte,
            "value": Decimal(value),
            "unit": unit,
            "sampled_on": on,
            "lower_limit": None if lower is None else Decimal(lower),
            **changed,
        }
    )


def adverse_event(term: int = NAUSEA, grade: int = 2, **changed: Any) -> ReportAdverseEvent:
    return ReportAdverseEvent(
        **{
            "study": STUDY,
            "subject": SUBJECT,
            "adverse_event": UUID(int=7),
            "term": term,
            "grade": Grade(grade),
            "onset_on": day(1),
            "aware_at": datetime(2022, 3, 2, 9, 0, tzinfo=UTC),
            "seriousness": frozenset[Seriousness](),
            "causality": Causality.POSSIBLE,
            **changed,
        }
    )


def graded(command: RecordLaboratoryResult, known: Heard | None = CONSENTED) -> LaboratoryGraded:
    """The grade of one result."""
    return decide.record_laboratory_result(known, command, RULES.laboratory, today=TODAY)[1]


def grades(command: RecordLaboratoryResult) -> tuple[int | None, int | None]:
    """The range of the grade of one result."""
    fact = graded(command)
    return fact.grade_min, fact.grade_max


@dataclass(frozen=True)
class Story:
    """One subject's stream, and what enrolment has told of the subject."""

    envelopes: tuple[Envelope[Fact], ...] = ()
    known: Heard | None = CONSENTED

    @property
    def state(self) -> SubjectSafety:
        state = INITIAL
        for envelope in self.envelopes:
            state = evolve(state, envelope)
        return state

    @property
    def alerts(self) -> list[AlertRaised]:
        return [e.fact for e in self.envelopes if isinstance(e.fact, AlertRaised)]

    @property
    def closed(self) -> list[AlertEpisodeClosed]:
        return [e.fact for e in self.envelopes if isinstance(e.fact, AlertEpisodeClosed)]

    def recorded(self, *facts: Fact) -> "Story":
        story = self
        for fact in facts:
            story = replace(story, envelopes=(*story.envelopes, _envelope(fact, len(story.envelopes) + 1)))
        return story

    def after(self, *commands: RecordLaboratoryResult) -> "Story":
        """The story once these results were accepted, as the handler does it."""
        story = self
        for command in commands:
            own = replace(command, result=UUID(int=1000 + len(story.envelopes)))
            before = story.state
            story = story.recorded(*decide.record_laboratory_result(story.known, own, RULES.laboratory, today=TODAY))
            rule, last = RULES.laboratory_alert, story.state.graded[-1]
            story = story.recorded(*follow(rule, before, last, study=STUDY, subject=own.subject, now=NOW))
        return story

    def when(self, command: ReportAdverseEvent | RecordLaboratoryResult) -> "Attempt":
        return Attempt(self, command)


@dataclass(frozen=True)
class Attempt:
    """A command that has not been decided yet."""

    story: Story
    command: ReportAdverseEvent | RecordLaboratoryResult

    def _decided(self) -> tuple[Fact, ...]:
        known = self.story.known
        match self.command:
            case ReportAdverseEvent() as command:
                standing = self.story.state.adverse_events.get(command.adverse_event)
                return tuple(decide.report_adverse_event(known, standing, command, RULES.terms, now=NOW, zone=PARIS))
            case RecordLaboratoryResult() as command:
                return decide.record_laboratory_result(known, command, RULES.laboratory, today=TODAY)

    def then_reported(self) -> AdverseEventReported:
        (fact,) = self._decided()
        assert isinstance(fact, AdverseEventReported)
        return fact

    def then_graded(self) -> LaboratoryGraded:
        _, fact = self._decided()
        assert isinstance(fact, LaboratoryGraded)
        return fact

    def then_refused(self, refusal: Refusal, **detail: Any) -> None:
        with pytest.raises(Refused) as caught:
            self._decided()
        assert caught.value.refusal == refusal
        assert {name: caught.value.detail[name] for name in detail} == detail


def given(*commands: RecordLaboratoryResult, known: Heard | None = CONSENTED) -> Story:
    """A subject of whom enrolment has told this, with these results."""
    return Story(known=known).after(*commands)


def _envelope(fact: Fact, position: int) -> Envelope[Fact]:
    return Envelope(
        fact=fact,
        event_id=UUID(int=position),
        source="safety",
        stream=f"safety-{STUDY}-{SUBJECT}",
        version=position,
        position=position,
        recorded_at=NOW,
        chain="0" * 64,
        provenance=Provenance("test"),
    )


def screened(subject: str = SUBJECT) -> SubjectScreened:
    return SubjectScreened(
        study=STUDY,
        site=subject[:2],
        subject=subject,
        sex=Sex.FEMALE,
        birth_month="1958-04",
        screened_on=date(2022, 1, 5),
    )


def consented(subject: str = SUBJECT) -> ConsentSigned:
    return ConsentSigned(study=STUDY, subject=subject, version="1.0", signed_on=date(2022, 1, 10))


@asynccontextmanager
async def safety(
    state_dir: Path, *, hearing_timeout: float = 0.0, store: Store | None = None
) -> AsyncIterator[Api[Context]]:
    """The service behind its routes. It has heard nothing yet."""

    def context(parts: Parts) -> Context:
        return Context(
            facts=parts.facts,
            protocols={STUDY: PROTOCOL},
            clock=parts.clock,
            sealer=parts.sealer,
            quarantine=MemoryQuarantine(),
            register=StoredRegister(parts.projections),
            alerts=Alerts(parts.projections),
            rules=RULES,
            hearing_timeout=hearing_timeout,
        )

    parts = Parts("safety", REGISTRY, projections(), NOW, store or MemoryStore())
    async with running(parts, context, SERVICE.routers, POLICY, state_dir) as api:
        yield api
