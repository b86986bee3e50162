"""What enrolment is sent about subjects. No field takes free text about a person (ruling 24)."""

from decimal import Decimal
from typing import Annotated

from pydantic import Field, StrictBool

from contracts.events.enrolment import Code
from contracts.vocabulary.clinical import DeathCause, RunInExit, Sex, TherapyClass
from contracts.vocabulary.identifiers import SiteId
from contracts.vocabulary.month import BirthMonth
from services.chassis.freetext.clear import ClearReason
from services.chassis.http.written import Day
from services.enrolment.bodies.body import MAX_FINDINGS, Body, Value
from services.enrolment.domain.findings import Submission

Why = Annotated[ClearReason, Field(examples=["The camera is out of order"])]


class SubjectBody(Body):
    """Somebody to enter in the screening log: no name, no initials, no day of birth."""

    site: SiteId = Field(examples=["01"])
    sex: Sex
    birth_month: BirthMonth = Field(examples=["1958-04"])
    screened_on: Day = Field(examples=["2026-02-02"])


class ConsentBody(Body):
    """A signed consent."""

    version: Code = Field(examples=["1.0"])
    signed_on: Day = Field(examples=["2026-02-02"])
    copy_given: StrictBool | None = Field(default=None, description="whether the subject has its copy", examples=[True])


class FindingBody(Body):
    """One dated value of a field of the protocol's dictionary. The unit is a UCUM code, needed for measurements."""

    field: Code = Field(examples=["platelets"])
    value: Value = Field(examples=["210"])
    unit: Annotated[str, Field(min_length=1, max_length=24)] | None = Field(default=None, examples=["10*9/L"])
    observed_on: Day = Field(examples=["2026-02-15"])

    def submission(self) -> Submission:
        """As the domain checks it: numbers as they were written."""
        value = str(self.value) if isinstance(self.value, Decimal) else self.value
        return Submission(self.field, value, self.observed_on, self.unit)


class FindingsBody(Body):
    """Findings that are recorded together or not at all."""

    findings: Annotated[tuple[FindingBody, ...], Field(min_length=1, max_length=MAX_FINDINGS)]


class InclusionBody(Body):
    """The day as of which gate 1 is evaluated: today, or the day on which the subject was included at the site."""

    included_on: Day | None = Field(default=None, description="today if absent", examples=["2026-03-01"])


class ExitBody(Body):
    """Why an included subject will not be randomized. A death is recorded as such and ends the run-in by itself."""

    reason: Annotated[
        RunInExit,
        Field(
            examples=[RunInExit.TOXICITY],
            json_schema_extra={"enum": [r.value for r in RunInExit if r is not RunInExit.DEATH]},
        ),
    ]
    ended_on: Day = Field(examples=["2026-04-20"])


class DeathBody(Body):
    """A death."""

    died_on: Day = Field(examples=["2026-05-17"])
    cause: DeathCause


class TherapyBody(Body):
    """An anticancer therapy outside the protocol."""

    started_on: Day = Field(examples=["2026-06-01"])
    therapy: TherapyClass


class SurvivalContactBody(Body):
    """Word that the subject is alive."""

    last_alive_on: Day = Field(examples=["2026-06-01"])
