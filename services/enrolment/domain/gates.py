"""The two gates as this service stands before them: what it knows, what it asks, what it leaves to the randomizer."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Final
from uuid import UUID

from contracts.events.enrolment import (
    EligibilityAssessed,
    FactorLevel,
    RandomizationAuthorized,
    SubjectIncluded,
    VisitsScheduled,
)
from contracts.protocol.criteria import FIRST_GATE, SECOND_GATE
from contracts.protocol.grammar import fields_read
from contracts.protocol.model import Protocol
from contracts.vocabulary.clinical import Verdict
from contracts.vocabulary.duties import Duty
from contracts.vocabulary.logic import Truth, all_of
from contracts.vocabulary.response import Response
from services.chassis.refusal import Refused
from services.enrolment.domain import refusals
from services.enrolment.domain.criteria import Row, evaluate
from services.enrolment.domain.findings import supplied
from services.enrolment.domain.known import ScanEvidence, known, shown
from services.enrolment.domain.reasons import Reason
from services.enrolment.domain.scene import Missing, Why
from services.enrolment.domain.site import Delegation, Site
from services.enrolment.domain.state import Subject
from services.enrolment.domain.strata import StrataUnknown, derive
from services.enrolment.domain.subject.cycles import next_cycle
from services.enrolment.domain.subject.guards import alive_on, consented_by, enrolling_on, not_in_the_future, screened
from services.enrolment.domain.subject.visits import schedule

INCLUSION: Final = "inclusion"
RANDOMIZATION: Final = "randomization"

COUNTED_BY_THE_RANDOMIZER: Final = frozenset({"randomized_before", "randomized_count", "randomized_cap"})
"""Fields that only the holder of the allocation list can fill in at the moment of allocation (invariants 4 and 5)."""
KNOWN_WHEN_REQUESTED: Final = frozenset({"requester_roles"})
"""Fields that a question without a requester cannot fill in."""


@dataclass(frozen=True, slots=True)
class IncludeSubject:
    """Evaluate gate 1 as of a day, and include if it is passed."""

    study: str
    subject: str
    included_on: date


@dataclass(frozen=True, slots=True)
class Requester:
    """Who asks to randomize: the account, and the roles that it holds at the subject's site."""

    account: str
    roles: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class AuthorizeRandomization:
    """Evaluate gate 2 today, for the person who asks."""

    study: str
    subject: str
    requester: Requester


@dataclass(frozen=True, slots=True)
class Gated:
    """A gate as evaluated here. `left_out` names the criteria that are decided elsewhere, and are no part of this."""

    gate: str
    at: date
    verdict: Verdict
    rows: tuple[Row, ...]
    left_out: tuple[str, ...]
    reasons: tuple[Reason, ...]
    criteria_version: str
    protocol_sha256: str
    strata: tuple[FactorLevel, ...] = ()


def run_in_timepoints(protocol: Protocol) -> tuple[str, ...]:
    """The timepoints at which tumours are assessed before randomization, in the order of the protocol's visits."""
    return tuple(v.timepoint for v in protocol.visits if v.timepoint is not None and v.anchor != "randomization")


def first(protocol: Protocol, subject: Subject, site: Site, at: date) -> Gated:
    """Gate 1 on a day."""
    _exists(protocol, FIRST_GATE)
    found = evaluate(FIRST_GATE, protocol, subject.findings, known(subject, site, at), at)
    return Gated(INCLUSION, at, found.verdict, found.rows, (), (), found.criteria_version, found.protocol_sha256)


def second(
    protocol: Protocol,
    subject: Subject,
    site: Site,
    scan: ScanEvidence | None,
    requester: Requester | None,
    at: date,
) -> Gated:
    """Gate 2 on a day, with the strata. Without a requester (None) what is asked of one is left out."""
    _exists(protocol, SECOND_GATE)
    context = [*known(subject, site, at), *shown(scan)]
    elsewhere = COUNTED_BY_THE_RANDOMIZER
    if requester is None:
        elsewhere = elsewhere | KNOWN_WHEN_REQUESTED
    else:
        context.append(supplied("requester_roles", frozenset(requester.roles), at))
    found = evaluate(SECOND_GATE, protocol, subject.findings, context, at)
    left_out = tuple(c.id for c in protocol.gate(SECOND_GATE) if fields_read(protocol, c.expression) & elsewhere)
    rows = tuple(row for row in found.rows if row.criterion not in left_out)
    try:
        strata = derive(protocol, subject.findings, context, at)
    except StrataUnknown:
        strata = ()
    reasons = tuple(_reasons(protocol, subject, site, scan, requester, rows, strata, at))
    verdict = _verdict(rows, reasons)
    return Gated(
        RANDOMIZATION, at, verdict, rows, left_out, reasons, found.criteria_version, found.protocol_sha256, strata
    )


