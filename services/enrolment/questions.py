"""What enrolment asks of assessment, over HTTP, as the person who asks enrolment."""

from datetime import date, datetime
from typing import Final
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from contracts.vocabulary.response import Response
from services.chassis.auth.outgoing import Upstream, UpstreamRefused, path
from services.chassis.http.refusals import UPSTREAM_FAILED
from services.chassis.refusal import Refused
from services.enrolment.domain.known import ScanEvidence

ASSESSMENT: Final = "assessment"
NONE_THERE: Final = "tumour-assessment-not-found"
_EVIDENCE: Final = "/studies/{study}/subjects/{subject}/tumour-assessments/{timepoint}/evidence"


class _Evidence(BaseModel):
    """Only what is needed is read: assessment may say more, and more again tomorrow."""

    model_config = ConfigDict(extra="ignore", frozen=True)

    event_id: UUID
    position: int = Field(ge=1)
    scan_on: date
    response: Response


class AssessmentOverHttp:
    """The port `handlers.TumourAssessments`."""

    def __init__(self, upstream: Upstream) -> None:
        self._upstream = upstream

    async def standing(
        self, study: str, subject: str, timepoint: str, *, as_of: datetime | None = None
    ) -> ScanEvidence | None:
        """See `handlers.TumourAssessments.standing`. An answer that makes no sense is never read as "none"."""
        try:
            at = path(_EVIDENCE, study=study, subject=subject, timepoint=timepoint)
            reply = await self._upstream.get(at, query={"as_of": as_of.isoformat()} if as_of else None)
        except UpstreamRefused as refused:
            if refused.refusal.code == NONE_THERE:
                return None
            raise
        try:
            told = _Evidence.model_validate(reply.body)
        except ValidationError:
            raise Refused(UPSTREAM_FAILED, upstream=ASSESSMENT) from None
        return ScanEvidence(told.event_id, told.position, told.scan_on, told.response)
