"""Which questionnaires of one subject were filled in, and when."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date

from contracts.events.course import SubjectErased
from contracts.events.envelope import Envelope
from contracts.events.fact import Fact
from contracts.events.questionnaires import QuestionnaireCompleted
from contracts.vocabulary.identifiers import site_of


@dataclass(frozen=True, slots=True)
class Filled:
    """One subject. `days`: of each occasion, by questionnaire, the day on which it was filled in."""

    study: str
    subject: str
    days: Mapping[str, Mapping[str, date]] = field(default_factory=dict)
    erased: bool = False

    @property
    def site(self) -> str:
        """The site that enrolled the subject."""
        return site_of(self.subject)

    def on(self, occasion: str, questionnaire: str) -> date | None:
        """The day on which it was filled in."""
        return self.days.get(occasion, {}).get(questionnaire)


def fold(filled: Filled, envelope: Envelope[Fact]) -> Filled:
    """The subject after one more fact. Of one occasion the later fact counts; of one erased nothing is kept."""
    match envelope.fact:
        case SubjectErased():
            return Filled(filled.study, filled.subject, erased=True)
        case QuestionnaireCompleted() as fact if not filled.erased:
            of_occasion = {**filled.days.get(fact.occasion, {}), fact.questionnaire: fact.completed_on}
            return replace(filled, days={**filled.days, fact.occasion: of_occasion})
        case _:
            return filled
