"""Disease control at one timepoint after randomization: one verdict per subject, then counts (endpoints 4.2, 4.3).

Days are counted from the day of randomization, which is day 0, as the analysis windows of the protocol file are.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from contracts.protocol.endpoints import AnalysisWindow, ResponseEndpoint
from contracts.protocol.model import Protocol
from contracts.vocabulary.clinical import Reader
from contracts.vocabulary.response import Response
from services.analytics.domain.dossier import Dossier, Scan


class Outcome(StrEnum):
    """`PENDING`: no failure yet and the window is still open. It is neither a success nor a failure."""

    SUCCESS = "SUCCESS"
    FAILURE = "FAILURE"
    PENDING = "PENDING"


class Reason(StrEnum):
    """Why there is no success, as far as there are facts that tell. Their precedence stands in the protocol file."""

    PD = "PD"
    DEATH = "DEATH"
    NEW_THERAPY = "NEW_THERAPY"
    NE_AT_6M = "NE_AT_6M"
    MISSING = "MISSING"


@dataclass(frozen=True, slots=True)
class Rule:
    """What the protocol file says about the endpoint, for one reader. Build it with `rule_of`."""

    endpoint: ResponseEndpoint
    window: AnalysisWindow
    reader: Reader
    precedence: tuple[Reason, ...]


@dataclass(frozen=True, slots=True)
class Verdict:
    """One subject's outcome, with the reason of a failure. `scan` represents the window, if anything does."""

    outcome: Outcome
    reason: Reason | None = None
    scan: Scan | None = None


@dataclass(frozen=True, slots=True)
class Counts:
    """All randomized subjects, each counted once: `randomized` = `success` + `failure` + `pending`.

    `closed` are those whose window is over; every success is among them. A failure may be known before its window
    ends, so while anybody is pending the proportion among the settled is too low; the one among the closed is not.
    """

    randomized: int
    success: int
    reasons: Mapping[Reason, int]
    closed: int

    @property
    def failure(self) -> int:
        """Failures of any reason."""
        return sum(self.reasons.values())

    @property
    def pending(self) -> int:
        """Subjects whose outcome is open. They are in no numerator and in no denominator."""
        return self.randomized - self.settled

    @property
    def settled(self) -> int:
        """Subjects with a final outcome: the denominator. With nobody pending it is everybody randomized."""
        return self.success + self.failure


def rule_of(protocol: Protocol, endpoint: str, reader: Reader) -> Rule:
    """The rule of an endpoint of the protocol file. Raises ValueError if that endpoint is not disease control."""
    spec = protocol.endpoint[endpoint]
    if {r for r in Response if r.controls_disease} != set(spec.success):
        raise ValueError(f"{endpoint}: its successes are not disease control, another rule must judge it")
    if absent := set(Reason) - set(spec.failures):
        raise ValueError(f"{endpoint}: the protocol file does not rank {', '.join(sorted(absent))}")
    precedence = tuple(Reason(code) for code in spec.failures if code in set(Reason))
    return Rule(spec, protocol.window[spec.timepoint], reader, precedence)


def randomized_by(dossiers: Iterable[Dossier], as_of: date) -> list[Dossier]:
    """The intention-to-treat population: all subjects randomized up to and including that day."""
    return [d for d in dossiers if d.randomized_on is not None and d.randomized_on <= as_of]


def count(dossiers: Iterable[Dossier], rule: Rule, as_of: date) -> Counts:
    """Judge every subject randomized by `as_of` and count the outcomes."""
    population = randomized_by(dossiers, as_of)
    verdicts = [judge(dossier, rule, as_of) for dossier in population]
    reasons = Counter(v.reason for v in verdicts)
    return Counts(
        randomized=len(population),
        success=sum(verdict.outcome is Outcome.SUCCESS for verdict in verdicts),
        reasons={reason: reasons[reason] for reason in rule.precedence},
        closed=sum(_window_is_over(dossier, rule, as_of) for dossier in population),
    )


def judge(dossier: Dossier, rule: Rule, as_of: date) -> Verdict:
    """The outcome of one randomized subject, by what had happened up to and including the day `as_of`.

    Success: an evaluable response without progression represents the window, and no progression, death or new
    therapy came on or before its day. Without such a response, whatever came before the window's end decides.
    Raises ValueError for a subject that was not randomized by then: it is not in the population.
    """
    day_0 = dossier.randomized_on
    if day_0 is None or day_0 > as_of:
        raise ValueError(f"{dossier.subject} was not randomized by {as_of}")
    opens, closes = window_from(day_0, rule.window)
    known_until = min(as_of, closes)
    # The scan after cycle 2 is the baseline (ruling 9): on or before day 0, whatever it says belongs to gate 2.
    scans = [s for s in dossier.scans if s.reader is rule.reader and day_0 < s.scan_on <= known_until]
    scan = _representative([s for s in scans if s.scan_on >= opens], day_0 + timedelta(rule.window.target_day))
    controlled = scan is not None and scan.response.controls_disease
    decisive_until = scan.scan_on if scan is not None and controlled else known_until

    reasons = _events(dossier, scans, decisive_until)
    if not reasons and as_of < closes:
        return Verdict(Outcome.PENDING, scan=scan)
    if scan is None:
        reasons.add(Reason.MISSING)
    elif scan.response is Response.NE:
        reasons.add(Reason.NE_AT_6M)
    if reasons:
        return Verdict(Outcome.FAILURE, min(reasons, key=rule.precedence.index), scan)
    return Verdict(Outcome.SUCCESS, scan=scan)


def window_from(day_0: date, window: AnalysisWindow) -> tuple[date, date]:
    """First and last day of an analysis window, both included."""
    return day_0 + timedelta(window.first_day), day_0 + timedelta(window.last_day)


def _window_is_over(dossier: Dossier, rule: Rule, as_of: date) -> bool:
    return dossier.randomized_on is not None and window_from(dossier.randomized_on, rule.window)[1] <= as_of


def _events(dossier: Dossier, scans: Iterable[Scan], until: date) -> set[Reason]:
    """What by itself makes a failure, on or before a day."""
    happened = {
        Reason.PD: min((s.scan_on for s in scans if s.response is Response.PD), default=None),
        Reason.DEATH: dossier.died_on,
        Reason.NEW_THERAPY: dossier.new_therapy_on,
    }
    return {reason for reason, day in happened.items() if day is not None and day <= until}


def _representative(scans: Sequence[Scan], target: date) -> Scan | None:
    """The scan that stands for a window: the first progression if there is one, else the nearest to the target.

    Scans that could not be evaluated stand back while there is one that could. Of two equally near the later one;
    of two readings of the same day the one recorded last.
    """
    if progressions := [s for s in scans if s.response is Response.PD]:
        return min(progressions, key=lambda s: s.scan_on)
    evaluable = [s for s in scans if s.response is not Response.NE]
    return max(
        enumerate(evaluable or scans),
        key=lambda place: (-abs((place[1].scan_on - target).days), place[1].scan_on, place[0]),
        default=(0, None),
    )[1]
