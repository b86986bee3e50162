"""Opening an allocation as people do it: one drafts, two sign what they have read, the sponsor activates."""

from collections.abc import Mapping
from typing import Any, Final, Protocol

SIGNERS: Final = ("sponsor", "statistician")
_DONE: Final = frozenset({"signed-already", "allocation-already-active"})


class Office(Protocol):
    """Whoever talks to the randomizer for the sponsor. A key that is sent again gets its first answer."""

    async def read(self, path: str, role: str) -> Any:
        """What stands below the study's address."""
        ...

    async def send(self, path: str, body: Mapping[str, Any], role: str, key: str) -> tuple[str | None, Any]:
        """The code of the refusal, or None, and the answer."""
        ...


class NotOpened(Exception):
    """The randomizer refused a step."""


async def open_allocation(office: Office, run: str) -> None:
    """Open the allocation, or go on where somebody was stopped who began to. `run` tells the keys apart.

    The newest draft is taken whoever made it: two who were stopped half way must not supersede each other for ever.
    """
    if (await office.read("allocation", "sponsor"))["status"] != "not-activated":
        return
    drafts = await office.read("allocation/drafts", "sponsor")
    draft = drafts[-1] if drafts else await _sent(office, "allocation/drafts", _because, "sponsor", f"{run}-draft")
    version = draft["version"]
    signature = {**_because, "configuration_sha256": draft["configuration_sha256"]}
    of_version, key = f"allocation/drafts/{version}", f"{run}-allocation-{version}"
    for role in SIGNERS:
        await _sent(office, f"{of_version}/signatures", signature, role, f"{key}-{role}")
    await _sent(office, f"{of_version}/activation", {}, "sponsor", key)


_because: Final = {"reason": "As the protocol says"}


async def _sent(office: Office, path: str, body: Mapping[str, Any], role: str, key: str) -> Any:
    refused, answer = await office.send(path, body, role, key)
    if refused is not None and refused not in _DONE:
        raise NotOpened(f"{path}: {refused}")
    return answer
