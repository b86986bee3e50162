"""What an allocation is drawn from: arms, ratio, factors, block sizes. Its hash is part of every draw."""

import hashlib
from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import Annotated, Any, Final, Literal, Self, TypeVar

from pydantic import (
    BaseModel,
    ConfigDict,
    Field,
    SerializerFunctionWrapHandler,
    StrictInt,
    ValidationError,
    model_serializer,
    model_validator,
)

from contracts.events.randomization import Code, Sha256, StratumLevel
from contracts.events.registry import canonical
from contracts.protocol.arms import ArmCode, PermutedBlocks
from contracts.protocol.factors import FactorId
from contracts.protocol.model import Protocol
from contracts.protocol.study import TEST_SUFFIX, kind_of
from contracts.vocabulary.identifiers import StudyId
from services.chassis.refusal import Refused
from services.randomizer.domain.rational import Rational
from services.randomizer.domain.refusals import DESIGN_UNUSABLE

CAP: Final = "randomized"
"""The protocol's name for the number of subjects that may be randomized (ruling 3)."""

T = TypeVar("T")
Share = Annotated[StrictInt, Field(ge=1)]


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Arm(_Part):
    """An arm and its share in the allocation ratio."""

    code: ArmCode
    ratio: Share


class Factor(_Part):
    """A stratification factor and the levels it has."""

    id: FactorId
    levels: Annotated[tuple[Code, ...], Field(min_length=2)]


class Weight(_Part):
    """How much a factor counts in minimization."""

    factor: FactorId
    weight: Rational


Method = Literal[
    "complete", "stratified_permuted_blocks", "minimization", "stratified_big_stick", "two_stage", "list_import"
]
Measure = Literal["range", "variance", "standard_deviation"]

SCHEMES: Final[Mapping[Method, str]] = {
    "complete": "reluth/complete/1",
    "stratified_permuted_blocks": "reluth/permuted-blocks/1",
    "minimization": "reluth/minimization/1",
    "stratified_big_stick": "reluth/big-stick/1",
    "two_stage": "reluth/two-stage/1",
    "list_import": "reluth/list/1",
}
"""The name of the whole way from seed to arm (docs/adr/0009-allocation.md): another way is another scheme."""

_MINIMIZED: Final = frozenset({"measure", "probability", "weights"})
PARAMETERS: Final[Mapping[Method, frozenset[str]]] = {
    "complete": frozenset(),
    "stratified_permuted_blocks": frozenset({"block_sizes"}),
    "minimization": _MINIMIZED,
    "stratified_big_stick": frozenset({"mti"}),
    "two_stage": _MINIMIZED | {"mti"},
    "list_import": frozenset({"list_sha256"}),
}
"""What each strategy needs to be told, and nothing else may be told it."""


