"""The questionnaires of one subject."""

from dataclasses import dataclass, replace

from contracts.events.envelope import Envelope
from contracts.events.fact import Fact
from contracts.events.questionnaires import QuestionnaireCompleted


@dataclass(frozen=True, slots=True)
class Completed:
    """A filled-in questionnaire, with where it stands in the log."""

    event: Envelope[Fact]
    fact: QuestionnaireCompleted


@dataclass(frozen=True, slots=True)
class Questionnaires:
    """One subject's stream, folded: of each occasion what was recorded last."""

    completed: tuple[Completed, ...] = ()

    def of(self, questionnaire: str, occasion: str) -> Completed | None:
        """What was filled in on an occasion."""
        asked = (questionnaire, occasion)
        return next((one for one in self.completed if (one.fact.questionnaire, one.fact.occasion) == asked), None)


INITIAL = Questionnaires()


def evolve(state: Questionnaires, envelope: Envelope[Fact]) -> Questionnaires:
    """Fold one fact of the subject's stream."""
    match envelope.fact:
        case QuestionnaireCompleted() as fact:
            former = state.of(fact.questionnaire, fact.occasion)
            others = tuple(one for one in state.completed if one is not former)
            return replace(state, completed=(*others, Completed(envelope, fact)))
        case _:
            return state


def questionnaire_stream(study: str, subject: str) -> str:
    """The stream of one subject."""
    return f"questionnaires-{study}-{subject}"
