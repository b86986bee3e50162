"""What the handlers of dosimetry work with, and what they have in common."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final
from uuid import UUID
from zoneinfo import ZoneInfo

from contracts.events.fact import Fact
from contracts.events.heard import Heard
from contracts.protocol.dosimetry import Dosimetry
from contracts.protocol.model import Protocol
from services.chassis.clock import Clock
from services.chassis.facts import Answer, Facts
from services.chassis.images import NONE, Images
from services.chassis.refusal import Refused
from services.chassis.register import Register
from services.dosimetry.domain.refusals import SUBJECT_ERASED, UNKNOWN_STUDY
from services.dosimetry.domain.standing import described

HEARING_TIMEOUT: Final = 2.0
"""Seconds that a command waits for word of its subject."""


@dataclass(frozen=True, slots=True)
class Context:
    """What the handlers work with."""

    facts: Facts
    protocols: Mapping[str, Protocol]
    clock: Clock
    register: Register
    software: str
    """Name and version of this program, as a dose names it."""
    images: Images = NONE
    hearing_timeout: float = HEARING_TIMEOUT

    def protocol(self, study: str) -> Protocol:
        """The protocol of a study that has dosimetry. Raises `Refused` (404) for any other."""
        try:
            protocol = self.protocols[study]
        except KeyError:
            raise Refused(UNKNOWN_STUDY) from None
        described(protocol)
        return protocol

    def dosimetry(self, study: str) -> Dosimetry:
        """What the protocol says of dosimetry. Raises `Refused` (404)."""
        return described(self.protocol(study))

    def today(self, protocol: Protocol) -> date:
        """The date in the trial's own time zone."""
        return self.clock().astimezone(zone_of(protocol)).date()

    async def not_erased(self, study: str, subject: str) -> None:
        """Raises `Refused` (410) for a subject that was erased: of it nothing is told, of no moment."""
        found = await self.register.subject(study, subject, until=lambda _: True, timeout=0.0)
        if found is not None and found.erased_on is not None:
            raise Refused(SUBJECT_ERASED, erased_on=found.erased_on)

    async def included(self, study: str, subject: str) -> Heard | None:
        """What has been heard of a subject, once that is its inclusion; waits a moment for word of it.

        Raises `Refused` (410) for one that was erased.
        """
        known = await self.register.subject(study, subject, until=_included, timeout=self.hearing_timeout)
        if known is not None and known.erased_on is not None:
            raise Refused(SUBJECT_ERASED, erased_on=known.erased_on)
        return known


def zone_of(protocol: Protocol) -> ZoneInfo:
    """The trial's own time zone."""
    return ZoneInfo(protocol.study.time_zone)


def created(ids: Sequence[UUID], facts: Sequence[Fact], **more: Any) -> Answer:
    """What was recorded: the first fact is what was asked for, the others belong to it."""
    recorded = [
        {"event_id": str(event_id), "type": fact.type_name, "fact": fact.model_dump(mode="json")}
        for event_id, fact in zip(ids, facts, strict=True)
    ]
    return Answer(201, {"recorded": recorded, **more})


def _included(known: Heard | None) -> bool:
    return known is not None and (
        (known.included_on is not None and known.consent_on is not None) or known.erased_on is not None
    )
