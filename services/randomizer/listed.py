"""The custodian of lists: has each sealed under a nonce of its own, opens it once, and hands out nothing but rows."""

import asyncio
import hmac
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from contracts.vocabulary.sealed import SealedText
from services.chassis.refusal import Refused
from services.chassis.sealing.sealer import Sealer
from services.randomizer.domain.configuration import Configuration
from services.randomizer.domain.draws import Words
from services.randomizer.domain.listing.rows import NONCE_BYTES, Rows, sha256
from services.randomizer.domain.refusals import LIST_EXHAUSTED

PURPOSE: Final = "allocation-list"

Places = Mapping[str, tuple[int, ...]]
"""Of each stratum the rows, an arm being its place among the configuration's arms."""


class ListNotAsSigned(Exception):
    """The list that was opened is not the one that was signed, or none for the configuration: nobody has a row of it.

    Says which one by its hash, and nothing of it.
    """


@dataclass(frozen=True, slots=True)
class SealedList:
    """A checked list as it may be written down: sealed with its nonce, and the hash over both."""

    text: SealedText
    sha256: str


@dataclass(frozen=True, slots=True, repr=False)
class Lists:
    """Lists in clear exist in here alone, for the life of the process."""

    sealer: Sealer
    _open: dict[tuple[str, str], Places] = field(default_factory=dict)
    _turn: asyncio.Lock = field(default_factory=asyncio.Lock)

    async def sealed(self, key_id: str, rows: Rows) -> SealedList:
        """Seal a checked list under this key. Only draws, and the lock, open it again."""
        nonce, text = secrets.token_bytes(NONCE_BYTES), rows.text()
        try:
            sealed = await self.sealer.seal(key_id, nonce.hex() + text, purpose=PURPOSE)
        except Exception as error:  # its frames hold the text, and a traceback can be printed with those
            raise error.with_traceback(None) from None
        return SealedList(sealed, sha256(nonce, text))

    async def told(self, list_sha256: str, sealed: SealedText | None) -> tuple[bytes, str]:
        """Nonce and rows in clear. Raises `ListNotAsSigned` for any other than the list of this hash."""
        if sealed is None:
            raise ListNotAsSigned(list_sha256)
        material = await self.sealer.unseal(sealed, purpose=PURPOSE)
        nonce, text = bytes.fromhex(material[: 2 * NONCE_BYTES]), material[2 * NONCE_BYTES :]
        if not hmac.compare_digest(sha256(nonce, text), list_sha256):
            raise ListNotAsSigned(list_sha256)
        return nonce, text

    async def same(self, list_sha256: str, sealed: SealedText, rows: Rows) -> bool:
        """Whether these are the rows that were sealed."""
        _, text = await self.told(list_sha256, sealed)
        return hmac.compare_digest(text.encode(), rows.text().encode())

    async def fits(self, configuration: Configuration, sealed: SealedText) -> bool:
        """Whether the list that a configuration names is one for its arms, ratio and strata."""
        _, text = await self.told(str(configuration.list_sha256), sealed)
        return Rows.of(text).fits(configuration)

    async def words(self, configuration: Configuration, sealed: SealedText | None) -> Words:
        """The rows of each stratum, one after the other, in place of random words. Opens the list once per process.

        A row that the list has not is refused: it never begins anew, and no row is taken from another stratum.
        """
        places = await self._places(configuration, sealed)

        def row(stratum: str, counter: int) -> int:
            rows = places[stratum]
            if not 0 <= counter < len(rows):
                raise Refused(LIST_EXHAUSTED)
            return rows[counter]

        return row

    async def _places(self, configuration: Configuration, sealed: SealedText | None) -> Places:
        """Asked again whether the list fits: a wrong one would allocate in silence."""
        named = (str(configuration.list_sha256), configuration.sha256)
        async with self._turn:
            if named not in self._open:
                _, text = await self.told(named[0], sealed)
                rows, codes = Rows.of(text), [arm.code for arm in configuration.arms]
                if not rows.fits(configuration):
                    raise ListNotAsSigned(named[0])
                self._open[named] = {key: tuple(map(codes.index, rows.sequence(key))) for key in rows.strata}
        return self._open[named]
