"""The read model of visits: the same fold as the write side's, one row for each subject that has visits."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Final

from pydantic import TypeAdapter
from sqlalchemy import Column, Text
from sqlalchemy.dialects.postgresql import JSONB

from contracts.events.envelope import Envelope
from contracts.events.fact import Fact
from contracts.vocabulary.identifiers import site_of
from services.chassis.projections.port import FeedName
from services.enrolment.domain.visit_book import NOTED, Book, note

_BOOK: Final = TypeAdapter(Book)


@dataclass(frozen=True, slots=True)
class VisitRow:
    """The visits of a subject, and what they depend on."""

    study: str
    subject: str
    site: str
    book: Book = field(default_factory=Book)


class VisitList:
    """One row for each subject, a `Projection`. Statuses are not in it: they depend on the day that is asked about."""

    name = "visits"
    version = 2
    feed = FeedName.LOG
    handles: tuple[type[Fact], ...] = NOTED

    def key(self, envelope: Envelope[Fact]) -> str | None:
        """Study and subject."""
        return envelope.fact.key

    def initial(self, key: str) -> VisitRow:
        """Nothing scheduled."""
        study, subject = key.split("/")
        return VisitRow(study, subject, site_of(subject))

    def fold(self, state: VisitRow, envelope: Envelope[Fact]) -> VisitRow:
        """The visits after the fact."""
        return replace(state, book=note(state.book, envelope))

    def columns(self) -> Sequence[Column[Any]]:
        """The fields of `VisitRow`."""
        return [
            Column("study", Text, nullable=False, index=True),
            Column("subject", Text, nullable=False),
            Column("site", Text, nullable=False),
            Column("book", JSONB, nullable=False),
        ]

    def to_row(self, state: VisitRow) -> Mapping[str, Any]:
        """The visits as columns."""
        return {
            "study": state.study,
            "subject": state.subject,
            "site": state.site,
            "book": _BOOK.dump_python(state.book, mode="json"),
        }

    def from_row(self, row: Mapping[str, Any]) -> VisitRow:
        """The visits of a row."""
        return VisitRow(row["study"], row["subject"], row["site"], _BOOK.validate_python(row["book"]))