class Configuration(_Part):
    """Everything that decides which draw leads to which arm. Order counts: of arms, of factors, of block sizes.

    Absent parameters are absent from the canonical JSON. The cap is not part of it: raising it must not change a draw.
    `kind` is there for a test study alone.
    """

    scheme: str
    study: StudyId
    kind: Literal["test"] | None = None
    strategy: Method
    arms: Annotated[tuple[Arm, ...], Field(min_length=2)]
    factors: tuple[Factor, ...]
    block_sizes: Annotated[tuple[Share, ...], Field(min_length=1)] | None = None
    mti: Share | None = None
    """Maximum tolerated imbalance within a stratum, in subjects."""
    measure: Measure | None = None
    probability: Rational | None = None
    """Of the arm that minimization prefers, in (0.5, 1)."""
    weights: tuple[Weight, ...] | None = None
    list_sha256: Sha256 | None = None

    @model_validator(mode="before")
    @classmethod
    def _names_its_scheme(cls, given: Any) -> Any:
        if isinstance(given, Mapping) and "scheme" not in given:
            return {"scheme": SCHEMES.get(given.get("strategy", ""), ""), **given}
        return given

    @model_serializer(mode="wrap")
    def _without_what_is_absent(self, dump: SerializerFunctionWrapHandler) -> dict[str, Any]:
        return {name: value for name, value in dump(self).items() if value is not None}

    @model_validator(mode="after")
    def _holds_together(self) -> Self:
        for what, names in (
            ("arm", [arm.code for arm in self.arms]),
            ("factor", [factor.id for factor in self.factors]),
            ("block size", list(map(str, self.block_sizes or ()))),
            *(("level of " + factor.id, list(factor.levels)) for factor in self.factors),
        ):
            if len(set(names)) < len(names):
                raise ValueError(f"{what}: one appears twice")
        if (self.kind or "production") != kind_of(self.study):
            raise ValueError(f"the id of a test study ends in {TEST_SUFFIX}, and no other study's does")
        if self.scheme != SCHEMES[self.strategy]:
            raise ValueError(f"{self.strategy} is {SCHEMES[self.strategy]}; this program knows no other")
        told = {name for name in frozenset[str]().union(*PARAMETERS.values()) if getattr(self, name) is not None}
        if told != PARAMETERS[self.strategy]:
            needed = ", ".join(sorted(PARAMETERS[self.strategy])) or "nothing"
            raise ValueError(f"{self.strategy} needs {needed}, and nothing else")
        if any(size % self.ratio_sum for size in self.block_sizes or ()):
            raise ValueError(f"a block holds the ratio whole: its size is a multiple of {self.ratio_sum}")
        if self.probability is not None and not Fraction(1, 2) < self.probability < 1:
            raise ValueError(
                "the probability lies between 0.5 and 1: 1 would be foreseeable, 0.5 would balance nothing"
            )
        if self.weights is not None:
            if [weight.factor for weight in self.weights] != [factor.id for factor in self.factors] or not self.weights:
                raise ValueError("each factor has one weight, in the order of the factors")
            if any(weight.weight <= 0 for weight in self.weights):
                raise ValueError("a weight is greater than 0")
        return self

    @property
    def slots(self) -> tuple[str, ...]:
        """The arm of each slot: an arm has as many as its share in the ratio."""
        return tuple(arm.code for arm in self.arms for _ in range(arm.ratio))

    @property
    def sizes(self) -> tuple[int, ...]:
        """The block sizes. Raises ValueError for a strategy without."""
        return _told(self.block_sizes)

    @property
    def tolerance(self) -> int:
        """The maximum tolerated imbalance. Raises ValueError for a strategy without."""
        return _told(self.mti)

    @property
    def imbalance(self) -> Measure:
        """The measure of imbalance. Raises ValueError for a strategy without."""
        return _told(self.measure)

    @property
    def preference(self) -> Fraction:
        """The probability of the preferred arm. Raises ValueError for a strategy without."""
        return _told(self.probability)

    @property
    def factor_weights(self) -> tuple[Fraction, ...]:
        """The weights in the order of the factors. Raises ValueError for a strategy without."""
        return tuple(weight.weight for weight in _told(self.weights))

    @property
    def ratio_sum(self) -> int:
        """Length of the shortest run that can hold the ratio: 2 for 1:1, 3 for 2:1."""
        return sum(arm.ratio for arm in self.arms)

    @property
    def sha256(self) -> str:
        """Hex digest of the canonical JSON."""
        return hashlib.sha256(canonical(self.model_dump(mode="json"))).hexdigest()

    def block(self, size: int) -> dict[str, int]:
        """How many places each arm has in a fresh block of this size."""
        return {arm.code: size // self.ratio_sum * arm.ratio for arm in self.arms}

    def stratum(self, levels: Sequence[StratumLevel]) -> tuple[StratumLevel, ...] | None:
        """The levels in the order of the factors, or None unless each factor has exactly one level that it knows."""
        given = {level.factor: level for level in levels}
        complete = len(given) == len(levels) == len(self.factors) and all(
            factor.id in given and given[factor.id].level in factor.levels for factor in self.factors
        )
        return tuple(given[factor.id] for factor in self.factors) if complete else None


def _told(parameter: T | None) -> T:
    if parameter is None:
        raise ValueError("this strategy has no such parameter")
    return parameter


def stratum_key(levels: Sequence[StratumLevel]) -> str:
    """One text for one stratum: `F1=LT18,F2=RADIOLOGIC`. Codes hold neither sign, so it is unambiguous."""
    return ",".join(f"{level.factor}={level.level}" for level in levels)


def configuration(protocol: Protocol, list_sha256: str | None = None) -> Configuration:
    """The configuration that a protocol file describes. Raises `Refused` where it describes no allocation.

    `list_sha256` names the imported list that it allocates by, for the method `list_import` and no other.
    """
    method = protocol.randomization
    if len(protocol.arms) < 2:
        raise Refused(DESIGN_UNUSABLE, fault="fewer-than-two-arms")
    if isinstance(method, PermutedBlocks) and any(size % _ratio_sum(protocol) for size in method.block_sizes):
        raise Refused(DESIGN_UNUSABLE, fault="block-size-does-not-hold-the-ratio")
    if method.method == "list_import" and list_sha256 is None:
        raise Refused(DESIGN_UNUSABLE, fault="method-needs-a-list", method=method.method)
    if method.method != "list_import" and list_sha256 is not None:
        raise Refused(DESIGN_UNUSABLE, fault="method-takes-no-list", method=method.method)
    try:
        return Configuration.model_validate(
            {
                "study": protocol.study.id,
                "kind": "test" if protocol.study.kind == "test" else None,
                "strategy": method.method,
                "arms": [{"code": arm.code, "ratio": arm.ratio} for arm in protocol.arms],
                "factors": [{"id": one.id, "levels": [level.code for level in one.levels]} for one in protocol.factors],
                "list_sha256": list_sha256,
                **_parameters(protocol),
            }
        )
    except ValidationError as error:
        raise Refused(DESIGN_UNUSABLE, fault=error.errors()[0]["msg"]) from None


def _ratio_sum(protocol: Protocol) -> int:
    return sum(arm.ratio for arm in protocol.arms)


def _parameters(protocol: Protocol) -> dict[str, Any]:
    """What the protocol file tells its method, weights in the order of the factors."""
    told = protocol.randomization.model_dump(exclude={"method", "source", "note", "assumption"})
    if (weights := told.get("weights")) is not None:
        order = [factor.id for factor in protocol.factors]
        told["weights"] = [
            {"factor": factor, "weight": weights[factor]}
            for factor in sorted(weights, key=lambda one: order.index(one) if one in order else len(order))
        ]
    return told


def planned_cap(protocol: Protocol) -> int:
    """How many subjects the protocol lets be randomized. Raises `Refused` where it does not say."""
    caps: Mapping[str, int] = {cap.name: cap.limit for cap in protocol.caps if cap.hard}
    if CAP not in caps:
        raise Refused(DESIGN_UNUSABLE, fault="no-hard-cap-on-randomized")
    return caps[CAP]
