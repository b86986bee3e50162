"""What the handlers of assessment work with, and what they have in common."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final
from typing import Protocol as Port
from uuid import UUID
from zoneinfo import ZoneInfo

from contracts.events.heard import Heard
from contracts.protocol.model import Protocol
from services.assessment.domain.facts import TextOpened, TextReleased
from services.assessment.domain.readings.decide import Rules
from services.assessment.domain.refusals.common import SUBJECT_ERASED, UNKNOWN_STUDY
from services.chassis.clock import Clock
from services.chassis.facts import Facts
from services.chassis.images import NONE, Images
from services.chassis.quarantine.port import Quarantine
from services.chassis.quarantine.texts import Texts
from services.chassis.refusal import Refused
from services.chassis.register import Register
from services.chassis.sealing.sealer import Sealer

HEARING_TIMEOUT: Final = 2.0
"""Seconds that a command waits for word of its subject."""


class Cases(Port):
    """The cases of the central review."""

    async def subject_of(self, study: str, case: UUID) -> str | None:
        """Whose case it is; None: there is no such case."""
        ...


@dataclass(frozen=True, slots=True)
class Context:
    """What the handlers work with."""

    facts: Facts
    protocols: Mapping[str, Protocol]
    clock: Clock
    sealer: Sealer
    quarantine: Quarantine
    register: Register
    cases: Cases
    images: Images = NONE
    hearing_timeout: float = HEARING_TIMEOUT

    @property
    def texts(self) -> Texts:
        """The free texts of this service, held ones as well."""
        return Texts(
            self.facts, self.sealer, self.quarantine, self.clock, self.protocols.keys(), TextOpened, TextReleased
        )

    def protocol(self, study: str) -> Protocol:
        """The protocol of a study. Raises `Refused` (404) for one that is not run here."""
        try:
            return self.protocols[study]
        except KeyError:
            raise Refused(UNKNOWN_STUDY) from None

    def today(self, protocol: Protocol) -> date:
        """The date in the trial's own time zone."""
        return self.clock().astimezone(ZoneInfo(protocol.study.time_zone)).date()

    async def not_erased(self, study: str, subject: str) -> None:
        """Raises `Refused` (410) for a subject that was erased: of it nothing is told, of no moment."""
        found = await self.register.subject(study, subject, until=_any, timeout=0.0)
        if found is not None and found.erased_on is not None:
            raise Refused(SUBJECT_ERASED, erased_on=found.erased_on)

    async def included(self, study: str, subject: str) -> Heard | None:
        """What has been heard of a subject, once that is its inclusion; waits a moment for word of it.

        Raises `Refused` (410) for one that was erased.
        """
        known = await self.register.subject(study, subject, until=_included, timeout=self.hearing_timeout)
        await self.not_erased(study, subject)
        return known


def rules_of(ctx: Context, protocol: Protocol) -> Rules:
    """What of a protocol the readings of its scans rest on, today."""
    return Rules(timepoints(protocol), protocol.tumour_response, ctx.today(protocol))


def timepoints(protocol: Protocol) -> tuple[str, ...]:
    """The timepoints of the protocol, in the order of its visits."""
    return tuple(visit.timepoint for visit in protocol.every_visit if visit.timepoint is not None)


def _included(known: Heard | None) -> bool:
    return known is not None and (
        (known.included_on is not None and known.consent_on is not None) or known.erased_on is not None
    )


def _any(known: Heard | None) -> bool:
    return True
