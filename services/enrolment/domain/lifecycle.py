"""The regions of a subject's lifecycle beside its participation (digest 4), each a pure function of what is recorded.

What follows randomization differs between the arms: `blinded` is the subject as those see it who may not know its arm.
"""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import reduce

from contracts.events import treatment
from contracts.events.enrolment import VisitsScheduled
from contracts.events.envelope import Envelope
from contracts.events.fact import Fact
from contracts.vocabulary.clinical import Reader, RunInExit
from contracts.vocabulary.course import WithdrawalScope
from services.enrolment.domain.facts import TreatmentAssigned
from services.enrolment.domain.state import RANDOMIZATION, Subject, evolve
from services.enrolment.domain.subject.treatment import Phase, phase


@dataclass(frozen=True, slots=True)
class Disease:
    """Whether the disease has progressed since inclusion. A progression is dated by its scan (invariant 20)."""

    progressed_on: date | None = None
    reader: Reader | None = None

    @property
    def progressed(self) -> bool:
        """PD rather than NO_PD."""
        return self.progressed_on is not None


class Vital(StrEnum):
    """Whether a death is recorded."""

    ALIVE = "ALIVE"
    DEAD = "DEAD"


class ConsentState(StrEnum):
    """What of a consent is in force. `TREATMENT_STOPPED` is the digest's FOLLOWUP_ONLY as well: follow-up goes on."""

    NONE = "NONE"
    SIGNED = "SIGNED"
    TREATMENT_STOPPED = "TREATMENT_STOPPED"
    WITHDRAWN = "WITHDRAWN"


class FollowUpKind(StrEnum):
    """What a subject is followed for: its tumours, or its survival alone (L76); after the end for nothing."""

    NONE = "NONE"
    TUMOUR = "TUMOUR"
    SURVIVAL = "SURVIVAL"


@dataclass(frozen=True, slots=True)
class Treatment:
    """How far study treatment after randomization has come, and the last cycle given. It tells the arm.

    `phase` is None before the arm is heard of here.
    """

    phase: Phase | None = None
    cycle: int | None = None


def disease(subject: Subject) -> Disease:
    """The first progression that stands: of the run-in, or after randomization."""
    days = [one.progressed_on for one in subject.progressions]
    if subject.exit is not None and subject.exit.reason is RunInExit.PROGRESSION:
        days.append(subject.exit.ended_on)
    return Disease(min(days), Reader.INVESTIGATOR) if days else Disease()


def vital(subject: Subject) -> Vital:
    """Alive until a death is recorded."""
    return Vital.ALIVE if subject.death is None else Vital.DEAD


def consent(subject: Subject) -> ConsentState:
    """The widest withdrawal counts."""
    scopes = {withdrawal.scope for withdrawal in subject.withdrawals}
    if scopes - {WithdrawalScope.TREATMENT}:
        return ConsentState.WITHDRAWN
    if scopes:
        return ConsentState.TREATMENT_STOPPED
    return ConsentState.SIGNED if subject.consents else ConsentState.NONE


def follow_up(subject: Subject) -> FollowUpKind:
    """Of whom the tumours are looked at, and of whom only whether it is alive (digest 3.1)."""
    if subject.inclusion is None or subject.participation.terminal:
        return FollowUpKind.NONE
    if disease(subject).progressed or (subject.exit is not None and subject.randomized_on is None):
        return FollowUpKind.SURVIVAL
    return FollowUpKind.TUMOUR


def treatment_of(subject: Subject) -> Treatment:
    """Treatment after randomization (digest T11 to T15). Shown only to those who may know the arm."""
    return Treatment(phase(subject), max((cycle.number for cycle in subject.treatment), default=None))


def blinded(subject: Subject) -> Subject:
    """The subject without what could tell its arm.

    What was recorded on the treatment's topic before anybody here knew of a randomization depends on no arm and stays.
    """
    kept: list[Envelope[Fact]] = []
    randomized = False
    for one in subject.history:
        fact = one.fact
        randomized = randomized or (isinstance(fact, VisitsScheduled) and fact.anchor == RANDOMIZATION)
        hidden = isinstance(fact, TreatmentAssigned) or (randomized and fact.topic == treatment.TOPIC)
        if not hidden:
            kept.append(one)
    return subject if len(kept) == len(subject.history) else reduce(evolve, kept, Subject())
