"""The trial's facts in the proportions and sizes that a demo run leaves: 31 a subject, 800 bytes each on average."""

import hashlib
import itertools
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from uuid import UUID

from uuid6 import uuid7

from contracts.events.assessment import TumourAssessed
from contracts.events.catalogue import OWNERS
from contracts.events.enrolment import (
    ConsentSigned,
    CriterionRow,
    CycleAdministered,
    EligibilityAssessed,
    FactorLevel,
    Finding,
    FindingsRecorded,
    Input,
    RandomizationAuthorized,
    ScheduledVisit,
    SubjectIncluded,
    SubjectScreened,
    VisitsScheduled,
)
from contracts.events.envelope import Provenance
from contracts.events.fact import SubjectFact
from contracts.events.randomization import ArmAllocated, StratumLevel, SubjectRandomized
from contracts.events.registry import canonical
from contracts.events.safety import AdverseEventReported, LaboratoryGraded, LaboratoryResultRecorded
from contracts.events.wire import Message
from contracts.vocabulary.clinical import Analyte, Causality, Modality, Reader, Sex, Verdict
from contracts.vocabulary.grade import Grade
from contracts.vocabulary.identifiers import site_of
from contracts.vocabulary.logic import Truth
from contracts.vocabulary.response import Response

STUDY = "RELUTH"
COHORT = 176  # subjects who are in the trial at the same time, so that their facts lie between each other
START = datetime(2022, 1, 3, 8, tzinfo=UTC)
_DAY = START.date()
_SHA = "ab" * 32


def _id() -> UUID:
    return UUID(int=uuid7().int)


def _day(number: int) -> date:
    return _DAY + timedelta(number)


def _rows(count: int) -> tuple[CriterionRow, ...]:
    used = tuple(
        Input(field=f"laboratory_{n}", value="268.9", unit="10*9/L", observed_on=_DAY, event_id=_id()) for n in range(2)
    )
    return tuple(CriterionRow(criterion=f"I{n:02d}", outcome=Truth.TRUE, inputs=used) for n in range(count))


def _findings(count: int) -> tuple[Finding, ...]:
    return tuple(Finding(field=f"histology_{n}", value="2016-03-14", observed_on=_DAY) for n in range(count))


def _visit(subject: str, anchor: str, on: int, visits: int) -> VisitsScheduled:
    planned = tuple(
        ScheduledVisit(visit=f"V{n}", target_on=_day(on + n), earliest_on=_day(on), latest_on=_day(on + 9))
        for n in range(visits)
    )
    return VisitsScheduled(study=STUDY, subject=subject, anchor=anchor, anchor_on=_day(on), visits=planned)


def _blood(subject: str, on: int) -> Iterator[SubjectFact]:
    for analyte in Analyte:
        result = _id()
        yield LaboratoryResultRecorded(
            **{"study": STUDY, "subject": subject, "result": result, "analyte": analyte},
            **{"value": Decimal("268.9"), "unit": "10*9/L", "sampled_on": _day(on)},
            **{"lower_limit": Decimal(150), "upper_limit": Decimal(400)},
        )
        yield LaboratoryGraded(
            **{"study": STUDY, "subject": subject, "result": result, "analyte": analyte, "dictionary": "CTCAE-5.0"},
            **{"rules_sha256": _SHA, "term": 10035528, "canonical_value": Decimal("268.9")},
            **{"canonical_unit": "10*9/L", "grade_min": Grade.G0, "grade_max": Grade.G0},
        )


def _cycle(subject: str, number: int, on: int) -> CycleAdministered:
    dose = {"prescribed_mbq": Decimal(7400), "administered_mbq": Decimal(7390)}
    return CycleAdministered(study=STUDY, subject=subject, cycle=number, given_on=_day(on), **dose)


def _scan(subject: str, timepoint: str, on: int) -> TumourAssessed:
    read = {"modality": Modality.CT, "reader": Reader.INVESTIGATOR, "response": Response.SD}
    return TumourAssessed(study=STUDY, subject=subject, timepoint=timepoint, scan_on=_day(on), **read)


