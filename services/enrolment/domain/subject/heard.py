"""What another service's fact means for a subject. It happened: there is nothing to refuse, at most nothing follows."""

from datetime import date

from contracts.events.enrolment import RunInEnded
from contracts.events.fact import Fact
from contracts.protocol.model import Protocol
from contracts.vocabulary.clinical import RunInExit
from contracts.vocabulary.response import Response
from services.enrolment.domain.state import RANDOMIZATION, Subject
from services.enrolment.domain.subject.visits import schedule


def scanned(subject: Subject, protocol: Protocol, scan_on: date, response: Response) -> tuple[Fact, ...]:
    """What a scan of the run-in means, as long as the run-in is open; later it means nothing here.

    A progression ends it, dated by the scan (invariant 20) even where a cycle was given before the scan was read.
    Control sets the visit at which the subject is to be randomized.
    """
    if subject.screening is None or not subject.in_run_in:
        return ()
    who = subject.screening.subject
    if response is Response.PD:
        reason = RunInExit.PROGRESSION
        return (RunInEnded(study=protocol.study.id, subject=who, reason=reason, ended_on=scan_on),)
    return (schedule(protocol, who, "post_c2_scan", scan_on),) if response.controls_disease else ()


def randomized(subject: Subject, protocol: Protocol, randomized_on: date) -> tuple[Fact, ...]:
    """What a randomization means: the visits that follow it, once.

    An exit that crossed it on the way, or a death since, does not undo it: the subject is in the analysis for good.
    """
    if subject.screening is None or subject.randomized_on is not None:
        return ()
    return (schedule(protocol, subject.screening.subject, RANDOMIZATION, randomized_on),)
