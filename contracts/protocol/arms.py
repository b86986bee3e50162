"""The arms, and the method by which subjects are allocated to them."""

import re
from collections.abc import Mapping
from typing import Annotated, Final, Literal

from pydantic import BeforeValidator, Discriminator, Field

from contracts.protocol.factors import FactorId
from contracts.protocol.sourced import Positive, Sourced, Text

ArmCode = Annotated[str, Field(pattern=r"^[A-Z][A-Z0-9_]{0,15}$")]

_RATIONAL: Final = re.compile(r"(?=[0-9.]*[1-9])[0-9]{1,6}(/[1-9][0-9]{0,5}|\.[0-9]{1,6})?", re.ASCII)


def _rational(value: object) -> object:
    if not isinstance(value, str) or not _RATIONAL.fullmatch(value):
        raise ValueError('write a number greater than 0 as text, such as "1/3" or "0.8"')
    return value


Rational = Annotated[str, BeforeValidator(_rational, json_schema_input_type=str)]
"""An exact number, as text: `Fraction` reads it. A third has no decimal digits that end."""


class Arm(Sourced):
    """One arm: its share in the allocation ratio and the cycles that its subjects receive after randomization."""

    code: ArmCode
    name: Text
    ratio: Positive
    cycles: tuple[Positive, ...] = ()


class Complete(Sourced):
    """A fair coin for each subject (fair by the ratio), whatever came before."""

    method: Literal["complete"]


class PermutedBlocks(Sourced):
    """Blocks within each stratum. Their sizes are drawn at random among these."""

    method: Literal["stratified_permuted_blocks"]
    block_sizes: Annotated[tuple[Positive, ...], Field(min_length=1)]


class BigStick(Sourced):
    """A fair coin within each stratum until the imbalance, in subjects, reaches `mti`."""

    method: Literal["stratified_big_stick"]
    mti: Positive


class _Minimized(Sourced):
    """Balance over the margins: how imbalance is measured, the chance of the preferred arm, each factor's weight."""

    measure: Literal["range", "variance", "standard_deviation"]
    probability: Rational
    weights: Mapping[FactorId, Rational]


class Minimization(_Minimized):
    """Pocock and Simon's method."""

    method: Literal["minimization"]


class TwoStage(_Minimized):
    """Minimization as long as the imbalance within the stratum, in subjects, stays below `mti`."""

    method: Literal["two_stage"]
    mti: Positive


class ListImport(Sourced):
    """A list that the statistician imports, by stratum. Which list it is, the draft of the allocation says."""

    method: Literal["list_import"]


Randomization = Annotated[
    Complete | PermutedBlocks | BigStick | Minimization | TwoStage | ListImport, Discriminator("method")
]
"""How the randomizer allocates: a method with exactly its parameters."""
