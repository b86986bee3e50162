"""The read model of the subjects that enrolment has told of."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict
from typing import Any

from sqlalchemy import Column, Date, Text

from contracts.events.envelope import Envelope
from contracts.events.fact import Fact
from services.assessment.domain.register import HEARD, Subject, heard
from services.chassis.projections.port import FeedName
from services.chassis.projections.projections import Projections
from services.chassis.projections.reader import ProjectionReader


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
            Column("included_on", Date),
            Column("died_on", Date),
            Column("death", Text),
            Column("erased_on", Date),
        ]

    def to_row(self, state: Subject) -> Mapping[str, Any]:
        """The subject as columns."""
        return asdict(state)

    def from_row(self, row: Mapping[str, Any]) -> Subject:
        """The subject of a row."""
        return Subject(
            row["study"],
            row["subject"],
            row["consent_on"],
            row["included_on"],
            row["died_on"],
            row["death"],
            row["erased_on"],
        )


class StoredRegister:
    """The port `handlers.context.Register` over the read model `SubjectRegister`."""

    def __init__(self, projections: Projections) -> None:
        self._reader = ProjectionReader(projections, SubjectRegister())

    async def subject(
        self, study: str, subject: str, *, until: Callable[[Subject | None], bool], timeout: float
    ) -> Subject | None:
        """See `handlers.context.Register.subject`. Raises `Unavailable`."""
        return await self._reader.await_row(f"{study}/{subject}", until, timeout)
