"""What enrolment shows of versions: of the protocol, of the consent, and who signs again."""

from datetime import date
from typing import Self

from pydantic import BaseModel, Field

from contracts.vocabulary.identifiers import SiteId, SubjectId
from services.enrolment.domain.reconsent import ConsentDue


class VersionView(BaseModel):
    """A version of the protocol by which the site works from a day on."""

    protocol_version: str
    effective_on: date | None = Field(description="null for the first version, which is in force without adoption")


class ConsentVersionView(BaseModel):
    """A version of the consent that the site may use from a day on."""

    version: str
    approved_from: date
    reconsent_by: date | None = Field(description="until when whoever signed an earlier version signs this one")


class ReconsentView(BaseModel):
    """A subject that has to sign a later version of the consent."""

    subject: SubjectId
    signed: str = Field(description="the version signed last")
    signed_on: date
    to_sign: str
    due_by: date
    overdue: bool

    @classmethod
    def of(cls, subject: str, due: ConsentDue) -> Self:
        """The view of what is due."""
        return cls(
            subject=subject,
            signed=due.signed.version,
            signed_on=due.signed.signed_on,
            to_sign=due.version,
            due_by=due.due_by,
            overdue=due.overdue,
        )


class ReconsentsView(BaseModel):
    """Who has to sign a later version of the consent at a site, by number."""

    site: SiteId
    on: date
    reconsents: list[ReconsentView]
