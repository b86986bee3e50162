"""What a command makes of a state: refuse it, or say which facts follow. One function per command, guards first."""

from datetime import date, timedelta
from decimal import Decimal

from contracts.events.enrolment import (
    ConsentSigned,
    CycleAdministered,
    DeathRecorded,
    FindingsRecorded,
    NewAnticancerTherapyStarted,
    RunInEnded,
    SubjectScreened,
    SurvivalContactRecorded,
    VisitsScheduled,
)
from contracts.events.fact import Fact
from contracts.protocol.model import Protocol
from contracts.protocol.schedule import CycleRule
from contracts.vocabulary.clinical import RunInExit
from contracts.vocabulary.identifiers import subject_id
from contracts.vocabulary.response import Response
from services.chassis.refusal import Refused
from services.enrolment.domain import refusals
from services.enrolment.domain.commands import (
    AdministerCycle,
    EndRunIn,
    RecordDeath,
    RecordFindings,
    RecordSurvivalContact,
    ScreenSubject,
    SignConsent,
    StartNewTherapy,
)
from services.enrolment.domain.facts import SubjectNumberIssued
from services.enrolment.domain.findings import Fault, Submission, check
from services.enrolment.domain.schedule import visits_from
from services.enrolment.domain.site import Site
from services.enrolment.domain.state import RANDOMIZATION, Screening, Subject


def screen(site: Site, cmd: ScreenSubject, today: date) -> tuple[SubjectNumberIssued, SubjectScreened]:
    """Issue the site's next number and open the subject. The two facts go to two streams in one append."""
    not_in_the_future(today, screened_on=cmd.screened_on)
    enrolling_on(site, cmd.screened_on)
    if cmd.screened_on.isoformat()[:7] < cmd.birth_month:
        raise Refused(refusals.BEFORE_BIRTH, field="birth_month")
    sequence = site.issued + 1
    subject = subject_id(cmd.site, sequence)
    return (
        SubjectNumberIssued(study=cmd.study, site=cmd.site, subject=subject, sequence=sequence),
        SubjectScreened(
            study=cmd.study,
            subject=subject,
            site=cmd.site,
            sex=cmd.sex,
            birth_month=cmd.birth_month,
            screened_on=cmd.screened_on,
        ),
    )


def sign_consent(subject: Subject, site: Site, cmd: SignConsent, today: date) -> ConsentSigned:
    """Take note of the signature under a version that the subject's own site may use."""
    screened(subject)
    not_in_the_future(today, signed_on=cmd.signed_on)
    alive_on(subject, cmd.signed_on)
    if subject.consent is not None:
        raise Refused(refusals.CONSENT_ALREADY_SIGNED, version=subject.consent.version)
    # A signature is no new entry: a pause since the screening does not undo what happened at the site.
    if not site.activated_by(cmd.signed_on):
        raise Refused(refusals.SITE_NOT_ACTIVE, activated_on=site.activated_on)
    if cmd.version not in site.consent_versions:
        raise Refused(refusals.CONSENT_VERSION_NOT_APPROVED, approved=site.consent_versions)
    return ConsentSigned(study=cmd.study, subject=cmd.subject, version=cmd.version, signed_on=cmd.signed_on)


def record_findings(subject: Subject, protocol: Protocol, cmd: RecordFindings, today: date) -> FindingsRecorded:
    """Record all of them or none; every fault is named at once.

    A finding may be dated before the consent (a histology is) but is recorded only under one (invariant 1).
    """
    screened(subject)
    if subject.consent is None:
        raise Refused(refusals.NO_CONSENT)
    findings, faults = check(protocol, cmd.findings, command=type(cmd).__name__, today=today)
    if subject.death is not None:
        faults = (*faults, *_after_death(cmd.findings, subject.death.died_on))
    if faults:
        raise Refused(refusals.FINDINGS_NOT_ACCEPTED, errors=[_error(fault) for fault in faults])
    return FindingsRecorded(study=cmd.study, subject=cmd.subject, findings=findings)


