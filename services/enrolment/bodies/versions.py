"""What enrolment is sent of versions: of the protocol and of the consent."""

from pydantic import Field

from contracts.events.enrolment import Code
from services.chassis.http.written import Day
from services.enrolment.bodies.body import Body


class AmendmentBody(Body):
    """A later version of the protocol, and the day from which the site works by it."""

    protocol_version: Code = Field(examples=["paper-2022-a1"])
    effective_on: Day = Field(description="may lie ahead", examples=["2026-09-01"])


class ConsentVersionBody(Body):
    """A version of the consent, the day from which it is used, and until when others sign it if they have to."""

    version: Code = Field(examples=["2.0"])
    approved_from: Day = Field(description="may lie ahead", examples=["2026-09-01"])
    reconsent_by: Day | None = Field(default=None, description="nobody has to if absent", examples=["2026-12-01"])
