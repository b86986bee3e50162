"""What an allocation is drawn from: arms, ratio, factors, block sizes. Its hash is part of every draw."""

import hashlib
from collections.abc import Mapping, Sequence
from typing import Annotated, Final, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, StrictInt, model_validator

from contracts.events.randomization import Code, StratumLevel
from contracts.events.registry import canonical
from contracts.protocol.model import ArmCode, FactorId, Protocol
from contracts.vocabulary.identifiers import StudyId
from services.chassis.refusal import Refused
from services.randomizer.domain.refusals import DESIGN_UNUSABLE

CAP: Final = "randomized"
"""The protocol's name for the number of subjects that may be randomized (ruling 3)."""

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


class Configuration(_Part):
    """Everything that decides which draw leads to which arm. Order counts: of arms, of factors, of block sizes.

    `scheme` names the whole way from seed to arm (docs/adr/0009-allocation.md): another way is another scheme, and
    therefore another hash and other draws. The cap is not part of it: raising the cap must not change a draw.
    """

    scheme: Literal["reluth/permuted-blocks/1"] = "reluth/permuted-blocks/1"
    study: StudyId
    strategy: Literal["stratified_permuted_blocks"]
    arms: Annotated[tuple[Arm, ...], Field(min_length=2)]
    factors: tuple[Factor, ...]
    block_sizes: Annotated[tuple[Share, ...], Field(min_length=1)]

    @model_validator(mode="after")
    def _holds_together(self) -> Self:
        for what, names in (
            ("arm", [arm.code for arm in self.arms]),
            ("factor", [factor.id for factor in self.factors]),
            ("block size", list(map(str, self.block_sizes))),
            *(("level of " + factor.id, list(factor.levels)) for factor in self.factors),
        ):
            if len(set(names)) < len(names):
                raise ValueError(f"{what}: one appears twice")
        if any(size % self.ratio_sum for size in self.block_sizes):
            raise ValueError(f"a block holds the ratio whole: its size is a multiple of {self.ratio_sum}")
        return self

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


def stratum_key(levels: Sequence[StratumLevel]) -> str:
    """One text for one stratum: `F1=LT18,F2=RADIOLOGIC`. Codes hold neither sign, so it is unambiguous."""
    return ",".join(f"{level.factor}={level.level}" for level in levels)


def configuration(protocol: Protocol) -> Configuration:
    """The configuration that a protocol file describes. Raises `Refused` where it describes no allocation."""
    if len(protocol.arms) < 2:
        raise Refused(DESIGN_UNUSABLE, fault="fewer-than-two-arms")
    if any(size % sum(arm.ratio for arm in protocol.arms) for size in protocol.randomization.block_sizes):
        raise Refused(DESIGN_UNUSABLE, fault="block-size-does-not-hold-the-ratio")
    return Configuration(
        study=protocol.study.id,
        strategy=protocol.randomization.method,
        arms=tuple(Arm(code=arm.code, ratio=arm.ratio) for arm in protocol.arms),
        factors=tuple(
            Factor(id=factor.id, levels=tuple(level.code for level in factor.levels)) for factor in protocol.factors
        ),
        block_sizes=protocol.randomization.block_sizes,
    )


def planned_cap(protocol: Protocol) -> int:
    """How many subjects the protocol lets be randomized. Raises `Refused` where it does not say."""
    caps: Mapping[str, int] = {cap.name: cap.limit for cap in protocol.caps if cap.hard}
    if CAP not in caps:
        raise Refused(DESIGN_UNUSABLE, fault="no-hard-cap-on-randomized")
    return caps[CAP]
