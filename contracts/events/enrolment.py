"""Facts of enrolment: sites, subjects, consent, gates, run-in cycles, visits."""

from datetime import date
from decimal import Decimal
from typing import Annotated
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from contracts.events.fact import SiteFact, SubjectFact
from contracts.events.registry import Upcaster
from contracts.vocabulary.clinical import DeathCause, RunInExit, Sex, TherapyClass, Verdict
from contracts.vocabulary.course import CycleReason
from contracts.vocabulary.duties import Duty
from contracts.vocabulary.identifiers import AccountId, SiteId
from contracts.vocabulary.logic import Truth
from contracts.vocabulary.month import BirthMonth

TOPIC = "reluth.enrolment"
Code = Annotated[str, Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9_.-]{0,63}$")]
Activity = Annotated[Decimal, Field(gt=0, max_digits=9, decimal_places=3)]


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="ignore")


class Finding(_Part):
    """A dated value of a field of the protocol file. `value` is its canonical text, `unit` its UCUM code."""

    field: Code
    value: Annotated[str, Field(max_length=200)]
    unit: Annotated[str, Field(max_length=40)] | None = None
    observed_on: date


class Input(_Part):
    """A value that a verdict used, and the fact it was taken from (none: supplied by the system itself)."""

    field: Code
    value: Annotated[str, Field(max_length=200)]
    unit: str | None = None
    observed_on: date | None = None
    event_id: UUID | None = None


class CriterionRow(_Part):
    """One criterion as evaluated. UNKNOWN never passes; `missing` names the fields that would decide it.

    `overridden` is the fact by which the sponsor let it stand in nobody's way for this subject: it passes whatever its
    outcome, which stays what it is (ruling 4).
    """

    criterion: Code
    outcome: Truth
    inputs: tuple[Input, ...] = ()
    missing: tuple[str, ...] = ()
    overridden: UUID | None = None


class FactorLevel(_Part):
    """The level of one factor, derived by rule from dated values, never taken from a caller (ruling 7)."""

    factor: Code
    level: Code
    inputs: tuple[Input, ...]


class ScheduledVisit(_Part):
    """A visit to come: its target date, and the first and the last day of its window."""

    visit: Code
    target_on: date
    earliest_on: date
    latest_on: date


class SiteActivated(SiteFact, name="enrolment.site-activated", version=1, topic=TOPIC):
    """A site may screen from this day on."""

    name: Annotated[str, Field(min_length=1, max_length=120)]
    activated_on: date
    consent_versions: tuple[Code, ...]


class SiteRequirementMet(SiteFact, name="enrolment.site-requirement-met", version=1, topic=TOPIC):
    """A point of the opening checklist was met on a day (trial-systems 1A row 24). A later one about it replaces it.

    Recorded is not enough: it counts for an activation on or after that day, and where the protocol file asks for a
    `version`, for that version of the protocol alone. `reference` finds the document in the trial master file.
    """

    requirement: Code
    met_on: date
    reference: Code
    version: Code | None = None


class SitePaused(SiteFact, name="enrolment.site-paused", version=1, topic=TOPIC):
    """From this day on nobody is screened, included or randomized at the site; the reason stands in the metadata.

    Everything about subjects already there goes on.
    """

    paused_on: date


class SiteResumed(SiteFact, name="enrolment.site-resumed", version=1, topic=TOPIC):
    """From this day on the site enrols again. The days since its pause stay closed."""

    resumed_on: date


class DutyDelegated(SiteFact, name="enrolment.duty-delegated", version=1, topic=TOPIC):
    """A duty was entrusted to a person at a site, from `from_on` up to and including `until_on` (none: until ended).

    This event's own id names the delegation.
    """

    person: AccountId
    duty: Duty
    from_on: date
    until_on: date | None = None


class DelegationEnded(SiteFact, name="enrolment.delegation-ended", version=1, topic=TOPIC):
    """A delegation is not in force from this day on; on the day it began: it never was. What was done under it stands.

    `delegation` is the event that recorded it.
    """

    delegation: UUID
    ended_on: date


class SubjectScreened(SubjectFact, name="enrolment.subject-screened", version=1, topic=TOPIC):
    """A person entered the screening log under a pseudonymous number; no name, initials or birth day (ruling 24)."""

    site: SiteId
    sex: Sex
    birth_month: BirthMonth
    screened_on: date


class ConsentSigned(SubjectFact, name="enrolment.consent-signed", version=1, topic=TOPIC):
    """The informed consent was signed in a version approved at the site. Nothing of the study comes before it.

    Signed again it is a later version. `copy_given`: the subject has its copy; None where that was not recorded.
    """

    version: Code
    signed_on: date
    copy_given: bool | None = None


