"""The rows of a list as they are kept: short enough to be sealed whole, and one text for one list."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from contracts.events.registry import canonical
from services.randomizer.domain.configuration import Configuration

NONCE_BYTES: Final = 32
MAX_BYTES: Final = 32_000
"""Of the text of a list, so that it can be sealed together with its nonce: some 18,000 rows."""
_DIGITS: Final = "0123456789abcdefghijklmnopqrstuvwxyz"
MAX_ARMS: Final = len(_DIGITS)

Blocks = tuple[tuple[str, ...], ...]
"""The arms of a stratum's rows, block by block."""


@dataclass(frozen=True, slots=True, repr=False)
class Rows:
    """A list that was checked: arms by stratum, in order. Without a repr: it holds every arm to come."""

    study: str
    arms: tuple[str, ...]
    strata: Mapping[str, Blocks]

    def text(self) -> str:
        """Canonical JSON: a block is a word whose n-th letter is the place, in `arms`, of its n-th row's arm."""
        place = {arm: _DIGITS[n] for n, arm in enumerate(self.arms)}
        strata = {key: ["".join(place[arm] for arm in block) for block in told] for key, told in self.strata.items()}
        return canonical({"study": self.study, "arms": list(self.arms), "strata": strata}).decode()

    @classmethod
    def of(cls, text: str) -> "Rows":
        """What `text` gave. Raises ValueError, without a word of it, for anything else."""
        try:
            told = json.loads(text)
            arms = tuple(told["arms"])
            strata = {
                key: tuple(tuple(arms[_DIGITS.index(letter)] for letter in word) for word in words)
                for key, words in told["strata"].items()
            }
            return cls(told["study"], arms, strata)
        except (ValueError, LookupError, TypeError, AttributeError):
            raise ValueError("this is no list") from None

    def sequence(self, stratum: str) -> tuple[str, ...]:
        """The arms of a stratum's rows, in order."""
        return tuple(arm for block in self.strata.get(stratum, ()) for arm in block)

    def fits(self, configuration: Configuration) -> bool:
        """Whether it is a list for this study, with its arms in their ratio and exactly its strata."""
        return (
            self.study == configuration.study
            and self.arms == tuple(arm.code for arm in configuration.arms)
            and set(self.strata) == set(strata_of([(one.id, one.levels) for one in configuration.factors]))
            and all(
                _counts(block, self.arms) == configuration.block(len(block))
                for blocks in self.strata.values()
                for block in blocks
            )
        )


def sha256(nonce: bytes, text: str) -> str:
    """Hex SHA-256(nonce, rows). The nonce is what keeps the last rows from being found by trying."""
    if len(nonce) != NONCE_BYTES:
        raise ValueError(f"the nonce of a list has {NONCE_BYTES} bytes")
    return hashlib.sha256(nonce + text.encode()).hexdigest()


def strata_of(factors: Sequence[tuple[str, Sequence[str]]]) -> list[str]:
    """The key of every stratum, as `stratum_key` writes it."""
    keys = [""]
    for factor, levels in factors:
        keys = [f"{key},{factor}={level}" if key else f"{factor}={level}" for key in keys for level in levels]
    return keys


def _counts(block: Sequence[str], arms: Sequence[str]) -> dict[str, int]:
    return {arm: block.count(arm) for arm in arms}
