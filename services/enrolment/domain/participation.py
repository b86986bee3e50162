"""How far a subject has come in the trial: the first of the regions of its lifecycle (digest 4)."""

from dataclasses import dataclass
from enum import StrEnum

from contracts.vocabulary.clinical import RunInExit


class Participation(StrEnum):
    """Where a subject is. Only `SCREEN_FAILURE_PD` is the paper's screen failure (ruling 18).

    No state tells the arm: how far treatment after randomization has come is a region of its own.
    """

    SCREENED = "SCREENED"
    CONSENTED = "CONSENTED"
    NOT_INCLUDED = "NOT_INCLUDED"
    INCLUDED = "INCLUDED"
    RUN_IN = "RUN_IN"
    ELIGIBLE_FOR_RANDOMIZATION = "ELIGIBLE_FOR_RANDOMIZATION"
    SCREEN_FAILURE_PD = "SCREEN_FAILURE_PD"
    NOT_RANDOMIZED_OTHER = "NOT_RANDOMIZED_OTHER"
    RANDOMIZED = "RANDOMIZED"
    LONG_TERM_FOLLOWUP = "LONG_TERM_FOLLOWUP"
    POST_PROGRESSION = "POST_PROGRESSION"
    LOST = "LOST"
    WITHDRAWN = "WITHDRAWN"
    COMPLETED = "COMPLETED"
    DEAD = "DEAD"

    @property
    def terminal(self) -> bool:
        """Whether nothing leads out of it but a death that registries tell."""
        return self in _TERMINAL


_TERMINAL = frozenset(
    {Participation.NOT_INCLUDED, Participation.WITHDRAWN, Participation.COMPLETED, Participation.DEAD}
)


@dataclass(frozen=True, slots=True)
class Milestones:
    """What has happened so far, as far as it decides where a subject is. `cycles` counts those of the run-in."""

    consented: bool = False
    not_included: bool = False
    included: bool = False
    cycles: int = 0
    authorized: bool = False
    exit_reason: RunInExit | None = None
    randomized: bool = False
    progressed: bool = False
    long_term: bool = False
    lost: bool = False
    withdrawn: bool = False
    ended: bool = False
    dead: bool = False


def participation(so_far: Milestones) -> Participation:
    """Where somebody is. What ends the study comes first; a randomization outweighs an exit (invariant 19)."""
    ends = {
        Participation.DEAD: so_far.dead,
        Participation.COMPLETED: so_far.ended,
        Participation.WITHDRAWN: so_far.withdrawn,
        Participation.LOST: so_far.lost,
    }
    return next((where for where, so in ends.items() if so), None) or _followed(so_far)


def _followed(so_far: Milestones) -> Participation:
    """Where somebody is who is looked after."""
    if so_far.randomized:
        if so_far.progressed:
            return Participation.POST_PROGRESSION
        return Participation.LONG_TERM_FOLLOWUP if so_far.long_term else Participation.RANDOMIZED
    if so_far.exit_reason is not None:
        progressed = so_far.exit_reason is RunInExit.PROGRESSION
        return Participation.SCREEN_FAILURE_PD if progressed else Participation.NOT_RANDOMIZED_OTHER
    if so_far.included:
        if so_far.authorized:
            return Participation.ELIGIBLE_FOR_RANDOMIZATION
        return Participation.RUN_IN if so_far.cycles else Participation.INCLUDED
    if so_far.not_included:
        return Participation.NOT_INCLUDED
    return Participation.CONSENTED if so_far.consented else Participation.SCREENED
