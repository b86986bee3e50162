"""Facts of quality of life: answers by item number. Wording is the publisher's and scores are derived."""

from collections.abc import Mapping
from datetime import date
from typing import Annotated

from pydantic import Field

from contracts.events.assessment import TOPIC, Code
from contracts.events.fact import SubjectFact

Item = Annotated[int, Field(ge=1, le=999)]
Answer = Annotated[int, Field(ge=1, le=99)]


class QuestionnaireCompleted(SubjectFact, name="assessment.questionnaire-completed", version=1, topic=TOPIC):
    """A subject filled in a questionnaire. Of one occasion the later fact counts.

    An item without an answer was left out; one in `not_applicable` was answered so.
    """

    questionnaire: Code
    edition: Code
    occasion: Code
    completed_on: date
    answers: Mapping[Item, Answer | None]
    not_applicable: tuple[Item, ...] = ()


FACTS = (QuestionnaireCompleted,)
