"""The custodian of seeds: makes them, has them sealed, opens each once, and hands out nothing but draws."""

import asyncio
import hmac
import secrets
from dataclasses import dataclass, field
from typing import Final

from contracts.vocabulary.sealed import SealedText
from services.chassis.refusal import Refused
from services.chassis.sealing.sealer import Sealer
from services.randomizer.domain.commands import Revealed
from services.randomizer.domain.draws import SEED_BYTES, Seed, SeedTooWeak, Words
from services.randomizer.domain.refusals import SEED_TOO_WEAK
from services.randomizer.domain.state import Activation, Allocation
from services.randomizer.listed import Lists

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
    lists: Lists = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "lists", Lists(self.sealer))

    async def new_seed(self, study: str, configuration_sha256: str) -> Sealed:
        """A seed from the system's generator, sealed at once. It is opened again from the log, like any other.

        Raises `Refused` when the generator gave something that is not to be used.
        """
        try:
            seed = Seed(secrets.token_bytes(SEED_BYTES), secrets.token_bytes(SEED_BYTES)).checked()
        except SeedTooWeak as weak:
            raise Refused(SEED_TOO_WEAK, fault=weak.fault) from None
        text = await self._sealed(study, seed)
        return Sealed(text, seed.commitment(configuration_sha256))

    async def _sealed(self, study: str, seed: Seed) -> SealedText:
        """Hazard: whatever fails on the way holds the text as a variable, and a traceback can be printed with those."""
        try:
            return await self.sealer.seal(key_of(study), seed.exposed().hex(), purpose=PURPOSE)
        except Exception as error:
            raise error.with_traceback(None) from None

    async def draws(self, state: Allocation) -> Words:
        """The draws of the version in force, or the rows of its list. Opens its seed once per process.

        Raises `SeedNotAsCommitted`, `SeedTooWeak`, `SealBroken`, `UnknownKek`: whoever meets them allocates nobody.
        Of a list `ListNotAsSigned`; its rows raise `Refused` where it has ended.
        """
        if state.activation is None:
            raise ValueError("an allocation without a seed has no draws")
        activated = state.activation.fact
        seed = await self._opened(state.activation)
        if state.configuration is not None and state.configuration.strategy == "list_import":
            return await self.lists.words(state.configuration, state.activation.sealed_list)
        return seed.words(activated.study, activated.configuration_sha256)

    async def revealed(self, state: Allocation) -> list[Revealed]:
        """Every seed and list in clear, for the moment of the lock alone. Raises as `draws` does."""
        told = []
        for one in state.activations:
            material = (await self._opened(one)).exposed()
            seed, nonce = material[:SEED_BYTES].hex(), material[SEED_BYTES:].hex()
            listed = state.drafts[one.version].configuration.list_sha256
            told.append(Revealed(one.version, one.fact.commitment, seed, nonce, *await self._list_of(one, listed)))
        return told

    async def _list_of(self, activation: Activation, list_sha256: str | None) -> tuple[str | None, str | None]:
        """Nonce and rows of a version's list; neither, where it has none."""
        if list_sha256 is None:
            return None, None
        nonce, rows = await self.lists.told(list_sha256, activation.sealed_list)
        return nonce.hex(), rows

    async def _opened(self, activation: Activation) -> Seed:
        activated = activation.fact
        async with self._turn:
            seed = self._open.get(activated.commitment)
            if seed is None:
                seed = Seed.revealed(bytes.fromhex(await self.sealer.unseal(activation.sealed, purpose=PURPOSE)))
                found = seed.commitment(activated.configuration_sha256)
                if not hmac.compare_digest(found, activated.commitment):
                    raise SeedNotAsCommitted(activated.study)
                seed.checked()
                self._open[activated.commitment] = seed
        return seed
