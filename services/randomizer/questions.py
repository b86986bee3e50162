"""What the randomizer asks of enrolment, over HTTP, as the person who asks the randomizer."""

from collections.abc import Sequence
from datetime import date
from typing import Final
from uuid import UUID

from pydantic import BaseModel, ConfigDict, ValidationError

from contracts.events.enrolment import FactorLevel, RandomizationAuthorized
from contracts.events.randomization import Code, Sha256
from services.chassis.auth.outgoing import Upstream, UpstreamRefused, path
from services.chassis.http.refusals import KEY_REUSED, UPSTREAM_FAILED, VERSION_CONFLICT
from services.chassis.refusal import Refused
from services.chassis.unavailable import Unavailable
from services.randomizer.domain.commands import Authorization
from services.randomizer.domain.discrepancies import Derived

ENROLMENT: Final = "enrolment"
_AUTHORIZATIONS: Final = "/studies/{study}/subjects/{subject}/randomization-authorizations"
_STRATA: Final = "/studies/{study}/subjects/{subject}/strata"


class _Told(BaseModel):
    """Only what is needed is read: enrolment may say more, and more again tomorrow."""

    model_config = ConfigDict(extra="ignore", frozen=True)


class _Authorized(_Told):
    """Everything that an allocation rests on: enrolment's contract has more of it optional than an allocation has.

    A tumour assessment is part of it where the protocol has one before randomization; enrolment authorizes by it.
    """

    study: str
    subject: str
    authorized_on: date
    criteria_version: str
    protocol_sha256: str
    strata: tuple[FactorLevel, ...]
    consent: UUID
    inclusion_assessment: UUID
    tumour_assessment: UUID | None
    site_activation: UUID
    delegation: UUID
    requested_by: str


class _Derived(_Told):
    subject: str
    on: date
    criteria_version: Code
    protocol_sha256: Sha256
    strata: tuple[FactorLevel, ...]


class _Named(_Told):
    type: str


class _Recorded(_Named):
    event_id: UUID
    fact: _Authorized


class _Answer(_Told):
    recorded: Sequence[object]


class EnrolmentOverHttp:
    """The port `handlers.Enrolment`."""

    def __init__(self, upstream: Upstream) -> None:
        self._upstream = upstream

    async def authorize(self, study: str, subject: str, key: str) -> Authorization:
        """See `handlers.Enrolment.authorize`."""
        address = path(_AUTHORIZATIONS, study=study, subject=subject)
        try:
            reply = await self._upstream.post(address, None, key=key)
        except UpstreamRefused as refused:
            match refused.refusal.code:
                case VERSION_CONFLICT.code:  # somebody wrote about the subject at that moment: no verdict was given
                    raise Unavailable(ENROLMENT) from None
                case KEY_REUSED.code:  # the key is ours: the caller can do nothing about it
                    raise Refused(UPSTREAM_FAILED, upstream=ENROLMENT) from None
            raise
        try:
            return _authorization(reply.body)
        except ValidationError:
            raise Refused(UPSTREAM_FAILED, upstream=ENROLMENT, status=reply.status) from None

    async def strata_on(self, study: str, subject: str, on: date) -> Derived:
        """See `handlers.Enrolment.strata_on`."""
        address = path(_STRATA, study=study, subject=subject)
        reply = await self._upstream.get(address, query={"on": on.isoformat()})
        try:
            told = _Derived.model_validate(reply.body)
        except ValidationError:
            raise Refused(UPSTREAM_FAILED, upstream=ENROLMENT, status=reply.status) from None
        if (told.subject, told.on) != (subject, on):  # an answer to another question
            raise Refused(UPSTREAM_FAILED, upstream=ENROLMENT, status=reply.status)
        return Derived(study, **{name: getattr(told, name) for name in _Derived.model_fields})


def _authorization(body: object) -> Authorization:
    """The authorization among the facts that were recorded. Raises ValidationError for any other answer."""
    recorded = _Answer.model_validate(body).recorded
    named = [one for one in recorded if _Named.model_validate(one).type == RandomizationAuthorized.type_name]
    told = _Recorded.model_validate(named[0] if named else None)
    return Authorization(
        event_id=told.event_id, **{name: getattr(told.fact, name) for name in _Authorized.model_fields}
    )