def administer_cycle(
    subject: Subject, protocol: Protocol, cmd: AdministerCycle, today: date
) -> tuple[CycleAdministered, VisitsScheduled]:
    """Record a run-in cycle and what is due after it."""
    screened(subject)
    not_in_the_future(today, given_on=cmd.given_on)
    alive_on(subject, cmd.given_on)
    if subject.consent is None or cmd.given_on < subject.consent.signed_on:
        raise Refused(refusals.NO_CONSENT, signed_on=subject.consent.signed_on if subject.consent else None)
    if subject.inclusion is None or cmd.given_on < subject.inclusion.included_on:
        raise Refused(refusals.NOT_INCLUDED, included_on=subject.inclusion.included_on if subject.inclusion else None)
    if subject.randomized_on is not None:
        raise Refused(refusals.ALREADY_RANDOMIZED, randomized_on=subject.randomized_on)
    if subject.exit is not None and cmd.given_on > subject.exit.ended_on:
        raise Refused(refusals.RUN_IN_OVER, reason=subject.exit.reason, ended_on=subject.exit.ended_on)
    rule = next_cycle(subject, protocol)
    if rule is None or rule.number != cmd.cycle:
        raise Refused(refusals.CYCLE_OUT_OF_ORDER, expected=rule.number if rule else None)
    earliest = anchor_day(subject, rule.after) + timedelta(days=rule.earliest_days)
    if cmd.given_on < earliest:
        raise Refused(refusals.CYCLE_TOO_EARLY, cycle=cmd.cycle, earliest_on=earliest)
    administered = CycleAdministered(
        study=cmd.study,
        subject=cmd.subject,
        cycle=cmd.cycle,
        given_on=cmd.given_on,
        prescribed_mbq=Decimal(rule.prescribed_mbq) if cmd.prescribed_mbq is None else cmd.prescribed_mbq,
        administered_mbq=cmd.administered_mbq,
    )
    return administered, schedule(protocol, cmd.subject, f"cycle_{cmd.cycle}", cmd.given_on)


def end_run_in(subject: Subject, cmd: EndRunIn, today: date) -> RunInEnded:
    """Take an included subject out of the run-in. It stays in the data (invariant 13)."""
    screened(subject)
    not_in_the_future(today, ended_on=cmd.ended_on)
    if subject.inclusion is None or cmd.ended_on < subject.inclusion.included_on:
        raise Refused(refusals.NOT_INCLUDED, included_on=subject.inclusion.included_on if subject.inclusion else None)
    if subject.randomized_on is not None:
        raise Refused(refusals.ALREADY_RANDOMIZED, randomized_on=subject.randomized_on)
    if subject.exit is not None:
        raise Refused(refusals.RUN_IN_OVER, reason=subject.exit.reason, ended_on=subject.exit.ended_on)
    if subject.cycles and cmd.ended_on < subject.cycles[-1].given_on:
        raise Refused(refusals.EXIT_BEFORE_CYCLE, given_on=subject.cycles[-1].given_on)
    alive_on(subject, cmd.ended_on)
    return RunInEnded(study=cmd.study, subject=cmd.subject, reason=cmd.reason, ended_on=cmd.ended_on)


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


def record_death(subject: Subject, cmd: RecordDeath, today: date) -> tuple[Fact, ...]:
    """Record a death, and with it the end of a run-in that it cuts short."""
    screened(subject)
    not_in_the_future(today, died_on=cmd.died_on)
    if subject.death is not None:
        raise Refused(refusals.DEATH_ALREADY_RECORDED, died_on=subject.death.died_on)
    last_contact_on = subject.last_contact_on
    if last_contact_on is not None and cmd.died_on < last_contact_on:
        raise Refused(refusals.DEATH_BEFORE_LAST_CONTACT, last_contact_on=last_contact_on)
    death = DeathRecorded(study=cmd.study, subject=cmd.subject, died_on=cmd.died_on, cause=cmd.cause)
    if not subject.in_run_in:
        return (death,)
    return death, RunInEnded(study=cmd.study, subject=cmd.subject, reason=RunInExit.DEATH, ended_on=cmd.died_on)


def start_new_therapy(subject: Subject, cmd: StartNewTherapy, today: date) -> NewAnticancerTherapyStarted:
    """Record a therapy outside the protocol, whatever became of the subject."""
    screened(subject)
    not_in_the_future(today, started_on=cmd.started_on)
    if subject.inclusion is None or cmd.started_on < subject.inclusion.included_on:
        raise Refused(refusals.NOT_INCLUDED, included_on=subject.inclusion.included_on if subject.inclusion else None)
    alive_on(subject, cmd.started_on)
    return NewAnticancerTherapyStarted(
        study=cmd.study, subject=cmd.subject, started_on=cmd.started_on, therapy=cmd.therapy
    )


