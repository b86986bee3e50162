"""What a quarantine needs from its keeper: sealed texts with where they were found, for a while."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final, Protocol
from uuid import UUID

from contracts.vocabulary.sealed import SealedText
from services.chassis.freetext.scan import Hit
from services.chassis.refusal import Refusal

TEXT_QUARANTINED: Final = Refusal(
    "text-quarantined",
    422,
    "The text holds what could identify a person: nothing was recorded, and it is held for somebody to look at.",
    "Leave out what stands at the places in `hits`; or, if it is nobody, have the text under this id released by"
    " another account and send it again.",
)
UNKNOWN_STUDY: Final = Refusal(
    "unknown-study", 404, "This installation does not run that study.", "Use the study id of a loaded protocol file."
)
UNKNOWN_TEXT: Final = Refusal(
    "unknown-quarantined-text",
    404,
    "No such text is held here.",
    "Use an id of the list: texts leave it when they are discarded, when their time is over, and with an erasure.",
)
TEXT_RELEASED: Final = Refusal(
    "text-already-released", 409, "The text was released.", "Send it again for the same subject and field."
)
OWN_TEXT: Final = Refusal(
    "own-text-not-released",
    403,
    "Nobody releases a text that came from the same account.",
    "Have another investigator of the site look at it.",
)

PURPOSE: Final = "quarantine"
"""Under which purpose texts are sealed here: in no field of a fact do they open."""
MOST: Final = 50
"""Texts of one subject that are held at a time. A further one is refused and not kept."""
SHOWN: Final = 200
"""Texts of one list."""


@dataclass(frozen=True, slots=True)
class About:
    """Whose a text is: `realm` and `scope` are for the service to know, `key_id` names the key of the person."""

    realm: str
    scope: str
    key_id: str


@dataclass(frozen=True, slots=True)
class Held:
    """A text that was not taken. `purpose` is that of the field it was for.

    `text` is None once it was released: then `digest`, over a salt of its own, recognises it when it comes again.
    """

    id: UUID
    about: About
    purpose: str
    hits: tuple[Hit, ...]
    salt: bytes
    digest: bytes
    text: SealedText | None
    sent_by: str
    since: datetime
    released_by: str | None = None
    released_at: datetime | None = None


class Quarantine(Protocol):
    """The texts. They are no part of the record: everything here may be forgotten."""

    async def hold(self, held: Held, same: Callable[[Held], bool]) -> Held | None:
        """Keep it, unless one for the same person and purpose is the same: then that one. What is kept.

        None where the subject has as many as it may. All of it at once: of two that come together one is kept.
        """
        ...

    async def of(self, key_id: str, purpose: str) -> Sequence[Held]:
        """Everything of a person for one purpose, what was released as well."""
        ...

    async def all(self, realm: str, scope: str) -> Sequence[Held]:
        """What waits in a scope to be looked at, oldest first, at most `SHOWN`."""
        ...

    async def one(self, realm: str, scope: str, text: UUID) -> Held:
        """Raises `Refused` (404)."""
        ...

    async def release(self, text: UUID, by: str, at: datetime) -> None:
        """Let it pass from now on, and forget its words. A second time changes nothing."""
        ...

    async def remove(self, realm: str, scope: str, text: UUID) -> None:
        """Forget it. Raises `Refused` (404)."""
        ...

    async def forget(self, key_id: str) -> None:
        """Forget everything of a person."""
        ...

    async def sweep(self, before: datetime) -> int:
        """Forget what is held since before then, released or not. How many."""
        ...
