"""What the handlers work with, and what they ask of others."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Protocol
from zoneinfo import ZoneInfo

from contracts.protocol.model import Protocol as TrialProtocol
from contracts.protocol.versions import Versions
from services.chassis.clock import Clock
from services.chassis.facts import Facts
from services.chassis.refusal import Refused
from services.randomizer.custody import Custodian
from services.randomizer.domain.commands import Authorization, Stamp
from services.randomizer.domain.discrepancies import Derived
from services.randomizer.domain.refusals import UNKNOWN_STUDY
from services.randomizer.domain.state import INITIAL, Allocation, allocation_stream, evolve
from services.randomizer.handlers.balance import Balances


class Enrolment(Protocol):
    """What the randomizer asks of enrolment."""

    async def authorize(self, study: str, subject: str, key: str) -> Authorization:
        """Gate 2, evaluated now on enrolment's write side. The same `key` gets the same authorization.

        Raises `Refused` with enrolment's own code, or `Unavailable`.
        """
        ...

    async def strata_on(self, study: str, subject: str, on: date) -> Derived:
        """The strata of that clinical day, derived from what is recorded now. Nothing is recorded. Raises as above."""
        ...


class Witness(Protocol):
    """Somebody who says when they saw a hash: a time stamping authority (RFC 3161)."""

    async def stamp(self, sha256: str) -> Stamp:
        """A stamp over the 32 bytes of this hash (hex), verified before it is returned. Raises `Unavailable`."""
        ...


@dataclass(frozen=True)
class Context:
    """What the handlers work with."""

    facts: Facts
    protocols: Mapping[str, Versions]
    clock: Clock
    custodian: Custodian
    enrolment: Enrolment
    witness: Witness
    balances: Balances = field(default_factory=Balances)

    def protocol(self, study: str) -> TrialProtocol:
        """The newest version of a study's protocol: what an allocation is drafted from, the same in all versions.

        Raises `Refused`.
        """
        if study not in self.protocols:
            raise Refused(UNKNOWN_STUDY)
        return self.protocols[study].newest

    def named_by(self, study: str, authorization: Authorization) -> TrialProtocol:
        """The version that an authorization was given under, if it is one of this study; else the newest.

        Which version is in force at a site is enrolment's to say; that it is one that was read here too, is not.
        """
        return self.protocols[study].hashed(authorization.protocol_sha256) or self.protocol(study)

    def today(self, study: str) -> date:
        """The trial's calendar day."""
        return self.clock().astimezone(ZoneInfo(self.protocol(study).study.time_zone)).date()

    async def allocation(self, study: str) -> Allocation:
        """The allocation as it is now."""
        return (await self.facts.load(allocation_stream(study), INITIAL, evolve)).state
