"""What follows here from what other services recorded."""

from collections.abc import Callable, Sequence

from contracts.events.assessment import TumourAssessed
from contracts.events.envelope import Envelope
from contracts.events.fact import Fact
from contracts.events.randomization import SubjectRandomized
from contracts.protocol.model import Protocol
from contracts.vocabulary.clinical import Reader
from services.chassis.facts import Answer, Unit
from services.chassis.reactions.unit import react
from services.enrolment.domain.gates import run_in_timepoints
from services.enrolment.domain.state import Subject, evolve, subject_stream
from services.enrolment.domain.subject import heard as follow
from services.enrolment.handlers.context import Context


async def take_note_of_randomization(ctx: Context, heard: Envelope[SubjectRandomized], key: str) -> None:
    """Schedule the visits that follow a randomization, once however often it is heard of."""
    fact = heard.fact

    def follows(subject: Subject, protocol: Protocol) -> Sequence[Fact]:
        return follow.randomized(subject, protocol, fact.randomization_date)

    await _react(ctx, heard, key, follows)


async def take_note_of_assessment(ctx: Context, heard: Envelope[TumourAssessed], key: str) -> None:
    """End a run-in whose scan shows progression; else say until when the subject should be randomized."""
    fact = heard.fact

    def follows(subject: Subject, protocol: Protocol) -> Sequence[Fact]:
        # The investigator's reading serves care and gate 2 (ruling 10). A scan after randomization may be heard of
        # before the randomization itself: it says nothing about the run-in.
        if fact.reader is not Reader.INVESTIGATOR or fact.timepoint not in run_in_timepoints(protocol):
            return ()
        return follow.scanned(subject, protocol, fact.scan_on, fact.response)

    await _react(ctx, heard, key, follows)


async def _react(
    ctx: Context,
    heard: Envelope[SubjectRandomized] | Envelope[TumourAssessed],
    key: str,
    follows: Callable[[Subject, Protocol], Sequence[Fact]],
) -> None:
    """What another's fact leads to. It happened, so there is nothing to refuse: at most nothing follows from it."""
    fact = heard.fact
    protocol = ctx.protocols.get(fact.study)
    if protocol is None:
        return
    stream = subject_stream(fact.study, fact.subject)

    async def work(unit: Unit) -> Answer:
        facts = follows(await unit.load(stream, Subject(), evolve), protocol)
        unit.append(stream, facts)
        return Answer(200, {"facts": len(facts)})

    await react(ctx.facts, heard, key, work, in_turn=stream)
