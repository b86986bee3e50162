"""What enrolment is sent and what it answers. No field takes free text about a person (ruling 24)."""

from decimal import Decimal
from typing import Annotated, Any, Final
from uuid import UUID

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, JsonValue, StrictBool, StringConstraints

from contracts.events.enrolment import Code
from contracts.vocabulary.clinical import DeathCause, RunInExit, Sex, TherapyClass
from contracts.vocabulary.duties import Duty
from contracts.vocabulary.identifiers import AccountId, SiteId
from contracts.vocabulary.month import BirthMonth
from services.chassis.freetext.clear import CLEAR
from services.chassis.http.written import Day
from services.enrolment.domain.findings import Submission

MAX_FINDINGS: Final = 200
MAX_TEXT: Final = 200


def _plain_value(value: object) -> object:
    """What a field of the dictionary can hold; which of them, its own entry says."""
    match value:
        case bool() | int() | Decimal():
            return value
        case str() if len(value) <= MAX_TEXT:
            return value
        case list() if len(value) <= MAX_TEXT and all(isinstance(v, str) and len(v) <= MAX_TEXT for v in value):
            return value
        case _:
            raise ValueError("true or false, a number, a short text, or a list of codes")


Value = Annotated[Any, BeforeValidator(_plain_value, json_schema_input_type=bool | int | float | str | list[str])]


class Body(BaseModel):
    """What every request body has in common: nothing that is not known."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class SiteBody(Body):
    """A site to activate."""

    site: SiteId = Field(examples=["01"])
    name: Annotated[
        str,
        StringConstraints(strip_whitespace=True, min_length=1, max_length=120, pattern=r"^[^\x00-\x1f\x7f]*$"),
        Field(description="name of the institution, never of a person", examples=["Centre 01"]),
    ]
    activated_on: Day = Field(examples=["2026-01-05"])
    consent_versions: Annotated[tuple[Code, ...], Field(min_length=1, max_length=50, examples=[["1.0"]])]


class RequirementBody(Body):
    """A point of the opening checklist that was met. The study's protocol file lists the points."""

    requirement: Code = Field(examples=["ETHICS_APPROVAL"])
    met_on: Day = Field(examples=["2025-11-20"])
    reference: Code = Field(description="where the document is filed; no names", examples=["TMF-04.01-0001"])
    version: Code | None = Field(default=None, description="of the protocol, where it matters", examples=["paper-2022"])


Why = Annotated[
    str,
    StringConstraints(strip_whitespace=True, min_length=3, max_length=500, pattern=r"^[^\x00-\x1f\x7f]*$"),
    CLEAR,
    Field(examples=["The camera is out of order"]),
]
"""Why. Kept in clear for ever: nothing about a person belongs in it."""


class PauseBody(Body):
    """Why a site is paused, and from which day on."""

    reason: Why
    paused_on: Day | None = Field(default=None, description="today if absent", examples=["2026-05-04"])


class ResumptionBody(Body):
    """Why a site is resumed, and from which day on."""

    reason: Why
    resumed_on: Day | None = Field(default=None, description="today if absent", examples=["2026-05-18"])


class DelegationBody(Body):
    """A duty to entrust, to the account that the person's tokens name, up to and including `until_on`."""

    person: AccountId = Field(description="an account, never a name", examples=["acc-3f1c0c64"])
    duty: Duty = Field(examples=[Duty.RANDOMIZE])
    from_on: Day = Field(examples=["2026-01-05"])
    until_on: Day | None = Field(default=None, description="until it is ended if absent", examples=["2026-12-31"])


class DelegationEndBody(Body):
    """The first day on which the person no longer has the duty."""

    ended_on: Day | None = Field(default=None, description="today if absent", examples=["2026-06-01"])


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


class RecordedFact(BaseModel):
    """A fact as it was recorded."""

    event_id: UUID
    type: str = Field(examples=["enrolment.subject-screened"])
    fact: dict[str, JsonValue]


class RecordedView(BaseModel):
    """What was recorded, all of it or nothing: first what was asked for, then what follows from it."""

    recorded: list[RecordedFact]
