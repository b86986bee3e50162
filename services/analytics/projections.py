"""The read models: each a fold of `domain/` over the inbox, with one row per subject or study.

The arm has a table of its own, `allocated`: a query of the open part does not read it, so it cannot show it.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, Generic, Protocol, TypeVar

from pydantic import TypeAdapter
from sqlalchemy import Column, Text
from sqlalchemy.dialects.postgresql import JSONB

from contracts.events import assessment, course, enrolment, randomization, safety
from contracts.events.catalogue import subscriptions
from contracts.events.course import SubjectErased
from contracts.events.enrolment import SiteActivated
from contracts.events.envelope import Envelope
from contracts.events.fact import Fact, SubjectFact
from contracts.events.questionnaires import QuestionnaireCompleted
from contracts.events.randomization import AllocationActivated, ArmAllocated, CapChanged, SubjectRandomized
from contracts.events.safety import AlertEpisodeClosed, AlertRaised
from contracts.events.treatment import TreatmentCycleAdministered, TreatmentRecordAnnulled
from services.analytics.domain import alerts, allocation, conduct, dossier, filled
from services.analytics.domain.alerts import Alerts
from services.analytics.domain.allocation import Allocated
from services.analytics.domain.conduct import Conduct
from services.analytics.domain.dossier import Dossier
from services.analytics.domain.filled import Filled
from services.chassis.projections.port import FeedName

SUBSCRIPTIONS: Final = subscriptions("analytics")
"""All topics but that of dosimetry, those that tell the arm among them: their ACL names this service."""


class Placed(Protocol):
    """A state says whose it is. Without a site it belongs to the whole study."""

    @property
    def study(self) -> str:
        """The study."""
        ...

    @property
    def site(self) -> str | None:
        """The site."""
        ...


S = TypeVar("S", bound=Placed)


@dataclass
class ReadModel(Generic[S]):
    """A projection of one state per subject or study: its JSON beside the columns by which rows are found."""

    name: str
    version: int
    handles: tuple[type[Fact], ...]
    state: TypeAdapter[S]
    blank: Callable[[str], S]
    step: Callable[[S, Envelope[Fact]], S]
    feed: FeedName = FeedName.INBOX

    def key(self, envelope: Envelope[Fact]) -> str | None:
        """The row of a fact: that of its subject, or of its study."""
        fact = envelope.fact
        return f"{fact.study}/{fact.subject}" if isinstance(fact, SubjectFact) else fact.study

    def initial(self, key: str) -> S:
        """The state before the first fact."""
        return self.blank(key)

    def fold(self, state: S, envelope: Envelope[Fact]) -> S:
        """The state after one more fact."""
        return self.step(state, envelope)

    def columns(self) -> Sequence[Column[Any]]:
        """See the class."""
        return (
            Column("study", Text, nullable=False, index=True),
            Column("site", Text, nullable=True),
            Column("state", JSONB, nullable=False),
        )

    def to_row(self, state: S) -> Mapping[str, Any]:
        """The state as a row."""
        return {
            "study": state.study,
            "site": state.site,
            "state": self.state.dump_python(state, mode="json"),
        }

    def from_row(self, row: Mapping[str, Any]) -> S:
        """The state of a row."""
        return self.state.validate_python(row["state"])


AnyReadModel = ReadModel[Any]


def _study_and_subject(key: str) -> tuple[str, str]:
    study, _, subject = key.partition("/")
    return study, subject


_ABOUT_SUBJECTS: Final = tuple(
    fact
    for fact in (*enrolment.FACTS, *course.FACTS, *randomization.FACTS, *assessment.FACTS, *safety.FACTS)
    if issubclass(fact, SubjectFact) and fact.topic in dossier.TOPICS
)

DOSSIERS: Final = ReadModel(
    name="dossiers",
    version=6,
    handles=_ABOUT_SUBJECTS,
    state=TypeAdapter(Dossier),
    blank=lambda key: Dossier(*_study_and_subject(key)),
    step=dossier.fold,
)
ALLOCATED: Final = ReadModel(
    name="allocated",
    version=2,
    handles=(ArmAllocated, SubjectRandomized, TreatmentCycleAdministered, TreatmentRecordAnnulled),
    state=TypeAdapter(Allocated),
    blank=lambda key: Allocated(*_study_and_subject(key)),
    step=allocation.fold,
)
ALERTS: Final = ReadModel(
    name="alerts",
    version=2,
    handles=(AlertRaised, AlertEpisodeClosed, SubjectErased),
    state=TypeAdapter(Alerts),
    blank=lambda key: Alerts(*_study_and_subject(key)),
    step=alerts.fold,
)
FILLED: Final = ReadModel(
    name="questionnaires",
    version=1,
    handles=(QuestionnaireCompleted, SubjectErased),
    state=TypeAdapter(Filled),
    blank=lambda key: Filled(*_study_and_subject(key)),
    step=filled.fold,
)
CONDUCT: Final = ReadModel(
    name="conduct",
    version=1,
    handles=(SiteActivated, AllocationActivated, CapChanged),
    state=TypeAdapter(Conduct),
    blank=Conduct,
    step=conduct.fold,
)


def projections() -> tuple[AnyReadModel, ...]:
    """Every projection of this service."""
    return DOSSIERS, ALLOCATED, ALERTS, FILLED, CONDUCT
