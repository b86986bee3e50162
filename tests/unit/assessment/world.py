"""The small world of assessment's tests: the packaged protocol, one included subject, and given / when / then."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from contracts.events.assessment import TumourAssessed
from contracts.events.enrolment import ConsentSigned, DeathRecorded, SubjectIncluded, SubjectScreened
from contracts.events.envelope import Envelope, Provenance
from contracts.events.heard import Heard
from contracts.protocol.load import load
from contracts.vocabulary.clinical import DeathCause, Modality, Reader, Sex
from contracts.vocabulary.response import Response
from services.assessment.app import SERVICE
from services.assessment.consumers import REGISTRY
from services.assessment.domain.readings import decide
from services.assessment.domain.readings.commands import RecordTumourAssessment
from services.assessment.domain.readings.decide import Rules
from services.assessment.domain.readings.state import INITIAL, SubjectAssessments, evolve
from services.assessment.handlers.context import Context, timepoints
from services.assessment.policy import POLICY
from services.assessment.routes.common import Services
from services.assessment.views.readers import Views, past_of, projections
from services.assessment.views.review import StoredCases
from services.chassis.images import Images
from services.chassis.inbox.memory import MemoryStore
from services.chassis.inbox.port import Store
from services.chassis.quarantine.memory import MemoryQuarantine
from services.chassis.refusal import Refusal, Refused
from services.chassis.register import StoredRegister
from services.chassis.settings import Settings
from tests.unit.hearing import Api, Parts, running

PROTOCOL = load()
STUDY, SUBJECT = "RELUTH", "01-001"
TIMEPOINTS = timepoints(PROTOCOL)
NOW = datetime(2022, 12, 1, 10, tzinfo=UTC)
TODAY = date(2022, 12, 1)
RULES = Rules(TIMEPOINTS, PROTOCOL.tumour_response, TODAY)
INCLUDED = Heard(STUDY, SUBJECT, ((UUID(int=90), date(2022, 1, 10)),), included_on=date(2022, 1, 20))
DEAD = replace(INCLUDED, died_on=date(2022, 9, 1))


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


def included(subject: str = SUBJECT) -> SubjectIncluded:
    return SubjectIncluded(study=STUDY, subject=subject, included_on=date(2022, 1, 20), assessment=UUID(int=5))


def died(subject: str = SUBJECT) -> DeathRecorded:
    return DeathRecorded(study=STUDY, subject=subject, died_on=date(2022, 9, 1), cause=DeathCause.TUMOUR)


def assess(timepoint: str = "POST_C2", on: date = date(2022, 5, 1), **changed: Any) -> RecordTumourAssessment:
    return RecordTumourAssessment(
        **{
            "study": STUDY,
            "subject": SUBJECT,
            "timepoint": timepoint,
            "scan_on": on,
            "modality": Modality.CT,
            "reader": Reader.INVESTIGATOR,
            "response": Response.SD,
            **changed,
        }
    )


@dataclass(frozen=True)
class Story:
    """One subject's readings, and what enrolment has told of the subject."""

    state: SubjectAssessments = INITIAL
    known: Heard | None = INCLUDED

    def decided(self, command: RecordTumourAssessment) -> TumourAssessed:
        (fact,) = decide.record_tumour_assessment(self.state, self.known, command, RULES)
        return fact

    def after(self, *commands: RecordTumourAssessment) -> "Story":
        story = self
        for command in commands:
            position = len(story.state.readings) + 1
            envelope = Envelope(
                fact=story.decided(command),
                event_id=UUID(int=position),
                source="assessment",
                stream="assessment-RELUTH-01-001",
                version=position,
                position=position,
                recorded_at=NOW,
                chain="0" * 64,
                provenance=Provenance("test"),
            )
            story = replace(story, state=evolve(story.state, envelope))
        return story

    def then_refused(self, command: RecordTumourAssessment, refusal: Refusal, **detail: Any) -> None:
        with pytest.raises(Refused) as caught:
            self.decided(command)
        assert caught.value.refusal == refusal
        assert {name: caught.value.detail[name] for name in detail} == detail


def given(*commands: RecordTumourAssessment, known: Heard | None = INCLUDED) -> Story:
    """A subject of whom enrolment has told this, with these readings."""
    return Story(known=known).after(*commands)


IMAGES = Images(
    {
        "central": "https://reading.example/viewer?study={study_uid}",
        "01": "https://pacs.hospital.example/studies/{study_uid}",
    }
)


@asynccontextmanager
async def assessment(
    state_dir: Path, *, hearing_timeout: float = 0.0, store: Store | None = None
) -> AsyncIterator[Api[Services]]:
    """The service behind its routes. It has heard nothing yet."""

    def services(parts: Parts) -> Services:
        register = StoredRegister(parts.projections)
        kept, held = StoredCases(parts.projections), MemoryQuarantine()
        context = Context(
            parts.facts, {STUDY: PROTOCOL}, parts.clock, parts.sealer, held, register, kept, IMAGES, hearing_timeout
        )
        return Services(context, Views.over(parts.projections), past_of(parts.facts, Settings()))

    parts = Parts("assessment", REGISTRY, projections(), NOW, store or MemoryStore())
    async with running(parts, services, SERVICE.routers, POLICY, state_dir, SERVICE.media_types) as api:
        yield api
