"""The end of a screening without inclusion."""

from dataclasses import dataclass
from datetime import date

from contracts.events.course import NotIncluded
from contracts.vocabulary.clinical import Verdict
from services.chassis.refusal import Refused
from services.enrolment.domain import refusals
from services.enrolment.domain.setting import Setting
from services.enrolment.domain.state import Subject
from services.enrolment.domain.subject.guards import not_in_the_future, screened, screening_open


@dataclass(frozen=True, slots=True)
class EndScreening:
    """Decide that a screened subject will not be included, for good."""

    study: str
    subject: str
    decided_on: date

    @property
    def occurred_on(self) -> date:
        """The day of the decision."""
        return self.decided_on


def end_screening(subject: Subject, setting: Setting, cmd: EndScreening) -> tuple[NotIncluded, ...]:
    """End the screening (digest T3), naming the evaluation that said no, if the last one did.

    An evaluation that fails ends nothing by itself: what it used can be corrected, and a value repeated.
    """
    screening = screened(subject)
    not_in_the_future(setting.today, decided_on=cmd.decided_on)
    if subject.inclusion is not None:
        raise Refused(refusals.standing.ALREADY_INCLUDED, included_on=subject.inclusion.included_on)
    screening_open(subject)
    if cmd.decided_on < screening.screened_on:
        raise Refused(refusals.standing.BEFORE_SCREENING, screened_on=screening.screened_on)
    said_no = subject.assessment is not None and subject.assessment.verdict is Verdict.NOT_ELIGIBLE
    return (
        NotIncluded(
            study=cmd.study,
            subject=cmd.subject,
            decided_on=cmd.decided_on,
            assessment=subject.assessment.event_id if subject.assessment and said_no else None,
        ),
    )
