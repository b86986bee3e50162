"""What enrolment can be asked to do about a subject.

`today` is the trial's own date (its time zone) when the command arrived.
"""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from contracts.vocabulary.clinical import DeathCause, RunInExit, Sex, TherapyClass
from services.enrolment.domain.findings import Submission


@dataclass(frozen=True, slots=True)
class ScreenSubject:
    """Enter somebody in the screening log under the site's next number."""

    study: str
    site: str
    sex: Sex
    birth_month: str
    screened_on: date


@dataclass(frozen=True, slots=True)
class SignConsent:
    """Record the signature under one version of the informed consent."""

    study: str
    subject: str
    version: str
    signed_on: date


@dataclass(frozen=True, slots=True)
class RecordFindings:
    """Record dated values as the site stated them; the dictionary of the protocol file says what may be stated."""

    study: str
    subject: str
    findings: tuple[Submission, ...]


@dataclass(frozen=True, slots=True)
class IncludeSubject:
    """Evaluate gate 1 as of a day, and include if it is passed."""

    study: str
    subject: str
    included_on: date


@dataclass(frozen=True, slots=True)
class AdministerCycle:
    """Record a run-in cycle that was given. Activities in MBq; None prescribed: what the protocol prescribes."""

    study: str
    subject: str
    cycle: int
    given_on: date
    prescribed_mbq: Decimal | None
    administered_mbq: Decimal


@dataclass(frozen=True, slots=True)
class EndRunIn:
    """Record that an included subject will not be randomized."""

    study: str
    subject: str
    reason: RunInExit
    ended_on: date


@dataclass(frozen=True, slots=True)
class RecordDeath:
    """Record a death."""

    study: str
    subject: str
    died_on: date
    cause: DeathCause


@dataclass(frozen=True, slots=True)
class StartNewTherapy:
    """Record an anticancer therapy outside the protocol."""

    study: str
    subject: str
    started_on: date
    therapy: TherapyClass


@dataclass(frozen=True, slots=True)
class RecordSurvivalContact:
    """Record that the subject was known to be alive."""

    study: str
    subject: str
    last_alive_on: date


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
