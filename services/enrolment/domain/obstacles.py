"""What stands in the way of a randomization, whatever criteria a protocol file has for it."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date

from contracts.events.enrolment import FactorLevel
from contracts.protocol.model import Protocol
from contracts.vocabulary.duties import Duty
from contracts.vocabulary.logic import Truth
from contracts.vocabulary.response import Response
from services.enrolment.domain.criteria import Row
from services.enrolment.domain.known import ScanEvidence, fields_of_scan
from services.enrolment.domain.reasons import Reason
from services.enrolment.domain.scene import Missing, Why
from services.enrolment.domain.site import Delegation, Site
from services.enrolment.domain.state import Subject
from services.enrolment.domain.subject.cycles import next_cycle


@dataclass(frozen=True, slots=True)
class Requester:
    """Who asks to randomize: the account, and the roles that it holds at the subject's site."""

    account: str
    roles: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Evaluated:
    """What is known when the reasons are asked for: the rows of the gate, and the strata that have a level."""

    rows: tuple[Row, ...]
    strata: tuple[FactorLevel, ...]


def run_in_timepoints(protocol: Protocol) -> tuple[str, ...]:
    """The timepoints at which tumours are assessed before randomization, in the order of the protocol's visits."""
    before = {"inclusion", *(f"cycle_{cycle.number}" for cycle in protocol.cycles if cycle.phase == "run_in")}
    return tuple(v.timepoint for v in protocol.visits if v.timepoint is not None and v.anchor in before)


def last_run_in_timepoint(protocol: Protocol) -> str | None:
    """The timepoint whose scan the gate before randomization looks at, if the protocol has one."""
    return next(reversed(run_in_timepoints(protocol)), None)


def reasons(
    protocol: Protocol,
    subject: Subject,
    site: Site,
    scan: ScanEvidence | None,
    requester: Requester | None,
    found: Evaluated,
    at: date,
) -> Iterator[Reason]:
    """Everything that stands in the way, in the order in which a person would ask.

    A scan is asked for where the protocol has one before randomization. Without a requester (None) nobody's delegation
    is looked for.
    """
    gaps = {gap for row in found.rows if row.passes is not Truth.TRUE for gap in row.missing}
    last_cycle = subject.cycles[-1].given_on if subject.cycles else None
    withdrawn = subject.withdrawn_by(at) is not None
    so = {
        Reason.SITE_CLOSED: not site.open_on(at),
        Reason.NOT_DELEGATED: requester is not None and delegation(site, requester, at) is None,
        Reason.NOT_ALIVE: subject.death is not None,
        Reason.NO_CONSENT: subject.consent_on(at) is None,
        Reason.CONSENT_WITHDRAWN: withdrawn,
        Reason.NOT_INCLUDED: subject.inclusion is None or at < subject.inclusion.included_on,
        Reason.ALREADY_RANDOMIZED: subject.randomized_on is not None,
        Reason.RUN_IN_ENDED: subject.exit is not None and subject.randomized_on is None,
        Reason.CYCLES_INCOMPLETE: next_cycle(subject, protocol) is not None,
        Reason.NO_POST_C2: bool(run_in_timepoints(protocol))
        and (scan is None or (last_cycle is not None and scan.scan_on <= last_cycle)),
        Reason.POST_C2_TOO_OLD: _about_the_scan(protocol, gaps, Why.TOO_OLD),
        Reason.PD: scan is not None and scan.response is Response.PD,
        Reason.NE: _about_the_scan(protocol, gaps, Why.UNDECIDED),
        Reason.STRATA_INCOMPLETE: len(found.strata) < len(protocol.factors),
    }
    yield from (reason for reason, stands in so.items() if stands)
    if not any(so.values()) and any(row.passes is not Truth.TRUE for row in found.rows):
        yield Reason.CRITERIA_NOT_MET


def delegation(site: Site, requester: Requester, at: date) -> Delegation | None:
    """What entitles the requester to randomize at the site on a day."""
    return site.delegation(requester.account, Duty.RANDOMIZE, at)


def _about_the_scan(protocol: Protocol, gaps: Iterable[Missing], why: Why) -> bool:
    timepoint = last_run_in_timepoint(protocol)
    fields = fields_of_scan(timepoint) if timepoint is not None else ()
    return any(gap.field in fields and gap.why is why for gap in gaps)
