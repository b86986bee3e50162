"""The two gates as this service stands before them: what it knows, what it asks, what it leaves to the randomizer."""

from collections.abc import Iterable
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
from contracts.vocabulary.logic import Truth, all_of
from services.chassis.refusal import Refused
from services.enrolment.domain import refusals
from services.enrolment.domain.criteria import Row, evaluate
from services.enrolment.domain.findings import Observation, supplied
from services.enrolment.domain.known import ScanEvidence, known, shown
from services.enrolment.domain.obstacles import (
    Evaluated,
    Requester,
    delegation,
    last_run_in_timepoint,
    reasons,
    run_in_timepoints,
)
from services.enrolment.domain.reasons import Reason
from services.enrolment.domain.scene import Scene, scene
from services.enrolment.domain.site import Site
from services.enrolment.domain.state import Subject
from services.enrolment.domain.strata import StrataUnknown, derive
from services.enrolment.domain.subject.guards import (
    alive_on,
    consent_in_force,
    enrolling_on,
    not_in_the_future,
    screened,
    screening_open,
)
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
class AuthorizeRandomization:
    """Evaluate gate 2 today, for the person who asks."""

    study: str
    subject: str
    requester: Requester


@dataclass(frozen=True, slots=True)
class Gated:
    """A gate as evaluated here, and what was looked at for it.

    `left_out` names the criteria that are decided elsewhere, and are no part of this.
    """

    gate: str
    at: date
    verdict: Verdict
    rows: tuple[Row, ...]
    left_out: tuple[str, ...]
    reasons: tuple[Reason, ...]
    criteria_version: str
    protocol_sha256: str
    seen: Scene
    strata: tuple[FactorLevel, ...] = ()


def first(protocol: Protocol, subject: Subject, site: Site, at: date) -> Gated:
    """Gate 1 on a day. A trial without it includes nobody: no criteria is not a free pass."""
    if not protocol.gate(FIRST_GATE):
        raise Refused(refusals.gates.UNKNOWN_GATE)
    overridden = subject.overridden(FIRST_GATE, at)
    found = evaluate(FIRST_GATE, protocol, subject.findings, known(subject, site, at), at, overridden)
    return Gated(
        INCLUSION, at, found.verdict, found.rows, (), (), found.criteria_version, found.protocol_sha256, found.seen
    )


def second(
    protocol: Protocol,
    subject: Subject,
    site: Site,
    scan: ScanEvidence | None,
    requester: Requester | None,
    at: date,
) -> Gated:
    """Gate 2 on a day, with the strata. Without a requester (None) what is asked of one is left out.

    A trial without criteria for it still has its reasons: nobody is randomized who is not included, or has no stratum.
    """
    context = [*known(subject, site, at), *shown(scan, last_run_in_timepoint(protocol))]
    elsewhere = COUNTED_BY_THE_RANDOMIZER
    if requester is None:
        elsewhere = elsewhere | KNOWN_WHEN_REQUESTED
    else:
        context.append(supplied("requester_roles", frozenset(requester.roles), at))
    seen, every = _second_rows(protocol, subject, context, at)
    left_out = tuple(c.id for c in protocol.gate(SECOND_GATE) if fields_read(protocol, c.expression) & elsewhere)
    rows = tuple(row for row in every if row.criterion not in left_out)
    try:
        strata = derive(protocol, subject.findings, context, at)
    except StrataUnknown:
        strata = ()
    against = tuple(reasons(protocol, subject, site, scan, requester, Evaluated(rows, strata), at))
    return Gated(
        RANDOMIZATION,
        at,
        _verdict(rows, against),
        rows,
        left_out,
        against,
        protocol.criteria_version,
        protocol.sha256,
        seen,
        strata,
    )


def _second_rows(
    protocol: Protocol, subject: Subject, context: Iterable[Observation], at: date
) -> tuple[Scene, tuple[Row, ...]]:
    """What gate 2 looks at, and its rows: none where the protocol has no criteria for it."""
    if not protocol.gate(SECOND_GATE):
        return scene(protocol, subject.findings, context, at), ()
    overridden = subject.overridden(SECOND_GATE, at)
    found = evaluate(SECOND_GATE, protocol, subject.findings, context, at, overridden)
    return found.seen, found.rows


def pass_first(
    protocol: Protocol, subject: Subject, site: Site, cmd: IncludeSubject, today: date
) -> EligibilityAssessed:
    """The evaluation that lets a subject in, computed from what is recorded now; or `Refused` (invariant 2)."""
    assessed, gated = assess_first(protocol, subject, site, cmd, today)
    if gated.verdict is not Verdict.ELIGIBLE:
        raise Refused(
            refusals.gates.NOT_ELIGIBLE, gate=INCLUSION, verdict=gated.verdict, rows=standing(protocol, gated.rows)
        )
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
        raise Refused(refusals.standing.ALREADY_INCLUDED, included_on=subject.inclusion.included_on)
    screening_open(subject)
    if on < screening.screened_on:
        raise Refused(refusals.standing.BEFORE_SCREENING, screened_on=screening.screened_on)
    consent_in_force(subject, on)
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
    consent, inclusion = subject.consent_on(today), subject.inclusion
    entitled = delegation(site, cmd.requester, today)
    # An eligible verdict implies that all of it is there; an authorization without its evidence is none.
    if (
        gated.verdict is not Verdict.ELIGIBLE
        or (scan is None and run_in_timepoints(protocol))
        or consent is None
        or inclusion is None
        or entitled is None
        or site.activation is None
    ):
        raise Refused(
            refusals.gates.RANDOMIZATION_NOT_AUTHORIZED,
            gate=RANDOMIZATION,
            verdict=gated.verdict,
            reasons=gated.reasons,
            remedies={reason: reason.remedy for reason in gated.reasons},
            rows=standing(protocol, gated.rows),
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
        tumour_assessment=scan.event_id if scan else None,
        tumour_assessment_position=scan.position if scan else None,
        inclusion_assessment=inclusion.assessment,
        site_activation=site.activation,
        delegation=entitled.event_id,
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
        raise Refused(refusals.gates.STRATA_UNKNOWN, missing=gaps) from None


def standing(protocol: Protocol, rows: Iterable[Row]) -> list[dict[str, object]]:
    """The rows that stand in the way, without the values: those are the subject's and a refusal travels far."""
    return [
        {
            "criterion": row.criterion,
            "text": protocol.criterion[row.criterion].text,
            "outcome": row.outcome,
            "passes": row.passes,
            "missing": [{"field": gap.field, "why": gap.why} for gap in row.missing],
        }
        for row in rows
        if row.passes is not Truth.TRUE
    ]


def _verdict(rows: Iterable[Row], reasons: tuple[Reason, ...]) -> Verdict:
    """Passed only without any reason against it: what a protocol file has no criterion for still counts."""
    passes = all_of(row.passes for row in rows)
    if passes is Truth.TRUE and not reasons:
        return Verdict.ELIGIBLE
    return Verdict.PENDING if passes is Truth.UNKNOWN else Verdict.NOT_ELIGIBLE