class FindingsRecorded(SubjectFact, name="enrolment.findings-recorded", version=1, topic=TOPIC):
    """Dated values for criteria and strata. A later one for the same field and day corrects an earlier one."""

    findings: tuple[Finding, ...]


class EligibilityAssessed(SubjectFact, name="enrolment.eligibility-assessed", version=1, topic=TOPIC):
    """A gate was evaluated on the write side at that moment, with every row and what it used."""

    gate: Code
    assessed_on: date
    criteria_version: Code
    protocol_sha256: str
    verdict: Verdict
    rows: tuple[CriterionRow, ...]


class SubjectIncluded(SubjectFact, name="enrolment.subject-included", version=1, topic=TOPIC):
    """Gate 1 was passed: counted in the 176, treated from here on, followed whatever happens."""

    included_on: date
    assessment: UUID


class CycleAdministered(SubjectFact, name="enrolment.cycle-administered", version=2, topic=TOPIC):
    """A run-in cycle was given. Cycles after randomization reveal the arm and are not this fact.

    How many there are, the protocol says; version 1 knew of two at most.
    """

    cycle: Annotated[int, Field(ge=1)]
    given_on: date
    prescribed_mbq: Activity
    administered_mbq: Activity
    reduction_reason: CycleReason | None = None


class RandomizationAuthorized(SubjectFact, name="enrolment.randomization-authorized", version=2, topic=TOPIC):
    """Gate 2 was passed at that moment; the randomizer may allocate on this evidence (ruling 8).

    `tumour_assessment` and `tumour_assessment_position` are the assessment service's own event and log position; both
    are absent where the protocol assesses no tumour before randomization, and `rows` is empty where it has no second
    gate. `inclusion_assessment` is the evaluation of gate 1 that the inclusion names. `delegation` entrusted
    `requested_by` (an account) with randomizing at this site. The last four are absent only before sites kept
    delegations. Version 1 always had a tumour assessment.
    """

    authorized_on: date
    criteria_version: Code
    protocol_sha256: str
    rows: tuple[CriterionRow, ...]
    strata: tuple[FactorLevel, ...]
    consent: UUID
    tumour_assessment: UUID | None = None
    tumour_assessment_position: Annotated[int, Field(ge=1)] | None = None
    inclusion_assessment: UUID | None = None
    site_activation: UUID | None = None
    delegation: UUID | None = None
    requested_by: AccountId | None = None


class VisitsScheduled(SubjectFact, name="enrolment.visits-scheduled", version=1, topic=TOPIC):
    """Visits that follow from an anchor. The windows are deviation limits, not analysis windows (ruling 11)."""

    anchor: Code
    anchor_on: date
    visits: tuple[ScheduledVisit, ...]


class RunInEnded(SubjectFact, name="enrolment.run-in-ended", version=1, topic=TOPIC):
    """An included subject will not be randomized. Stays in the data and in survival follow-up (digest 1.5).

    `timepoint` is what the scan was made for that showed a progression; None where a person recorded the end.
    """

    reason: RunInExit
    ended_on: date
    timepoint: Code | None = None


class DeathRecorded(SubjectFact, name="enrolment.death-recorded", version=1, topic=TOPIC):
    """The subject died. Terminal: nothing clinical is dated after it."""

    died_on: date
    cause: DeathCause


class NewAnticancerTherapyStarted(SubjectFact, name="enrolment.new-anticancer-therapy-started", version=1, topic=TOPIC):
    """A therapy outside the protocol began; before month 6 it makes the primary endpoint a failure (ruling 13)."""

    started_on: date
    therapy: TherapyClass


class SurvivalContactRecorded(SubjectFact, name="enrolment.survival-contact-recorded", version=1, topic=TOPIC):
    """The subject was known to be alive on a day. Overall survival is censored at the last of these (digest 1.4)."""

    last_alive_on: date


FACTS = (
    SiteActivated,
    SiteRequirementMet,
    SitePaused,
    SiteResumed,
    DutyDelegated,
    DelegationEnded,
    SubjectScreened,
    ConsentSigned,
    FindingsRecorded,
    EligibilityAssessed,
    SubjectIncluded,
    CycleAdministered,
    RandomizationAuthorized,
    VisitsScheduled,
    RunInEnded,
    DeathRecorded,
    NewAnticancerTherapyStarted,
    SurvivalContactRecorded,
)

UPCASTERS = (
    # What version 1 had to have, version 2 may have: nothing is to be supplied.
    Upcaster(RandomizationAuthorized.type_name, 1, 2, dict),
    Upcaster(CycleAdministered.type_name, 1, 2, dict),
)
