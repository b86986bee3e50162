"""What holds of a subject whatever was done, in whatever order: the invariants of digest 5.5 that are enrolment's.

The others belong to who holds the allocation (4, 5, 6, 11, 18), the analysis (14) and the laboratory (17); that a
replay leads to the same state (15) and that a progression is dated by its scan (20) are properties of folds and
reactions, not of a subject. tests/unit/enrolment/test_invariants.py names the test of each.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise
from typing import Final

from contracts.events.course import ConsentWithdrawn, ProgressionNoted
from contracts.events.enrolment import (
    ConsentSigned,
    CycleAdministered,
    DeathRecorded,
    EligibilityAssessed,
    FindingsRecorded,
    NewAnticancerTherapyStarted,
    RandomizationAuthorized,
    RunInEnded,
    SubjectIncluded,
    SurvivalContactRecorded,
)
from contracts.events.fact import Fact
from contracts.events.treatment import TreatmentConsentWithdrawn, TreatmentCycleAdministered, VisitPerformed
from contracts.vocabulary.clinical import RunInExit, Verdict
from contracts.vocabulary.course import DeviationKind
from services.enrolment.domain.findings import Observation
from services.enrolment.domain.lifecycle import FollowUpKind, follow_up
from services.enrolment.domain.participation import Participation
from services.enrolment.domain.records import Cycle
from services.enrolment.domain.setting import Setting
from services.enrolment.domain.state import Subject
from services.enrolment.domain.valid_time import DAYS

Holds = Callable[[Subject, Setting], bool]
CLINICAL: Final = (
    ConsentSigned,
    SubjectIncluded,
    CycleAdministered,
    TreatmentCycleAdministered,
    VisitPerformed,
    NewAnticancerTherapyStarted,
    SurvivalContactRecorded,
)
"""Facts of which the living subject was a part; its findings are looked at one by one."""


@dataclass(frozen=True, slots=True)
class Invariant:
    """An invariant by its number in the digest, in words, and as a predicate."""

    number: int
    words: str
    holds: Holds


def broken(subject: Subject, setting: Setting) -> tuple[Invariant, ...]:
    """Those that do not hold."""
    return tuple(one for one in INVARIANTS if not one.holds(subject, setting))


def _nothing_before_consent(subject: Subject, _: Setting) -> bool:
    """1. Findings may be older than the consent (a histology is); they are recorded only under one."""
    study_acts = [
        *([subject.inclusion.included_on] if subject.inclusion else ()),
        *(cycle.given_on for cycle in _given(subject)),
        *(visit.performed_on for visit in subject.visits),
    ]
    if not study_acts and not subject.findings.by_field:
        return True
    return bool(subject.consents) and all(subject.consent_on(day) is not None for day in study_acts)


def _included_on_its_evaluation(subject: Subject, _: Setting) -> bool:
    """2. The inclusion names an evaluation of gate 1 that let the subject in, recorded just before it."""
    if subject.inclusion is None:
        return True
    named = subject.inclusion.assessment
    facts = [one.fact for one in subject.history if one.event_id == named]
    return any(isinstance(fact, EligibilityAssessed) and fact.verdict is Verdict.ELIGIBLE for fact in facts)


def _randomized_after_its_run_in(subject: Subject, setting: Setting) -> bool:
    """3. The scan is part of what the authorization rests on; a crossing exit takes nothing back (invariant 19).

    From the authorization on: the randomizer may have allocated on it before word of that is here.
    """
    on = subject.randomized_on or _authorized_on(subject)
    if on is None:
        return True
    needed = {rule.number for rule in setting.protocol.cycles if rule.phase == "run_in"}
    given = {cycle.number for cycle in subject.cycles if cycle.given_on <= on}
    return subject.inclusion is not None and subject.inclusion.included_on <= on and needed <= given


def _authorized_on(subject: Subject) -> date | None:
    facts = (one.fact for one in subject.history)
    return max((fact.authorized_on for fact in facts if isinstance(fact, RandomizationAuthorized)), default=None)


def _only_cycles_of_the_arm(subject: Subject, _: Setting) -> bool:
    """7."""
    given = {cycle.number for cycle in subject.treatment}
    if not given:
        return True
    assigned = subject.assigned
    return subject.randomized_on is not None and assigned is not None and given <= set(assigned.cycles)


def _cycles_in_order(subject: Subject, setting: Setting) -> bool:
    """8."""
    given, protocol = _given(subject), setting.protocol
    if any(cycle.number not in protocol.cycle for cycle in given):
        return False
    numbers = [cycle.number for cycle in given]
    run_in = [cycle.number for cycle in subject.cycles]
    apart = all(
        before.given_on + timedelta(days=protocol.cycle[after.number].earliest_days) <= after.given_on
        for before, after in pairwise(given)
    )
    return len(set(numbers)) == len(numbers) and run_in == sorted(protocol.cycle)[: len(run_in)] and apart


def _doses_as_prescribed(subject: Subject, setting: Setting) -> bool:
    """9. Or else a deviation says so."""
    named = {one.about for one in subject.deviations if one.kind is DeviationKind.DOSE_OUTSIDE_TOLERANCE}
    return all(
        abs(cycle.administered_mbq - cycle.prescribed_mbq) * 100
        <= cycle.prescribed_mbq * setting.protocol.cycle[cycle.number].tolerance_percent
        or cycle.event_id in named
        for cycle in _given(subject)
    )


def _no_treatment_after_its_end(subject: Subject, _: Setting) -> bool:
    """10. In the order of the log: a cycle that was given before a scan was read stands, and the scan dates the end."""
    over: list[date] = []
    for envelope in subject.history:
        match envelope.fact:
            case ProgressionNoted(progressed_on=day):
                over.append(day)
            case ConsentWithdrawn(withdrawn_on=day) | TreatmentConsentWithdrawn(withdrawn_on=day):
                over.append(day)
            case RunInEnded(ended_on=day, reason=RunInExit.PROGRESSION | RunInExit.WITHDRAWAL):
                over.append(day)
            case CycleAdministered(given_on=day) | TreatmentCycleAdministered(given_on=day):
                if any(day > end for end in over):
                    return False
            case _:
                pass
    return True


def _death_is_terminal(subject: Subject, _: Setting) -> bool:
    """12."""
    deaths = [one for one in subject.history if isinstance(one.fact, DeathRecorded)]
    if subject.death is None:
        return not deaths
    died_on = subject.death.died_on
    return len(deaths) == 1 and all(day <= died_on for day in _clinical_days(subject))


def _not_randomized_is_followed(subject: Subject, _: Setting) -> bool:
    """13. Whoever left the run-in is followed for survival, and is in no analysis of the randomized."""
    if subject.exit is None or subject.randomized_on is not None:
        return True
    where = subject.participation
    if where.terminal:
        return True
    progressed = subject.exit.reason is RunInExit.PROGRESSION
    left = Participation.SCREEN_FAILURE_PD if progressed else Participation.NOT_RANDOMIZED_OTHER
    return where in (left, Participation.LOST) and follow_up(subject) is FollowUpKind.SURVIVAL


def _nothing_in_the_future(subject: Subject, setting: Setting) -> bool:
    """16."""
    findings = [held.finding.observed_on for held in _observations(subject)]
    days = [_day(one.fact) for one in subject.history]
    return all(day is None or day <= setting.today for day in (*findings, *days))


def _randomized_for_ever(subject: Subject, _: Setting) -> bool:
    """19. Whatever else is recorded, a randomized subject is nowhere that only others can be."""
    return subject.randomized_on is None or subject.participation in (
        Participation.RANDOMIZED,
        Participation.LONG_TERM_FOLLOWUP,
        Participation.POST_PROGRESSION,
        Participation.LOST,
        Participation.WITHDRAWN,
        Participation.COMPLETED,
        Participation.DEAD,
    )


def _nothing_after_leaving(subject: Subject, _: Setting) -> bool:
    """21 is ours: what the transitions T20 and T23 mean."""
    days = [day for day in (subject.left_on, subject.end.ended_on if subject.end else None) if day is not None]
    return not days or all(day <= min(days) for day in _clinical_days(subject))


def _given(subject: Subject) -> tuple[Cycle, ...]:
    return (*subject.cycles, *subject.treatment)


def _observations(subject: Subject) -> Iterator[Observation]:
    for held in subject.findings.by_field.values():
        yield from held


def _clinical_days(subject: Subject) -> Iterator[date]:
    for envelope in subject.history:
        match envelope.fact:
            case FindingsRecorded(findings=findings):
                yield from (finding.observed_on for finding in findings)
            case fact if isinstance(fact, CLINICAL) and (day := _day(fact)) is not None:
                yield day
            case _:
                pass


def _day(fact: Fact) -> date | None:
    rule = DAYS.get(type(fact))
    return rule(fact) if rule is not None else None


INVARIANTS: Final = (
    Invariant(1, "Nothing of the study precedes the consent.", _nothing_before_consent),
    Invariant(2, "An inclusion rests on an evaluation of gate 1 that was passed.", _included_on_its_evaluation),
    Invariant(
        3,
        "A randomization and its authorization follow the inclusion and every cycle of the run-in.",
        _randomized_after_its_run_in,
    ),
    Invariant(7, "After randomization only the cycles of the arm are given.", _only_cycles_of_the_arm),
    Invariant(8, "Cycles are in order, and as far apart as the protocol has them.", _cycles_in_order),
    Invariant(9, "A dose is within the tolerance, or a deviation says so.", _doses_as_prescribed),
    Invariant(10, "No study treatment follows a progression or a withdrawal.", _no_treatment_after_its_end),
    Invariant(12, "There is one death, and nothing clinical after it.", _death_is_terminal),
    Invariant(13, "Who is not randomized stays in survival follow-up.", _not_randomized_is_followed),
    Invariant(16, "No clinical date lies in the future.", _nothing_in_the_future),
    Invariant(21, "Nothing clinical is dated after a withdrawal from follow-up or the end.", _nothing_after_leaving),
    Invariant(19, "Who is randomized stays so.", _randomized_for_ever),
)