def pass_first(
    protocol: Protocol, subject: Subject, site: Site, cmd: IncludeSubject, today: date
) -> EligibilityAssessed:
    """The evaluation that lets a subject in, computed from what is recorded now; or `Refused` (invariant 2)."""
    assessed, gated = assess_first(protocol, subject, site, cmd, today)
    if gated.verdict is not Verdict.ELIGIBLE:
        raise Refused(refusals.NOT_ELIGIBLE, gate=INCLUSION, verdict=gated.verdict, rows=standing(gated.rows))
    return assessed


def assess_first(
    protocol: Protocol, subject: Subject, site: Site, cmd: IncludeSubject, today: date
) -> tuple[EligibilityAssessed, Gated]:
    """The evaluation of gate 1 whatever it says, of somebody for whom it may be asked at all; or `Refused`."""
    on = cmd.included_on
    screening = screened(subject)
    not_in_the_future(today, included_on=on)
    alive_on(subject, on)
    if subject.inclusion is not None:
        raise Refused(refusals.ALREADY_INCLUDED, included_on=subject.inclusion.included_on)
    if on < screening.screened_on:
        raise Refused(refusals.BEFORE_SCREENING, screened_on=screening.screened_on)
    consented_by(subject, on)
    enrolling_on(site, on)
    gated = first(protocol, subject, site, on)
    assessed = EligibilityAssessed(
        study=cmd.study,
        subject=cmd.subject,
        gate=INCLUSION,
        assessed_on=on,
        criteria_version=gated.criteria_version,
        protocol_sha256=gated.protocol_sha256,
        verdict=gated.verdict,
        rows=tuple(row.fact() for row in gated.rows),
    )
    return assessed, gated


def included(protocol: Protocol, cmd: IncludeSubject, assessment: UUID) -> tuple[SubjectIncluded, VisitsScheduled]:
    """What follows from having passed gate 1 with that evaluation."""
    return (
        SubjectIncluded(study=cmd.study, subject=cmd.subject, included_on=cmd.included_on, assessment=assessment),
        schedule(protocol, cmd.subject, INCLUSION, cmd.included_on),
    )


def authorize(
    protocol: Protocol,
    subject: Subject,
    site: Site,
    scan: ScanEvidence | None,
    cmd: AuthorizeRandomization,
    today: date,
) -> RandomizationAuthorized:
    """The evidence on which the randomizer may allocate; or `Refused` with every reason (ruling 8)."""
    screened(subject)
    gated = second(protocol, subject, site, scan, cmd.requester, today)
    consent, inclusion, delegation = subject.consent, subject.inclusion, _delegation(site, cmd.requester, today)
    # An eligible verdict implies that all of it is there; an authorization without its evidence is none.
    if (
        gated.verdict is not Verdict.ELIGIBLE
        or scan is None
        or consent is None
        or inclusion is None
        or delegation is None
        or site.activation is None
    ):
        raise Refused(
            refusals.RANDOMIZATION_NOT_AUTHORIZED,
            gate=RANDOMIZATION,
            verdict=gated.verdict,
            reasons=gated.reasons,
            remedies={reason: reason.remedy for reason in gated.reasons},
            rows=standing(gated.rows),
        )
    return RandomizationAuthorized(
        study=cmd.study,
        subject=cmd.subject,
        authorized_on=today,
        criteria_version=gated.criteria_version,
        protocol_sha256=gated.protocol_sha256,
        rows=tuple(row.fact() for row in gated.rows),
        strata=gated.strata,
        consent=consent.event_id,
        tumour_assessment=scan.event_id,
        tumour_assessment_position=scan.position,
        inclusion_assessment=inclusion.assessment,
        site_activation=site.activation,
        delegation=delegation.event_id,
        requested_by=cmd.requester.account,
    )


