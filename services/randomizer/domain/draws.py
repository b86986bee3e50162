"""Uniform whole numbers from keyed hashes: no float, no modulo bias, and the same ones on every replay."""

import hashlib
import hmac
from collections.abc import Callable
from typing import Final, Never, SupportsIndex

from contracts.events.registry import canonical
from services.randomizer.domain.seed_health import weakness

SEED_BYTES: Final = 32
WORD_BITS: Final = 256

Words = Callable[[str, int], int]
"""Stratum and counter to a uniformly random whole number of `WORD_BITS` bits. The same question, the same answer."""


def below(words: Words, stratum: str, counter: int, bound: int) -> tuple[int, int]:
    """A uniform whole number in [0, bound), and the next counter that was not used.

    Takes the leading bits that can hold `bound - 1` and throws away what is too large. A remainder (`word % bound`)
    would favour the small numbers; a float would depend on the machine. A bound of 1 needs no randomness and uses
    no counter.
    """
    if not 1 <= bound <= 1 << WORD_BITS:
        raise ValueError(f"no whole number lies below {bound}")
    bits = (bound - 1).bit_length()
    while bits:
        value = words(stratum, counter) >> (WORD_BITS - bits)
        counter += 1
        if value < bound:
            return value, counter
    return 0, counter


class SeedTooWeak(Exception):
    """The bytes are not what a sound generator gives: nothing is sealed, committed to or drawn. `fault` says why."""

    def __init__(self, fault: str) -> None:
        super().__init__(fault)
        self.fault = fault


class Seed:
    """The secret of one allocation and the nonce that hides it in the commitment. Leaves this object only as draws.

    Neither printed, compared, copied nor pickled: an error page, a log line or a message to another process must
    not be able to carry it. `exposed` exists for the custodian alone, who seals it.
    """

    __slots__ = ("_nonce", "_secret")

    def __init__(self, secret: bytes, nonce: bytes) -> None:
        if len(secret) != SEED_BYTES or len(nonce) != SEED_BYTES:
            del secret, nonce  # whoever prints the traceback may print the variables as well
            raise ValueError(f"a seed and its nonce have {SEED_BYTES} bytes each")
        self._secret, self._nonce = secret, nonce

    @classmethod
    def revealed(cls, material: bytes) -> "Seed":
        """What `exposed` gave. Raises ValueError, without the bytes, for anything else."""
        if len(material) != 2 * SEED_BYTES:
            del material
            raise ValueError(f"a seed and its nonce have {SEED_BYTES} bytes each")
        return cls(material[:SEED_BYTES], material[SEED_BYTES:])

    def checked(self) -> "Seed":
        """This seed, if nothing speaks against its use. Raises `SeedTooWeak`."""
        if fault := weakness(self._secret, self._nonce):
            raise SeedTooWeak(fault)
        return self

    def exposed(self) -> bytes:
        """Seed and nonce as 64 bytes. To be sealed at once, and never kept in a variable that outlives that."""
        return self._secret + self._nonce

    def commitment(self, configuration_sha256: str) -> str:
        """Hex SHA-256(nonce || seed || configuration hash), of 32 raw bytes each.

        Without the nonce a seed that somebody thought up (a date, a name) could be found by trying.
        """
        return hashlib.sha256(self._nonce + self._secret + bytes.fromhex(configuration_sha256)).hexdigest()

    def words(self, study: str, configuration_sha256: str) -> Words:
        """HMAC-SHA256 over study, configuration, stratum and counter: no two of them share a draw."""
        keyed = hmac.new(self._secret, digestmod=hashlib.sha256)

        def word(stratum: str, counter: int) -> int:
            mac = keyed.copy()
            mac.update(canonical(["reluth/draw/1", study, configuration_sha256, stratum, counter]))
            return int.from_bytes(mac.digest(), "big")

        return word

    def __repr__(self) -> str:
        return "<Seed: sealed>"

    def __reduce_ex__(self, protocol: SupportsIndex) -> Never:
        raise TypeError("a seed is neither copied nor pickled")
