"""What enrolment does because of others: visits after a randomization, the end of a run-in at a progression."""

from typing import Final

from contracts.events import assessment, course, enrolment, randomization, treatment
from contracts.events.assessment import TumourAssessed
from contracts.events.envelope import Envelope
from contracts.events.randomization import SubjectRandomized
from contracts.events.registry import Registry
from services.chassis.reactions.reactions import Reaction
from services.enrolment.domain.facts import PRIVATE
from services.enrolment.handlers import reactions as follow
from services.enrolment.handlers.context import Context

SUBSCRIPTIONS: Final = (randomization.TOPIC, assessment.TOPIC)
REGISTRY: Final = Registry(
    (*enrolment.FACTS, *course.FACTS, *treatment.FACTS, *PRIVATE, SubjectRandomized, TumourAssessed),
    enrolment.UPCASTERS,
)
"""Narrow on purpose: the allocation's facts cannot even be decoded here, so that no arm can ever be shown."""


def reactions(ctx: Context) -> tuple[Reaction, ...]:
    """The reactions of this service, through its own handlers."""

    async def randomized(envelope: Envelope[SubjectRandomized], key: str) -> None:
        await follow.take_note_of_randomization(ctx, envelope, key)

    async def assessed(envelope: Envelope[TumourAssessed], key: str) -> None:
        await follow.take_note_of_assessment(ctx, envelope, key)

    return (
        Reaction("schedule-visits", (SubjectRandomized,), randomized),
        Reaction("follow-run-in-scans", (TumourAssessed,), assessed),
    )
