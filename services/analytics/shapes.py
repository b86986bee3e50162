"""The shapes of the answers. Nothing here has a place for an arm; what has is in `closed.py`."""

from datetime import date, datetime
from decimal import Decimal
from typing import Final, Literal, Self
from uuid import UUID

from pydantic import BaseModel, Field

from contracts.events.randomization import Annotation
from contracts.protocol.model import Protocol
from contracts.vocabulary.clinical import Reader, RunInExit
from contracts.vocabulary.grade import Grade
from contracts.vocabulary.identifiers import SiteId, StudyId, SubjectId
from contracts.vocabulary.response import Response
from services.analytics.domain import status
from services.analytics.domain.alerts import Alert, Alerts
from services.analytics.domain.dcr import Counts, Reason, Rule
from services.analytics.domain.dossier import Dossier
from services.analytics.domain.flow import Deaths, NotIncluded
from services.analytics.domain.status import Status
from services.analytics.reading import Standing
from services.analytics.statistics.intervals import clopper_pearson, percent


class StandsOn(BaseModel):
    """From which prefix of which logs a figure was derived, and by which rules."""

    positions: dict[str, int] = Field(
        description="by topic: every message up to this position of its owner's log is in",
        examples=[{"reluth.enrolment": 412, "reluth.randomization": 31}],
    )
    projections: dict[str, int] = Field(description="versions of the read models", examples=[{"dossiers": 1}])
    protocol_sha256: str = Field(description="hash of the protocol file that the rules come from")
    complete: bool = Field(description="false while a message before a known one is missing, or facts are parked")
    missing: list[str] = Field(default=[], description="topics of which an earlier message is missing")
    parked: int = Field(default=0, description="subjects of whom some facts could not be applied")

    @classmethod
    def of(cls, standing: Standing, protocol: Protocol) -> Self:
        """As it is shown."""
        return cls(
            positions=dict(standing.positions),
            projections=dict(standing.versions),
            protocol_sha256=protocol.sha256,
            complete=not standing.missing and not standing.parked,
            missing=list(standing.missing),
            parked=standing.parked,
        )


class FlowView(BaseModel):
    """Participant flow. `screened` = `included` + `not_included`; `included` = `randomized` + `exits` + `in_run_in`."""

    study: StudyId
    site: SiteId | None = Field(default=None, description="absent: all sites that the caller may see")
    sites_activated: int
    randomization_cap: int | None = Field(default=None, description="absent until the allocation is active")
    screened: int
    consented: int
    not_included: dict[NotIncluded, int]
    criteria_not_met: dict[str, int] = Field(
        description="criteria of the last verdicts; a subject may have failed several", examples=[{"I13": 2}]
    )
    included: int
    cycles: dict[int, int] = Field(description="included subjects by run-in cycle given", examples=[{1: 175, 2: 169}])
    exits: dict[RunInExit, int] = Field(description="included and never randomized, by reason")
    in_run_in: int
    randomized: int
    annotated: dict[Annotation, int] = Field(
        description="randomized subjects by the error found later; they stay in every other count"
    )
    assessed: dict[str, int] = Field(
        description="subjects with a scan made for the timepoint", examples=[{"POST_C2": 167, "M2": 140}]
    )
    deaths: Deaths
    data_withdrawn: int = Field(
        description="subjects who were erased; they stay in the counts above, and nothing else of them does"
    )
    enrolment_on_its_way: int = Field(description="known by later facts alone so far; in no other count")
    stands_on: StandsOn


class DiseaseStatusRow(BaseModel):
    """One included subject. The arm is nowhere in it."""

    subject: SubjectId
    site: SiteId
    status: Status
    since: date | None = Field(default=None, description="the day that made the status")
    t: int | None = Field(
        default=None, description="`since` in days from randomization, which is day 1", examples=[184]
    )
    last_response: Response | None = None
    last_scan_on: date | None = None
    progressed_on: date | None = None
    new_therapy_on: date | None = None
    randomized_on: date | None = None
    adverse_events: int
    serious_adverse_events: int

    @classmethod
    def of(cls, dossier: Dossier, reader: Reader, as_of: date) -> Self:
        """The row of a subject as of a day."""
        found = status.status_of(dossier, reader, as_of)
        randomized_on, since = by(dossier.randomized_on, as_of), found.since
        events = [event for event in dossier.adverse_events.values() if event.onset_on <= as_of]
        after = randomized_on is not None and since is not None and since >= randomized_on
        return cls(
            subject=dossier.subject,
            site=dossier.site,
            status=found.status,
            since=since,
            t=status.t(randomized_on, since) if after and randomized_on and since else None,
            last_response=found.last_response,
            last_scan_on=found.last_scan_on,
            progressed_on=found.progressed_on,
            new_therapy_on=by(dossier.new_therapy_on, as_of),
            randomized_on=randomized_on,
            adverse_events=len(events),
            serious_adverse_events=sum(event.serious for event in events),
        )


class DiseaseStatusPage(BaseModel):
    """Included subjects in the order of their numbers, as of a cut-off date. `next` is absent on the last page."""

    study: StudyId
    as_of: date = Field(description="the last clinical day that counts")
    reader: Reader
    items: list[DiseaseStatusRow]
    next: str | None = Field(default=None, description="pass it as `cursor` to go on, with the same filters")
    stands_on: StandsOn


