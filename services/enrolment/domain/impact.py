"""What another version of the protocol would have made of past decisions. Decides nothing, records nothing."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date

from contracts.events.enrolment import (
    CriterionRow,
    EligibilityAssessed,
    FactorLevel,
    RandomizationAuthorized,
    ScheduledVisit,
    VisitsScheduled,
)
from contracts.events.envelope import Envelope
from contracts.events.fact import Fact
from contracts.events.treatment import TreatmentVisitsScheduled
from contracts.protocol.model import Protocol
from contracts.vocabulary.clinical import Verdict
from contracts.vocabulary.identifiers import site_of
from contracts.vocabulary.logic import Truth, all_of
from contracts.vocabulary.response import Response
from services.enrolment.domain import gates
from services.enrolment.domain.criteria import Row
from services.enrolment.domain.known import ScanEvidence, fields_of_scan
from services.enrolment.domain.obstacles import Requester, last_run_in_timepoint
from services.enrolment.domain.reasons import Reason
from services.enrolment.domain.site import Site, conduct_stream, evolve_site, site_stream
from services.enrolment.domain.state import Subject, evolve, subject_stream
from services.enrolment.domain.subject.visits import schedule, schedule_of_arm


@dataclass(frozen=True, slots=True)
class Changed:
    """A criterion that came out otherwise: its row as recorded, and as it would be. None: that version has none."""

    criterion: str
    then: CriterionRow | None
    now: CriterionRow | None


@dataclass(frozen=True, slots=True)
class Difference:
    """A decision that would have been another: its place in the log, whom it was about, and what makes it differ."""

    position: int
    subject: str
    gate: str
    on: date
    criteria_version: str
    verdict_then: Verdict
    verdict_now: Verdict
    criteria: tuple[Changed, ...]
    reasons: tuple[Reason, ...]
    strata: tuple[tuple[str, str, str | None], ...]
    """Factor, level then, level now."""


@dataclass(slots=True)
class Impact:
    """What was looked at, and what would differ. Visits are counted by what became of their dates."""

    decisions: int = 0
    position: int = 0
    differences: list[Difference] = field(default_factory=list)
    moved: int = 0
    added: int = 0
    dropped: int = 0

    @property
    def any(self) -> bool:
        """Whether anything would differ."""
        return bool(self.differences or self.moved or self.added or self.dropped)


class Replay:
    """Feed it the log of a study in order: each decision is made again on what was known when it was made."""

    def __init__(self, study: str, protocol: Protocol) -> None:
        self._study, self._protocol = study, protocol
        self._subjects: dict[str, Subject] = {}
        self._sites: dict[str, Site] = {}
        self._visits: dict[tuple[str, str, str], VisitsScheduled | TreatmentVisitsScheduled] = {}
        self._impact = Impact()

    def read(self, envelope: Envelope[Fact]) -> None:
        """Take in one fact, of any study and stream."""
        fact = envelope.fact
        self._impact.position = envelope.position
        if getattr(fact, "study", None) != self._study:
            return
        match fact:
            case EligibilityAssessed(gate=gates.INCLUSION):
                self._compare(envelope, self._first(fact))
            case RandomizationAuthorized():
                self._compare(envelope, self._second(fact))
            case VisitsScheduled() | TreatmentVisitsScheduled():
                self._visits[fact.type_name, fact.subject, fact.anchor] = fact
            case _:
                pass
        stream = envelope.stream
        if stream.startswith(("site-", "conduct-")):
            self._sites[stream] = evolve_site(self._sites.get(stream, Site()), envelope)
        elif stream.startswith("subject-"):
            self._subjects[stream] = evolve(self._subjects.get(stream, Subject()), envelope)

    def impact(self) -> Impact:
        """What was found so far."""
        found = self._impact
        found.moved = found.added = found.dropped = 0
        for fact in self._visits.values():
            then = {visit.visit: visit for visit in fact.visits}
            now = {visit.visit: visit for visit in self._planned(fact)}
            found.moved += sum(then[name] != now[name] for name in then.keys() & now.keys())
            found.added += len(now.keys() - then.keys())
            found.dropped += len(then.keys() - now.keys())
        return found

    def _planned(self, fact: VisitsScheduled | TreatmentVisitsScheduled) -> tuple[ScheduledVisit, ...]:
        """The visits that follow from the same day, under this version."""
        if isinstance(fact, VisitsScheduled):
            return schedule(self._protocol, fact.subject, fact.anchor, fact.anchor_on).visits
        assigned = self._known(fact.subject)[0].assigned
        if assigned is None:
            return ()
        found = schedule_of_arm(self._protocol, fact.subject, assigned.arm, fact.anchor, fact.anchor_on)
        return tuple(visit for one in found for visit in one.visits)

    def _first(self, fact: EligibilityAssessed) -> Difference | None:
        gated = gates.first(self._protocol, *self._known(fact.subject), fact.assessed_on)
        return _difference(fact, gates.INCLUSION, fact.assessed_on, fact.verdict, gated, gated.verdict, ())

    def _second(self, fact: RandomizationAuthorized) -> Difference | None:
        """With the scan and the requester as the evidence names them: nobody else is asked today."""
        subject, site = self._known(fact.subject)
        scan, on = _scan(fact, last_run_in_timepoint(self._protocol)), fact.authorized_on
        gated = gates.second(self._protocol, subject, site, scan, _requester(fact), on)
        unasked = {Reason.NO_POST_C2} if scan is None and fact.tumour_assessment is not None else set()
        against = tuple(reason for reason in gated.reasons if reason not in unasked)
        verdict = gated.verdict
        if not against and all_of(row.passes for row in gated.rows) is Truth.TRUE:
            verdict = Verdict.ELIGIBLE
        strata = tuple(_strata(fact.strata, gated.strata))
        return _difference(fact, gates.RANDOMIZATION, on, Verdict.ELIGIBLE, gated, verdict, strata, against)

    def _compare(self, envelope: Envelope[Fact], found: Difference | None) -> None:
        self._impact.decisions += 1
        if found is not None:
            self._impact.differences.append(replace(found, position=envelope.position))

    def _known(self, subject: str) -> tuple[Subject, Site]:
        where = site_of(subject)
        opened = self._sites.get(site_stream(self._study, where), Site())
        conduct = self._sites.get(conduct_stream(self._study, where), Site())
        return self._subjects.get(subject_stream(self._study, subject), Subject()), opened.conducted(conduct)


def _difference(
    fact: EligibilityAssessed | RandomizationAuthorized,
    gate: str,
    on: date,
    then: Verdict,
    gated: gates.Gated,
    now: Verdict,
    strata: tuple[tuple[str, str, str | None], ...],
    reasons: tuple[Reason, ...] = (),
) -> Difference | None:
    """None where the decision would have been the same, whatever single criteria would have said."""
    if then is now and not strata:
        return None
    criteria = tuple(_changed(fact.rows, gated.rows))
    return Difference(0, fact.subject, gate, on, fact.criteria_version, then, now, criteria, reasons, strata)


def _changed(then: Iterable[CriterionRow], now: Iterable[Row]) -> Iterator[Changed]:
    """Criteria with another outcome, and those that only one of the versions has, unless a new one passes."""
    recorded: Mapping[str, CriterionRow] = {row.criterion: row for row in then}
    evaluated = {row.criterion: row for row in now}
    for name, row in evaluated.items():
        before = recorded.get(name)
        same = row.passes is Truth.TRUE if before is None else before.outcome is row.outcome
        if not same:
            yield Changed(name, before, row.fact())
    for name in sorted(recorded.keys() - evaluated.keys()):
        yield Changed(name, recorded[name], None)


def _strata(then: Iterable[FactorLevel], now: Iterable[FactorLevel]) -> Iterator[tuple[str, str, str | None]]:
    levels = {level.factor: level.level for level in now}
    for level in then:
        if levels.get(level.factor) != level.level:
            yield level.factor, level.level, levels.get(level.factor)


def _scan(fact: RandomizationAuthorized, timepoint: str | None) -> ScanEvidence | None:
    """The scan as the rows quote it. None where no criterion read it: then the log here does not say what it showed."""
    if timepoint is None:
        return None
    on, response = (_quoted(fact, name) for name in fields_of_scan(timepoint))
    if fact.tumour_assessment is None or on is None or response is None:
        return None
    position = fact.tumour_assessment_position or 1
    return ScanEvidence(fact.tumour_assessment, position, date.fromisoformat(on), Response(response))


def _requester(fact: RandomizationAuthorized) -> Requester | None:
    """Who asked, with the roles that the rows quote."""
    if fact.requested_by is None:
        return None
    roles = _quoted(fact, "requester_roles")
    return Requester(fact.requested_by, tuple(role.strip() for role in roles.split(",")) if roles else ())


def _quoted(fact: RandomizationAuthorized, name: str) -> str | None:
    return next((one.value for row in fact.rows for one in row.inputs if one.field == name), None)
