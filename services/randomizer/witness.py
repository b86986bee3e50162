"""Who stamps commitments: a time stamping authority (RFC 3161)."""

from services.chassis.unavailable import Unavailable
from services.randomizer.domain.commands import Stamp


class NoWitness:
    """None was configured: nothing is activated."""

    async def stamp(self, sha256: str) -> Stamp:
        """See `handlers.context.Witness`."""
        raise Unavailable("time-stamping-authority")
