"""What follows here from what other services recorded."""

from collections.abc import Callable, Sequence
from zoneinfo import ZoneInfo

from contracts.events.assessment import TumourAssessed
from contracts.events.envelope import Envelope
from contracts.events.fact import Fact
from contracts.events.randomization import ALLOCATION_TOPIC, ArmAllocated, SubjectRandomized
from contracts.protocol.model import Protocol
from contracts.vocabulary.clinical import Reader
from services.chassis.facts import Answer, Unit
from services.chassis.reactions.unit import react
from services.enrolment.domain.obstacles import run_in_timepoints
from services.enrolment.domain.state import Subject, evolve, subject_stream
from services.enrolment.domain.subject import heard as follow
from services.enrolment.domain.subject import treatment
from services.enrolment.handlers.context import Context, setting_of
from services.enrolment.handlers.entries import Noted, append_facts


async def take_note_of_randomization(ctx: Context, heard: Envelope[SubjectRandomized], key: str) -> None:
    """Schedule the visits that follow a randomization, once however often it is heard of."""
    fact = heard.fact

    def follows(subject: Subject, protocol: Protocol) -> Sequence[Fact]:
        return follow.randomized(subject, protocol, fact.randomization_date)

    await _react(ctx, heard, key, follows)


async def take_note_of_the_arm(ctx: Context, heard: Envelope[ArmAllocated], key: str) -> None:
    """Keep the arm, privately, with the cycles that it has; in whatever order it is heard with the randomization."""
    fact = heard.fact

    def follows(subject: Subject, protocol: Protocol) -> Sequence[Fact]:
        on = heard.recorded_at.astimezone(ZoneInfo(protocol.study.time_zone)).date()
        return treatment.assigned(subject, protocol, fact.arm, on)

    await _react(ctx, heard, key, follows)


async def take_note_of_assessment(ctx: Context, heard: Envelope[TumourAssessed], key: str) -> None:
    """What the investigator's reading leads to: in the run-in its end or a visit, after it a progression.

    That reading serves care and gate 2 (ruling 10). Each timepoint is of the run-in or after it, whichever of scan and
    randomization is heard of first.
    """
    fact = heard.fact

    def follows(subject: Subject, protocol: Protocol) -> Sequence[Fact]:
        if fact.reader is not Reader.INVESTIGATOR:
            return ()
        if fact.timepoint in run_in_timepoints(protocol):
            return follow.scanned(subject, protocol, fact.timepoint, fact.scan_on, fact.response)
        return follow.assessed(subject, protocol, fact.timepoint, fact.scan_on, fact.response, heard.event_id)

    await _react(ctx, heard, key, follows)


async def _react(
    ctx: Context,
    heard: Envelope[SubjectRandomized] | Envelope[ArmAllocated] | Envelope[TumourAssessed],
    key: str,
    follows: Callable[[Subject, Protocol], Sequence[Fact]],
) -> None:
    """What another's fact leads to. It happened, so there is nothing to refuse: at most nothing follows from it."""
    fact = heard.fact
    if fact.study not in ctx.protocols:
        return
    stream = subject_stream(fact.study, fact.subject)

    async def work(unit: Unit) -> Answer:
        subject = await unit.load(stream, Subject(), evolve)
        if subject.screening is None or subject.erased_on is not None:
            return Answer(200, {"facts": 0})
        setting = await setting_of(ctx, fact.study, subject, heard.occurred_on)
        facts = follows(subject, setting.protocol)
        noted = Noted(subject)
        append_facts(unit, stream, noted, setting, facts)
        return Answer(200, {"facts": len(noted.facts)})

    # Who reads what follows from an arm must not get the id of its allocation: it opens the randomizer's chain.
    await react(ctx.facts, heard, key, work, in_turn=stream, causes=fact.topic != ALLOCATION_TOPIC)
