"""What the benchmark knows of a peer. Standard library only, as everything that peers' own environment imports."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

PLACE = Path(__file__).resolve().parent.parent / ".peers"
PYTHON = PLACE / "venv" / "bin" / "python"
NODE_MODULES = PLACE / "node_modules"


@dataclass(frozen=True)
class Guarantees:
    """What the peer promises for an append, from its own documentation and source; "no" where it does not.

    `feed`: what a reader who tails all events may rely on.
    """

    check: str
    key: str
    outbox: str
    chain: str
    feed: str
    all_five: bool = False


@dataclass(frozen=True)
class Peer:
    """A log to compare with. `command`: its worker. `store`: "postgresql" for a database of ours, or "directory".

    `pools`: numbers of connections to choose from, by trying.
    """

    name: str
    version: str
    how: str
    guarantees: Guarantees
    command: Callable[[], list[str]]
    store: str = "postgresql"
    language: str = "python"
    pools: tuple[int, ...] = (4, 16, 48)
