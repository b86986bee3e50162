"""Facts that never leave enrolment."""

from typing import Annotated

from pydantic import Field

from contracts.events.fact import SiteFact
from contracts.vocabulary.identifiers import SubjectId


class SubjectNumberIssued(SiteFact, name="enrolment.subject-number-issued", version=1):
    """The site's stream gave out its next number, in the same append that opens the subject's stream.

    The stream is the counter: of two screenings at once one loses the race for it and counts again, so that numbers
    neither collide nor skip.
    """

    subject: SubjectId
    sequence: Annotated[int, Field(ge=1)]


PRIVATE = (SubjectNumberIssued,)
