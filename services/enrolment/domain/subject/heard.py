"""What another service's fact means for a subject. It happened: there is nothing to refuse, at most nothing follows."""

from datetime import date
from uuid import UUID

from contracts.events.course import LongTermFollowUpReached, ProgressionNoted
from contracts.events.enrolment import RunInEnded
from contracts.events.fact import Fact
from contracts.protocol.model import Protocol
from contracts.vocabulary.clinical import RunInExit
from contracts.vocabulary.response import Response
from services.enrolment.domain.state import RANDOMIZATION, Subject
from services.enrolment.domain.subject.consequences import annulled
from services.enrolment.domain.subject.ending import last_timepoint
from services.enrolment.domain.subject.visits import schedule


def scanned(
    subject: Subject, protocol: Protocol, timepoint: str, scan_on: date, response: Response
) -> tuple[Fact, ...]:
    """What a scan of the run-in means.

    A progression ends it, dated by the scan (invariant 20) even where a cycle was given before the scan was read.
    Control sets the visit at which the subject is to be randomized. A later reading of the same timepoint that says
    otherwise takes back the end that the first one led to.

    Randomization asks assessment itself, so it may be heard of before its scan: that the scan took place is noted all
    the same, or its visit would count as missed. Nothing else of the run-in can follow then (invariant 3).
    """
    if subject.screening is None or subject.inclusion is None:
        return ()
    who, study = subject.screening.subject, protocol.study.id
    took_place = schedule(protocol, who, f"{timepoint.lower()}_scan", scan_on)
    if subject.randomized_on is not None:
        return (took_place,) if response.controls_disease else ()
    taken_back: tuple[Fact, ...] = ()
    if (end := subject.exit) is not None:
        read_here = end.timepoint == timepoint
        if not read_here or (response is Response.PD and end.ended_on == scan_on) or subject.participation.terminal:
            return ()
        taken_back = _taken_back(subject, end.event_id)
    elif not subject.in_run_in:
        return ()
    if response is Response.PD:
        reason = RunInExit.PROGRESSION
        ended = RunInEnded(study=study, subject=who, reason=reason, ended_on=scan_on, timepoint=timepoint)
        return (*taken_back, ended)
    if response.controls_disease:
        return (*taken_back, took_place)
    return taken_back


def assessed(
    subject: Subject, protocol: Protocol, timepoint: str, scan_on: date, response: Response, assessment: UUID
) -> tuple[Fact, ...]:
    """What a scan after randomization means, whether or not the randomization was heard of by now (digest T16, T17).

    Of two readings of one timepoint the later one counts: a progression that it does not confirm is annulled.
    """
    if subject.screening is None or subject.inclusion is None:
        return ()
    who, study = subject.screening.subject, protocol.study.id
    progressed = response is Response.PD
    noted = [one for one in subject.progressions if one.timepoint == timepoint]
    stale = [one for one in noted if not progressed or one.progressed_on != scan_on]
    facts = [fact for one in stale for fact in _taken_back(subject, one.event_id)]
    if progressed and len(stale) == len(noted):
        facts.append(
            ProgressionNoted(
                study=study, subject=who, progressed_on=scan_on, timepoint=timepoint, assessment=assessment
            )
        )
    if timepoint == last_timepoint(protocol) and subject.long_term_since is None:
        facts.append(LongTermFollowUpReached(study=study, subject=who, reached_on=scan_on, assessment=assessment))
    return tuple(facts)


def randomized(subject: Subject, protocol: Protocol, randomized_on: date) -> tuple[Fact, ...]:
    """What a randomization means: the visits that follow it, once.

    An exit that crossed it on the way, or a death since, does not undo it: the subject is in the analysis for good.
    """
    if subject.screening is None or subject.randomized_on is not None:
        return ()
    return (schedule(protocol, subject.screening.subject, RANDOMIZATION, randomized_on),)


def _taken_back(subject: Subject, event_id: UUID) -> tuple[Fact, ...]:
    """The annulments of what a reading led to that no longer counts."""
    return next((annulled(subject, one) for one in subject.history if one.event_id == event_id), ())
