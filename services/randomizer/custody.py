"""The custodian of seeds: makes them, has them sealed, opens each once, and hands out nothing but draws."""

import asyncio
import hmac
import secrets
from dataclasses import dataclass, field
from typing import Final

from contracts.vocabulary.sealed import SealedText
from services.chassis.sealing.sealer import Sealer
from services.randomizer.domain.commands import Revealed
from services.randomizer.domain.draws import SEED_BYTES, Seed, Words
from services.randomizer.domain.state import Activation, Allocation

PURPOSE: Final = "allocation-seed"


def key_of(study: str) -> str:
    """The id of the data key that a study's seed is sealed under."""
    return f"allocation/{study}"


class SeedNotAsCommitted(Exception):
    """The seed that was opened is not the one that the log commits to: nothing may be drawn from it."""


@dataclass(frozen=True, slots=True)
class Sealed:
    """A new seed as it may be written down: sealed, and committed to."""

    text: SealedText
    commitment: str


@dataclass(frozen=True, slots=True, repr=False)
class Custodian:
    """Seeds in clear exist in here alone, for the life of the process."""

    sealer: Sealer
    _open: dict[str, Seed] = field(default_factory=dict)
    _turn: asyncio.Lock = field(default_factory=asyncio.Lock)

    async def new_seed(self, study: str, configuration_sha256: str) -> Sealed:
        """A seed from the system's generator, sealed at once. It is opened again from the log, like any other."""
        seed = Seed(secrets.token_bytes(SEED_BYTES), secrets.token_bytes(SEED_BYTES))
        text = await self.sealer.seal(key_of(study), seed.exposed().hex(), purpose=PURPOSE)
        return Sealed(text, seed.commitment(configuration_sha256))

    async def draws(self, state: Allocation) -> Words:
        """The draws of the version in force. Opens its seed once per process.

        Raises `SeedNotAsCommitted`, `SealBroken`, `UnknownKek`: whoever meets them allocates nobody.
        """
        if state.activation is None:
            raise ValueError("an allocation without a seed has no draws")
        activated = state.activation.fact
        seed = await self._opened(state.activation)
        return seed.words(activated.study, activated.configuration_sha256)

    async def revealed(self, state: Allocation) -> list[Revealed]:
        """Every seed in clear, for the moment of the lock alone. Raises as `draws` does."""
        told = []
        for one in state.activations:
            material = (await self._opened(one)).exposed()
            seed, nonce = material[:SEED_BYTES].hex(), material[SEED_BYTES:].hex()
            told.append(Revealed(one.version, one.fact.commitment, seed, nonce))
        return told

    async def _opened(self, activation: Activation) -> Seed:
        activated = activation.fact
        async with self._turn:
            seed = self._open.get(activated.commitment)
            if seed is None:
                seed = Seed.revealed(bytes.fromhex(await self.sealer.unseal(activation.sealed, purpose=PURPOSE)))
                found = seed.commitment(activated.configuration_sha256)
                if not hmac.compare_digest(found, activated.commitment):
                    raise SeedNotAsCommitted(activated.study)
                self._open[activated.commitment] = seed
        return seed
