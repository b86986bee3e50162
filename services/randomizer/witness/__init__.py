"""Who stamps commitments: a time stamping authority outside, our own one in embedded mode, or nobody."""

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


Chosen = AuthorityOverHttp | OwnWitness | NoWitness


def witness_of(settings: Settings, clock: Clock) -> Chosen:
    """The authority that the settings name; else in embedded mode that of the state directory, made at first use.

    Raises OSError when the file of certificates cannot be read, `NotBelieved` when it holds none, and `ExposedSecret`.
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
        return OwnWitness(LocalAuthority(settings.state_dir, clock=clock))
    return NoWitness()
