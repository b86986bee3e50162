"""Who stamps commitments: a time stamping authority outside, our own one in embedded mode, or nobody."""

from dataclasses import dataclass
from pathlib import Path

from services.chassis.clock import Clock
from services.chassis.refusal import Refused
from services.chassis.settings import Mode, Settings
from services.randomizer.domain.commands import Stamp
from services.randomizer.domain.refusals import NO_AUTHORITY
from services.randomizer.witness.authority import LocalAuthority, OwnWitness
from services.randomizer.witness.over_http import AuthorityOverHttp


class NoWitness:
    """None was configured: nothing is activated."""

    async def stamp(self, sha256: str) -> Stamp:
        """See `handlers.context.Witness`."""
        raise Refused(NO_AUTHORITY)


@dataclass(frozen=True, slots=True)
class Embedded:
    """Our own authority, its key made when the first stamp is asked for: a command that only looks creates nothing."""

    state_dir: Path
    clock: Clock

    async def stamp(self, sha256: str) -> Stamp:
        """See `handlers.context.Witness`. Raises `ExposedSecret` when others can read the key."""
        return await OwnWitness(LocalAuthority(self.state_dir, clock=self.clock)).stamp(sha256)


Chosen = AuthorityOverHttp | Embedded | NoWitness


def witness_of(settings: Settings, clock: Clock) -> Chosen:
    """The authority that the settings name; else in embedded mode that of the state directory.

    Raises OSError when the file of certificates cannot be read, `NotBelieved` when it holds none.
    """
    if settings.timestamp_url is not None and settings.timestamp_ca_file is not None:
        return AuthorityOverHttp(
            settings.timestamp_url,
            settings.timestamp_ca_file.read_bytes(),
            clock,
            timeout=settings.timestamp_timeout,
            tolerance=settings.timestamp_tolerance,
        )
    if settings.mode is Mode.EMBEDDED:
        return Embedded(settings.state_dir, clock)
    return NoWitness()
