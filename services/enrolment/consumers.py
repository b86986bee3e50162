"""What enrolment does because of others: visits and treatment after a randomization, what a progression means."""

from typing import Final

from contracts.events import assessment, course, enrolment, randomization, treatment
from contracts.events.assessment import TumourAssessed
from contracts.events.envelope import Envelope
from contracts.events.randomization import ArmAllocated, SubjectRandomized
from contracts.events.registry import Registry
from services.chassis.reactions.reactions import Reaction
from services.enrolment.domain.facts import PRIVATE
from services.enrolment.handlers import reactions as follow
from services.enrolment.handlers.context import Context

SUBSCRIPTIONS: Final = (randomization.TOPIC, randomization.ALLOCATION_TOPIC, assessment.TOPIC)
REGISTRY: Final = Registry(
    (*enrolment.FACTS, *course.FACTS, *treatment.FACTS, *PRIVATE, SubjectRandomized, ArmAllocated, TumourAssessed),
    (*enrolment.UPCASTERS, *assessment.UPCASTERS),
)
"""Narrow on purpose. The arm is heard for the cycles that it has, kept in a private fact, told to few (ADR 0010)."""


def reactions(ctx: Context) -> tuple[Reaction, ...]:
    """The reactions of this service, through its own handlers."""

    async def randomized(envelope: Envelope[SubjectRandomized], key: str) -> None:
        await follow.take_note_of_randomization(ctx, envelope, key)

    async def assessed(envelope: Envelope[TumourAssessed], key: str) -> None:
        await follow.take_note_of_assessment(ctx, envelope, key)

    async def allocated(envelope: Envelope[ArmAllocated], key: str) -> None:
        await follow.take_note_of_the_arm(ctx, envelope, key)

    return (
        Reaction("keep-arm", (ArmAllocated,), allocated),
        Reaction("schedule-visits", (SubjectRandomized,), randomized),
        Reaction("follow-run-in-scans", (TumourAssessed,), assessed),
    )
