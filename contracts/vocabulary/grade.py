"""Severity of an adverse event, CTCAE. Which grades a term has is the safety service's dictionary."""

from enum import IntEnum


class Grade(IntEnum):
    """0 is "within limits"; 5 is death. Laboratory terms never reach 5 (safety 2.3, C8)."""

    G0 = 0
    G1 = 1
    G2 = 2
    G3 = 3
    G4 = 4
    G5 = 5
