"""Facts of safety: adverse events, laboratory results with their grades, alerts."""

from datetime import date, datetime
from decimal import Decimal
from typing import Annotated
from uuid import UUID

from pydantic import AwareDatetime, Field

from contracts.events.fact import SubjectFact
from contracts.vocabulary.clinical import Analyte, Causality, EventOutcome, Seriousness
from contracts.vocabulary.grade import Grade
from contracts.vocabulary.sealed import SealedText

TOPIC = "reluth.safety"
Code = Annotated[str, Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9_.-]{0,63}$")]
LltCode = Annotated[int, Field(ge=10000000, le=10999999)]
Value = Annotated[Decimal, Field(ge=0, max_digits=12, decimal_places=6)]


class AdverseEventReported(SubjectFact, name="safety.adverse-event-reported", version=1, topic=TOPIC):
    """An adverse event was reported, or followed up: of one `adverse_event` the later fact counts, whole.

    `term` is the code that the NCI publishes with CTCAE. `aware_at` starts the clocks: the moment the investigator knew
    of what is new in this fact, not the moment it was typed in. An outcome that is absent was not asked for yet.
    """

    adverse_event: UUID
    dictionary: Code
    term: LltCode
    grade: Grade
    onset_on: date
    aware_at: AwareDatetime
    seriousness: tuple[Seriousness, ...]
    causality: Causality
    narrative: SealedText | None = None
    ended_on: date | None = None
    outcome: EventOutcome | None = None


class LaboratoryResultRecorded(SubjectFact, name="safety.laboratory-result-recorded", version=1, topic=TOPIC):
    """A result as the laboratory reported it, with the limits that were in force there that day (safety 2.3, C2)."""

    result: UUID
    analyte: Analyte
    value: Value
    unit: Annotated[str, Field(min_length=1, max_length=40)]
    lower_limit: Value | None = None
    upper_limit: Value | None = None
    sampled_on: date


class LaboratoryGraded(SubjectFact, name="safety.laboratory-graded", version=1, topic=TOPIC):
    """The grade of a result under one version of one dictionary.

    `grade_min` and `grade_max` differ where something that would decide is missing: a limit (C2), clinical input (C7).
    Both are absent where no grade can be given or excluded. The value is in `canonical_unit`, unrounded.
    """

    result: UUID
    analyte: Analyte
    dictionary: Code
    rules_sha256: Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]
    term: LltCode
    canonical_value: Decimal
    canonical_unit: str
    grade_min: Grade | None = None
    grade_max: Grade | None = None


class AlertRaised(SubjectFact, name="safety.alert-raised", version=1, topic=TOPIC):
    """A rule fired on the evidence of one fact. The id follows from rule, key and episode: a replay gives the same."""

    alert: UUID
    rule: Code
    rule_version: Annotated[int, Field(ge=1)]
    priority: Annotated[int, Field(ge=1, le=4)]
    term: LltCode
    grade: Grade
    evidence: UUID
    raised_at: datetime


class AlertEpisodeClosed(SubjectFact, name="safety.alert-episode-closed", version=1, topic=TOPIC):
    """The condition of an alert no longer holds, so that its next occurrence is a new alert.

    Says nothing about what a person did with the alert. `evidence` is the event that ended the episode, `raised_at`
    the moment of the alert, by which lists find it. A fact and not a conclusion of the reader, so that a later change
    of the rule does not move the past.
    """

    alert: UUID
    raised_at: AwareDatetime
    rule: Code
    term: LltCode
    evidence: UUID


FACTS = (AdverseEventReported, LaboratoryResultRecorded, LaboratoryGraded, AlertRaised, AlertEpisodeClosed)
