"""Kleene's strong three-valued logic: what is not known stays visible until it cannot matter any more."""

from collections.abc import Iterable
from enum import StrEnum


class Truth(StrEnum):
    """TRUE, FALSE or UNKNOWN. Has no truth value in Python on purpose.

    `if outcome:` would let UNKNOWN pass a gate, because a non-empty string is true; here it raises TypeError.
    """

    TRUE = "TRUE"
    FALSE = "FALSE"
    UNKNOWN = "UNKNOWN"

    def __bool__(self) -> bool:
        raise TypeError("a three-valued outcome is not a bool: compare it with `is Truth.TRUE`")

    def __and__(self, other: "Truth") -> "Truth":
        return all_of((self, other))

    def __or__(self, other: "Truth") -> "Truth":
        return any_of((self, other))

    def __invert__(self) -> "Truth":
        return _NEGATION[self]

    @classmethod
    def of(cls, known: bool) -> "Truth":
        """TRUE or FALSE from something that is known."""
        return cls.TRUE if known else cls.FALSE


_NEGATION = {Truth.TRUE: Truth.FALSE, Truth.FALSE: Truth.TRUE, Truth.UNKNOWN: Truth.UNKNOWN}


def all_of(outcomes: Iterable[Truth]) -> Truth:
    """Conjunction: FALSE if any is FALSE, else UNKNOWN if any is UNKNOWN, else TRUE (also when empty)."""
    seen = set(outcomes)
    if Truth.FALSE in seen:
        return Truth.FALSE
    return Truth.UNKNOWN if Truth.UNKNOWN in seen else Truth.TRUE


def any_of(outcomes: Iterable[Truth]) -> Truth:
    """Disjunction: TRUE if any is TRUE, else UNKNOWN if any is UNKNOWN, else FALSE (also when empty)."""
    seen = set(outcomes)
    if Truth.TRUE in seen:
        return Truth.TRUE
    return Truth.UNKNOWN if Truth.UNKNOWN in seen else Truth.FALSE
