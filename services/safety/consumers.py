"""What safety hears of others: of enrolment five facts, and of treatment none yet. It cannot decode an allocation."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict
from typing import Any, Final

from sqlalchemy import Column, Date, Text

from contracts.events import enrolment, safety, treatment
from contracts.events.course import SubjectErased
from contracts.events.envelope import Envelope
from contracts.events.fact import Fact
from contracts.events.registry import Registry
from services.chassis.projections.port import FeedName
from services.chassis.projections.projection import AnyProjection
from services.chassis.projections.projections import Projections
from services.chassis.projections.reader import ProjectionReader
from services.chassis.reactions.reactions import Reaction
from services.safety.alert_list import AlertList
from services.safety.domain.facts import PRIVATE
from services.safety.domain.register import HEARD, Subject, heard
from services.safety.handlers import Context

SUBSCRIPTIONS: Final = (enrolment.TOPIC, treatment.TOPIC)
REGISTRY: Final = Registry((*HEARD, *treatment.FACTS, *safety.FACTS, *PRIVATE))
"""What treatment tells is known and passed over: counted as unknown by type, it would tell how many are in each arm."""


class SubjectRegister:
    """The register of subjects, a `Projection`: one row for each subject that enrolment has told of."""

    name = "subject_register"
    version = 3
    feed = FeedName.INBOX
    handles: tuple[type[Fact], ...] = HEARD

    def key(self, envelope: Envelope[Fact]) -> str | None:
        """Study and subject: the key of the fact."""
        return envelope.fact.key

    def initial(self, key: str) -> Subject:
        """Only that there is such a subject."""
        study, subject = key.split("/")
        return Subject(study, subject)

    def fold(self, state: Subject, envelope: Envelope[Fact]) -> Subject:
        """See `domain.register.heard`."""
        return heard(state, envelope)

    def columns(self) -> Sequence[Column[Any]]:
        """The fields of `Subject`."""
        return [
            Column("study", Text, nullable=False),
            Column("subject", Text, nullable=False),
            Column("consent_on", Date),
            Column("died_on", Date),
            Column("death", Text),
            Column("erased_on", Date),
        ]

    def to_row(self, state: Subject) -> Mapping[str, Any]:
        """The subject as columns."""
        return asdict(state)

    def from_row(self, row: Mapping[str, Any]) -> Subject:
        """The subject of a row."""
        return Subject(row["study"], row["subject"], row["consent_on"], row["died_on"], row["death"], row["erased_on"])


class StoredRegister:
    """The port `handlers.Register` over the read model `SubjectRegister`."""

    def __init__(self, projections: Projections) -> None:
        self._reader = ProjectionReader(projections, SubjectRegister())

    async def subject(
        self, study: str, subject: str, *, until: Callable[[Subject | None], bool], timeout: float
    ) -> Subject | None:
        """See `handlers.Register.subject`. Raises `Unavailable`."""
        return await self._reader.await_row(f"{study}/{subject}", until, timeout)


def reactions(ctx: Context) -> tuple[Reaction, ...]:
    """The texts of this service are sealed under keys of its own."""

    async def erased(envelope: Envelope[SubjectErased], _: str) -> None:
        await ctx.texts.forget(envelope.fact.key, "subject-erased")

    return (Reaction("forget-erased", (SubjectErased,), erased),)


def projections() -> list[AnyProjection]:
    """The read models of this service."""
    return [SubjectRegister(), AlertList()]
