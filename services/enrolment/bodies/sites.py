"""What enrolment is sent about sites. No field takes free text about a person (ruling 24)."""

from typing import Annotated

from pydantic import Field, StringConstraints

from contracts.events.enrolment import Code
from contracts.vocabulary.duties import Duty
from contracts.vocabulary.identifiers import AccountId, SiteId
from services.chassis.freetext.clear import INSTITUTION
from services.chassis.http.written import Day
from services.enrolment.bodies.body import Body
from services.enrolment.bodies.subjects import Why


class SiteBody(Body):
    """A site to activate."""

    site: SiteId = Field(examples=["01"])
    name: Annotated[
        str,
        StringConstraints(strip_whitespace=True, min_length=1, max_length=120, pattern=r"^[^\x00-\x1f\x7f]*$"),
        INSTITUTION,
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
