"""Compare a log with what its consumers remember of it: they are witnesses that the owner cannot bribe."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from services.chassis.log.verify import Defect


@dataclass(frozen=True, slots=True)
class Testimony:
    """What a consumer holds of one fact: its place in the owner's log and the hash that the chain had there."""

    position: int
    chain: str


def compare(hashes: Mapping[int, str], testimonies: Iterable[Testimony], witness: str) -> tuple[Defect, ...]:
    """Positions where the witness holds another fact than the log, or one that the log does not have.

    `hashes` are those of the log by position. A chain that was recomputed as a whole is found here and only here.
    """
    defects = []
    for testimony in testimonies:
        found = hashes.get(testimony.position)
        if found is None:
            defects.append(Defect(testimony.position, f"{witness} holds a fact that the log does not have"))
        elif found != testimony.chain:
            defects.append(Defect(testimony.position, f"{witness} holds another fact than the log"))
    return tuple(defects)