class Estimate(BaseModel):
    """A proportion with exact limits. Counts are exact; the decimals are texts, so that no reader rounds them again."""

    x: int = Field(examples=[47])
    n: int = Field(examples=[73])
    percent: str = Field(examples=["64.4"])
    percent_lower: str = Field(examples=["52.3"])
    percent_upper: str = Field(examples=["75.3"])
    proportion: str = Field(examples=["0.643835616438"])
    lower: str
    upper: str
    confidence: str = Field(examples=["0.95"])
    method: Literal["Clopper-Pearson"] = "Clopper-Pearson"

    @classmethod
    def of(cls, x: int, n: int, confidence: Decimal) -> "Estimate | NotEstimable":
        """The estimate, or the words that there is none."""
        found = clopper_pearson(x, n, confidence)
        if found is None:
            return NOT_ESTIMABLE
        return cls(
            x=x,
            n=n,
            percent=percent(found.share),
            percent_lower=percent(found.lower),
            percent_upper=percent(found.upper),
            proportion=f"{found.share:f}",
            lower=f"{found.lower:f}",
            upper=f"{found.upper:f}",
            confidence=str(confidence),
        )


NotEstimable = Literal["not estimable"]
NOT_ESTIMABLE: Final[NotEstimable] = "not estimable"


class DcrFigure(BaseModel):
    """Disease control of one group. `randomized` = `success` + `failure` + `pending`."""

    randomized: int
    success: int
    failure: int
    reasons: dict[Reason, int] = Field(description="failures by reason, in the precedence of the protocol file")
    pending: int = Field(description="no failure yet and the window is open; in no numerator and no denominator")
    final: bool = Field(description="true when nobody is pending: the denominator is then everybody randomized")
    estimate: Estimate | NotEstimable = Field(
        description="of the settled. Too low while somebody is pending: failures are known sooner than successes"
    )
    estimate_window_closed: Estimate | NotEstimable = Field(
        description="of those whose window is over, which is not biased by how early a failure is known"
    )

    @classmethod
    def of(cls, counts: Counts, rule: Rule) -> Self:
        """The figure of these counts."""
        confidence = Decimal(rule.endpoint.confidence)
        return cls(
            randomized=counts.randomized,
            success=counts.success,
            failure=counts.failure,
            reasons=dict(counts.reasons),
            pending=counts.pending,
            final=counts.pending == 0,
            estimate=Estimate.of(counts.success, counts.settled, confidence),
            estimate_window_closed=Estimate.of(counts.success, counts.closed, confidence),
        )


class Definition(BaseModel):
    """What was computed: enough to compute it again by hand."""

    endpoint: str = Field(examples=["DCR6"])
    label: str
    reader: Reader
    analysis: str = Field(description="what this reading is to the analysis plan")
    population: Literal["all randomized subjects"] = "all randomized subjects"
    timepoint: str = Field(examples=["M6"])
    window_first_day: int = Field(description="days after randomization, which is day 0", examples=[153])
    window_last_day: int = Field(examples=[213])
    as_of: date = Field(description="the last clinical day that counts")

    @classmethod
    def of(cls, rule: Rule, as_of: date) -> Self:
        """The definition of an endpoint for a reader at a cut-off date."""
        return cls(
            endpoint=rule.endpoint.id,
            label=rule.endpoint.label,
            reader=rule.reader,
            analysis=_analysis(rule),
            timepoint=rule.endpoint.timepoint,
            window_first_day=rule.window.first_day,
            window_last_day=rule.window.last_day,
            as_of=as_of,
        )


class DcrView(BaseModel):
    """Disease control of the whole study, all arms together."""

    study: StudyId
    definition: Definition
    figure: DcrFigure
    stands_on: StandsOn


class AlertRow(BaseModel):
    """An alert as safety raised it."""

    alert: UUID
    subject: SubjectId
    site: SiteId
    rule: str = Field(examples=["platelets-grade-3"])
    rule_version: int
    priority: int = Field(description="1 is the most urgent")
    term: int = Field(description="code that the NCI publishes with CTCAE")
    grade: Grade
    evidence: UUID = Field(description="the fact that the rule fired on")
    raised_at: datetime
    open: bool = Field(description="whether its condition still holds; nothing about what a person did with it")
    position: int = Field(description="place in the log of safety")

    @classmethod
    def of(cls, of_subject: Alerts, alert: Alert) -> Self:
        """An alert of a subject."""
        return cls(
            alert=alert.alert,
            subject=of_subject.subject,
            site=of_subject.site,
            rule=alert.rule,
            rule_version=alert.rule_version,
            priority=alert.priority,
            term=alert.term,
            grade=alert.grade,
            evidence=alert.evidence,
            raised_at=alert.raised_at,
            open=alert.open,
            position=alert.position,
        )


class AlertPage(BaseModel):
    """Alerts, the newest first. `next` is absent on the last page."""

    study: StudyId
    items: list[AlertRow]
    next: str | None = Field(default=None, description="pass it as `cursor` to go on, with the same filters")
    stands_on: StandsOn


def _analysis(rule: Rule) -> str:
    if rule.reader == rule.endpoint.reader:
        return "primary analysis"
    return f"sensitivity analysis; the primary analysis reads {rule.endpoint.reader} (ruling 10)"


def by(day: date | None, as_of: date) -> date | None:
    """A day, if it had come by then."""
    return day if day is not None and day <= as_of else None