def record_survival_contact(subject: Subject, cmd: RecordSurvivalContact, today: date) -> SurvivalContactRecorded:
    """Record that the subject was alive on a day: from inclusion on, whatever became of the treatment (digest T19)."""
    screened(subject)
    on = cmd.last_alive_on
    not_in_the_future(today, last_alive_on=on)
    if subject.inclusion is None or on < subject.inclusion.included_on:
        raise Refused(refusals.NOT_INCLUDED, included_on=subject.inclusion.included_on if subject.inclusion else None)
    alive_on(subject, on)
    return SurvivalContactRecorded(study=cmd.study, subject=cmd.subject, last_alive_on=on)


def next_cycle(subject: Subject, protocol: Protocol) -> CycleRule | None:
    """The run-in cycle that comes next, or None when they are all given."""
    run_in = [rule for rule in protocol.cycles if rule.phase == "run_in"]
    return run_in[len(subject.cycles)] if len(subject.cycles) < len(run_in) else None


def anchor_day(subject: Subject, anchor: str) -> date:
    """The day of an anchor that guards have made sure of: inclusion, or a cycle that was given."""
    if anchor == "inclusion" and subject.inclusion is not None:
        return subject.inclusion.included_on
    return next(cycle.given_on for cycle in subject.cycles if anchor == f"cycle_{cycle.number}")


def cycle_deviations(subject: Subject, protocol: Protocol, fact: CycleAdministered) -> tuple[str, ...]:
    """What about a cycle is outside the protocol without being forbidden, as codes for a person (invariant 9)."""
    rule = protocol.cycle[fact.cycle]
    days = (fact.given_on - anchor_day(subject, rule.after)).days
    off = abs(fact.administered_mbq - fact.prescribed_mbq)
    found = {
        "DOSE_OUTSIDE_TOLERANCE": off * 100 > fact.prescribed_mbq * rule.tolerance_percent,
        "DOSE_NOT_AS_IN_PROTOCOL": fact.prescribed_mbq != Decimal(rule.prescribed_mbq),
        "LATE": rule.on_time_until_days < days <= rule.latest_days,
        "BEYOND_LATEST_DAY": days > rule.latest_days,
    }
    return tuple(code for code, so in found.items() if so)


def schedule(protocol: Protocol, subject: str, anchor: str, day: date) -> VisitsScheduled:
    """The visits that follow from an anchor. Those wholly before it are not visits to come."""
    visits = tuple(visit for visit in visits_from(protocol, anchor, day) if visit.latest_on >= day)
    return VisitsScheduled(study=protocol.study.id, subject=subject, anchor=anchor, anchor_on=day, visits=visits)


def screened(subject: Subject) -> Screening:
    """The subject exists, or `Refused`."""
    if subject.screening is None:
        raise Refused(refusals.UNKNOWN_SUBJECT)
    return subject.screening


def enrolling_on(site: Site, day: date) -> None:
    """A site takes nobody in before its activation or in a pause. The day decides, not when it is recorded."""
    if not site.activated_by(day):
        raise Refused(refusals.SITE_NOT_ACTIVE, activated_on=site.activated_on)
    if site.paused_on(day):
        raise Refused(refusals.SITE_PAUSED, paused_on=next(p.paused_on for p in site.pauses if p.covers(day)))


def alive_on(subject: Subject, day: date) -> None:
    """Nothing clinical is dated after a death (invariant 12)."""
    if subject.death is not None and day > subject.death.died_on:
        raise Refused(refusals.DEAD, died_on=subject.death.died_on)


def not_in_the_future(today: date, **days: date) -> None:
    """No clinical date lies ahead of the trial's calendar (invariant 16)."""
    for field, day in days.items():
        if day > today:
            raise Refused(refusals.IN_THE_FUTURE, field=field, today=today)


def _after_death(submissions: tuple[Submission, ...], died_on: date) -> list[Fault]:
    return [
        Fault(f"findings[{index}].observed_on", f"a day up to the death on {died_on}")
        for index, submission in enumerate(submissions)
        if submission.observed_on > died_on
    ]


def _error(fault: Fault) -> dict[str, str]:
    """A fault with its place as a JSON pointer into the request."""
    pointer = "/" + fault.place.replace("[", "/").replace("].", "/").replace("]", "")
    return {"in": "body", "pointer": pointer, "detail": fault.message}
