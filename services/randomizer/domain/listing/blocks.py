"""Rows and the blocks that they make up."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from services.randomizer.domain.configuration import Arm
from services.randomizer.domain.listing.defects import Defect


@dataclass(frozen=True, slots=True, repr=False)
class Row:
    """One row as far as it was understood: None is what was not. `at` is its line."""

    at: int
    stratum: str | None
    number: int | None
    block: int | None
    block_size: int | None
    arm: str | None

    @property
    def placed(self) -> bool:
        """Whether it is known to which block it belongs."""
        return None not in (self.stratum, self.block, self.block_size)


@dataclass(frozen=True, slots=True, repr=False)
class Block:
    """Rows of one stratum that follow each other there under one number; `after` is the number before it."""

    stratum: str
    number: int
    rows: tuple[Row, ...]
    after: int

    @property
    def arms(self) -> tuple[str, ...]:
        """The arms, in order, of rows that all have one."""
        return tuple(row.arm for row in self.rows if row.arm is not None)

    def defects(self, arms: Sequence[Arm]) -> Iterator[Defect]:
        """What is wrong with the block."""
        lines, whole = tuple(row.at for row in self.rows), sum(arm.ratio for arm in arms)
        sizes = {row.block_size for row in self.rows}
        size = self.rows[0].block_size or 0
        if self.number <= self.after:
            yield Defect("block-returns", "a block that was left does not come back", lines[:1], "block")
        elif self.number != self.after + 1:
            yield Defect("block-missing", "blocks of a stratum count from 1 without gaps", lines[:1], "block")
        if len(sizes) > 1:
            yield Defect("block-size", "one block has one size", lines, "block_size")
        elif size % whole:
            yield Defect("block-size", f"a block holds the ratio whole: its size is a multiple of {whole}", lines)
        elif len(self.rows) != size:
            yield Defect("block-incomplete", "as many rows as its size says make up a block", lines, "block")
        elif len(self.arms) == size and any(self.arms.count(arm.code) != size // whole * arm.ratio for arm in arms):
            yield Defect("block-ratio", "the arms of a block stand in the protocol's ratio", lines, "arm")


def blocks_of(rows: Sequence[Row]) -> list[Block]:
    """The blocks, each stratum's in its own order; strata may be mixed in the file. Every row is `placed`."""
    strata: dict[str, list[list[Row]]] = {}
    for row in rows:
        told = strata.setdefault(row.stratum or "", [])
        if told and told[-1][0].block == row.block:
            told[-1].append(row)
        else:
            told.append([row])
    blocks = []
    for stratum, groups in strata.items():
        after = 0
        for group in groups:
            number = group[0].block or 0
            blocks.append(Block(stratum, number, tuple(group), after))
            after = max(after, number)
    return blocks
