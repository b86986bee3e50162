"""The identity of one command: what makes a repetition of it recognisable."""

from dataclasses import dataclass

from contracts.events.envelope import Provenance


@dataclass(frozen=True, slots=True)
class CommandId:
    """Under which key a command is answered once and for ever.

    `key` is already scoped: it names the caller and the route as well as what the caller sent, so that two callers
    can neither collide nor read each other's answers. `request_hash` (SHA-256, 32 bytes) tells a repetition from
    another request that reuses the key.
    """

    key: str
    request_hash: bytes


@dataclass(frozen=True, slots=True)
class Call:
    """Under which key, by whom, and on which version of the subject (If-Match) a command was sent."""

    command: CommandId
    provenance: Provenance
    if_match: int | None = None