def journey(subject: str, number: int) -> Iterator[SubjectFact]:
    """Everything about one subject, in order."""
    who = {"study": STUDY, "subject": subject}
    rules = {"criteria_version": "1.0", "protocol_sha256": _SHA}
    yield SubjectScreened(**who, site=site_of(subject), sex=Sex.FEMALE, birth_month="1956-04", screened_on=_DAY)
    yield ConsentSigned(**who, version="1.0", signed_on=_DAY)
    yield FindingsRecorded(**who, findings=_findings(41))
    gate = {"gate": "inclusion", "assessed_on": _day(8), "verdict": Verdict.ELIGIBLE}
    yield EligibilityAssessed(**who, **rules, **gate, rows=_rows(29))
    yield SubjectIncluded(**who, included_on=_day(8), assessment=_id())
    yield _visit(subject, "inclusion", 8, 1)
    for cycle, on in ((1, 10), (2, 66)):
        yield _cycle(subject, cycle, on)
        yield _visit(subject, f"cycle_{cycle}", on, 2)
        yield from _blood(subject, on + 14)
    yield _scan(subject, "POST_C2", 110)
    yield _visit(subject, "post_c2", 110, 1)
    yield FindingsRecorded(**who, findings=_findings(1))
    evidence = {"consent": _id(), "tumour_assessment": _id(), "tumour_assessment_position": number}
    strata = tuple(FactorLevel(factor=f"F{n}", level="GE18", inputs=_rows(1)[0].inputs) for n in range(4))
    yield RandomizationAuthorized(**who, **rules, **evidence, authorized_on=_day(120), strata=strata, rows=_rows(12))
    yield ArmAllocated(**who, randomization_number=number, arm="AB"[number % 2])
    yield SubjectRandomized(
        **who,
        randomization_number=number,
        stratum=tuple(StratumLevel(factor=f"F{n}", level="GE18") for n in range(4)),
        **{"randomization_date": _day(120), "authorization": _id(), "configuration_sha256": _SHA},
    )
    yield _visit(subject, "randomization", 120, 3)
    if number % 2:
        yield AdverseEventReported(
            **{**who, "adverse_event": _id(), "dictionary": "CTCAE-5.0", "term": 10035528, "grade": Grade.G2},
            **{"onset_on": _day(130), "aware_at": START, "seriousness": (), "causality": Causality.POSSIBLE},
        )
    for month in (2, 4, 6):
        yield _scan(subject, f"M{month}", 120 + 30 * month)


@dataclass(slots=True)
class Published:
    """Numbers messages as the outboxes of the four owners do."""

    topic_prefix: str = ""
    _out: Counter[str] = field(default_factory=Counter)
    _topics: Counter[str] = field(default_factory=Counter)
    _keys: Counter[tuple[str, str]] = field(default_factory=Counter)

    def message(self, fact: SubjectFact) -> Message:
        """The fact as its owner's relay sends it."""
        topic = str(fact.topic)
        owner, event = OWNERS[topic], _id()
        self._out[owner] += 1
        self._topics[topic] += 1
        self._keys[(topic, fact.key)] += 1
        n = self._out[owner]
        return Message(
            topic=self.topic_prefix + topic,
            topic_pos=self._topics[topic],
            key=fact.key,
            key_seq=self._keys[(topic, fact.key)],
            out_pos=n,
            source=owner,
            event_id=event,
            type=fact.type_name,
            schema=fact.type_version,
            stream=f"{owner}-{fact.study}-{fact.subject}",
            version=self._keys[(topic, fact.key)],
            position=n,
            recorded_at=START + timedelta(milliseconds=n),
            chain=hashlib.sha256(event.bytes).hexdigest(),
            provenance=Provenance(
                actor=f"investigator-{site_of(fact.subject)}",
                roles=("investigator",),
                site=site_of(fact.subject),
                correlation_id=str(event),
                traceparent=f"00-{event.hex}-{event.hex[:16]}-01",
            ),
            value=canonical(fact.model_dump(mode="json")),
            occurred_on=_DAY,
        )


def facts() -> Iterator[SubjectFact]:
    """Facts without end: cohort after cohort, within one the facts of all subjects between each other."""
    for cohort in itertools.count():
        numbers = range(cohort * COHORT + 1, (cohort + 1) * COHORT + 1)
        journeys = [journey(f"{n % 99 + 1:02d}-{n // 99 + 1:03d}", n) for n in numbers]
        while journeys:
            said = [(journey, next(journey, None)) for journey in journeys]
            journeys = [journey for journey, fact in said if fact is not None]
            yield from (fact for _, fact in said if fact is not None)
