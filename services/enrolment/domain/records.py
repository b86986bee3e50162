"""What a subject is made of: one record per thing that was recorded of it. Activities in MBq."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from uuid import UUID

from contracts.events.enrolment import CriterionRow, ScheduledVisit
from contracts.vocabulary.clinical import DeathCause, RunInExit, Sex, TherapyClass, Verdict
from contracts.vocabulary.course import DeviationKind, EndReason, Severity, TreatmentStop, WithdrawalScope


@dataclass(frozen=True, slots=True)
class Consent:
    """The signed consent and the fact that recorded it."""

    version: str
    signed_on: date
    event_id: UUID


@dataclass(frozen=True, slots=True)
class Assessment:
    """The last recorded evaluation of a gate."""

    gate: str
    assessed_on: date
    criteria_version: str
    verdict: Verdict
    rows: tuple[CriterionRow, ...]
    event_id: UUID


@dataclass(frozen=True, slots=True)
class Inclusion:
    """The day of inclusion, the fact that recorded it, and the evaluation of gate 1 that it rests on."""

    included_on: date
    event_id: UUID
    assessment: UUID


@dataclass(frozen=True, slots=True)
class Cycle:
    """A cycle as given. Activities in MBq."""

    number: int
    given_on: date
    prescribed_mbq: Decimal
    administered_mbq: Decimal
    event_id: UUID


@dataclass(frozen=True, slots=True)
class Exit:
    """The end of a run-in without randomization. `timepoint`: what the scan was made for that showed a progression."""

    reason: RunInExit
    ended_on: date
    timepoint: str | None
    event_id: UUID


@dataclass(frozen=True, slots=True)
class Progression:
    """A progression that the investigator read after randomization, dated by the scan."""

    progressed_on: date
    timepoint: str
    event_id: UUID


@dataclass(frozen=True, slots=True)
class Death:
    """A death."""

    died_on: date
    cause: DeathCause


@dataclass(frozen=True, slots=True)
class Therapy:
    """An anticancer therapy outside the protocol."""

    started_on: date
    therapy: TherapyClass


@dataclass(frozen=True, slots=True)
class Schedule:
    """The visits that follow from one anchor."""

    anchor: str
    anchor_on: date
    visits: tuple[ScheduledVisit, ...]


@dataclass(frozen=True, slots=True)
class Assigned:
    """The arm as the randomizer told it, and the cycles that its protocol prescribes for it, in their order."""

    arm: str
    cycles: tuple[int, ...]
    assigned_on: date
    event_id: UUID


@dataclass(frozen=True, slots=True)
class Put:
    """A cycle put off to `planned_on`, or left out (None)."""

    cycle: int
    decided_on: date
    planned_on: date | None
    event_id: UUID


@dataclass(frozen=True, slots=True)
class Withdrawal:
    """What a subject withdrew from."""

    scope: WithdrawalScope
    withdrawn_on: date
    event_id: UUID


@dataclass(frozen=True, slots=True)
class Loss:
    """From when to when a subject could not be reached; None: still."""

    declared_on: date
    recontacted_on: date | None
    event_id: UUID


@dataclass(frozen=True, slots=True)
class Stop:
    """The end of study treatment after randomization."""

    reason: TreatmentStop
    discontinued_on: date


@dataclass(frozen=True, slots=True)
class End:
    """The end of the study for a subject."""

    reason: EndReason
    ended_on: date


@dataclass(frozen=True, slots=True)
class Override:
    """A criterion that stands in nobody's way for this subject."""

    gate: int
    criterion: str
    overridden_on: date
    event_id: UUID


@dataclass(frozen=True, slots=True)
class Deviation:
    """Something that was not as the protocol has it. `treatment`: it could tell the arm."""

    kind: DeviationKind
    severity: Severity
    occurred_on: date
    about: UUID | None
    criterion: str | None
    visit: str | None
    treatment: bool
    event_id: UUID


@dataclass(frozen=True, slots=True)
class Performed:
    """A visit that took place."""

    visit: str
    performed_on: date
    forms: tuple[str, ...]
    event_id: UUID


@dataclass(frozen=True, slots=True)
class Screening:
    """How a subject entered the screening log."""

    subject: str
    site: str
    sex: Sex
    birth_month: str
    screened_on: date
    event_id: UUID