def strata_on(protocol: Protocol, subject: Subject, site: Site, on: date, today: date) -> tuple[FactorLevel, ...]:
    """The strata of a day as they follow from what is recorded now; or `Refused` with what is missing for them.

    For comparing with what a subject was randomized with. Scans are assessment's and are not looked at here.
    """
    screened(subject)
    not_in_the_future(today, on=on)
    try:
        return derive(protocol, subject.findings, known(subject, site, on), on)
    except StrataUnknown as unknown:
        gaps = {f: [{"field": gap.field, "why": gap.why} for gap in missing] for f, missing in unknown.missing.items()}
        raise Refused(refusals.STRATA_UNKNOWN, missing=gaps) from None


def standing(rows: Iterable[Row]) -> list[dict[str, object]]:
    """The rows that stand in the way, without the values: those are the subject's and a refusal travels far."""
    return [
        {
            "criterion": row.criterion,
            "outcome": row.outcome,
            "passes": row.passes,
            "missing": [{"field": gap.field, "why": gap.why} for gap in row.missing],
        }
        for row in rows
        if row.passes is not Truth.TRUE
    ]


def _exists(protocol: Protocol, gate: int) -> None:
    """A trial without a gate has nobody pass it: no criteria is not a free pass."""
    if not protocol.gate(gate):
        raise Refused(refusals.UNKNOWN_GATE)


def _verdict(rows: Iterable[Row], reasons: tuple[Reason, ...]) -> Verdict:
    """Passed only without any reason against it: what a protocol file has no criterion for still counts."""
    passes = all_of(row.passes for row in rows)
    if passes is Truth.TRUE and not reasons:
        return Verdict.ELIGIBLE
    return Verdict.PENDING if passes is Truth.UNKNOWN else Verdict.NOT_ELIGIBLE


def _reasons(
    protocol: Protocol,
    subject: Subject,
    site: Site,
    scan: ScanEvidence | None,
    requester: Requester | None,
    rows: tuple[Row, ...],
    strata: tuple[FactorLevel, ...],
    at: date,
) -> Iterator[Reason]:
    """Everything that stands in the way, in the order in which a person would ask."""
    gaps = {gap for row in rows if row.passes is not Truth.TRUE for gap in row.missing}
    last_cycle = subject.cycles[-1].given_on if subject.cycles else None
    found = {
        Reason.SITE_CLOSED: not site.open_on(at),
        Reason.NOT_DELEGATED: requester is not None and _delegation(site, requester, at) is None,
        Reason.NOT_ALIVE: subject.death is not None,
        Reason.NO_CONSENT: subject.consent is None,
        Reason.NOT_INCLUDED: subject.inclusion is None,
        Reason.ALREADY_RANDOMIZED: subject.randomized_on is not None,
        Reason.RUN_IN_ENDED: subject.exit is not None and subject.randomized_on is None,
        Reason.CYCLES_INCOMPLETE: next_cycle(subject, protocol) is not None,
        Reason.NO_POST_C2: scan is None or (last_cycle is not None and scan.scan_on <= last_cycle),
        Reason.POST_C2_TOO_OLD: _about_the_scan(gaps, Why.TOO_OLD),
        Reason.PD: scan is not None and scan.response is Response.PD,
        Reason.NE: _about_the_scan(gaps, Why.UNDECIDED),
        Reason.STRATA_INCOMPLETE: len(strata) < len(protocol.factors),
    }
    yield from (reason for reason, so in found.items() if so)
    if not any(found.values()) and any(row.passes is not Truth.TRUE for row in rows):
        yield Reason.CRITERIA_NOT_MET


def _delegation(site: Site, requester: Requester, at: date) -> Delegation | None:
    return site.delegation(requester.account, Duty.RANDOMIZE, at)


def _about_the_scan(gaps: Iterable[Missing], why: Why) -> bool:
    return any(gap.field.startswith("post_c2_") and gap.why is why for gap in gaps)
