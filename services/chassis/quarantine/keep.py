"""The way of a text about a person: taken if nobody is found in it or somebody let it pass, held otherwise."""

import hmac
import os
from datetime import datetime
from typing import Final
from uuid import uuid4

from services.chassis.freetext.clear import TEXT_IDENTIFIES, told
from services.chassis.freetext.scan import scan
from services.chassis.quarantine.port import PURPOSE, TEXT_QUARANTINED, About, Held, Quarantine
from services.chassis.refusal import Refused
from services.chassis.sealing.sealer import Sealer

_SALT_BYTES: Final = 16


async def must_pass(
    kept: Quarantine, sealer: Sealer, text: str, about: About, *, purpose: str, by: str, now: datetime
) -> None:
    """Hold a text in which somebody is found, sealed, and refuse it (422) with its places and its id.

    The same text again has the same id, and passes once it was released. Raises `Refused` (410) where the key was
    destroyed, (422) as well for a text that is too long or one more than may be held: those are not kept.
    """
    hits = scan(text)
    if not hits:
        return
    for held in await kept.of(about.key_id, purpose):
        if hmac.compare_digest(held.digest, _digest(held.salt, text)):
            if held.released_at is not None:
                return
            raise Refused(TEXT_QUARANTINED, quarantine=held.id, hits=told(hits))
    salt = os.urandom(_SALT_BYTES)
    sealed = await sealer.seal(about.key_id, text, purpose=PURPOSE)
    held = Held(uuid4(), about, purpose, hits, salt, _digest(salt, text), sealed, by, now)
    if not await kept.add(held):
        raise Refused(TEXT_IDENTIFIES, hits=told(hits))
    raise Refused(TEXT_QUARANTINED, quarantine=held.id, hits=told(hits))


def _digest(salt: bytes, text: str) -> bytes:
    return hmac.digest(salt, text.encode("utf-8"), "sha256")
