"""Everything that can be wrong with a list, found at once (trial-systems 5.5, fault injection after Yelland 2015)."""

import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from contracts.protocol.model import Protocol
from contracts.protocol.study import kind_of
from services.randomizer.domain.configuration import Arm, Factor
from services.randomizer.domain.listing import chance, text
from services.randomizer.domain.listing.blocks import Block, Row, blocks_of
from services.randomizer.domain.listing.defects import Defect
from services.randomizer.domain.listing.rows import MAX_ARMS, MAX_BYTES, Rows, strata_of

_LONGEST: Final = 9
"""Digits of the longest number that a list can need."""


@dataclass(frozen=True, slots=True)
class Design:
    """What a list has to be for. `needed`: as many subjects as may all fall in one stratum."""

    study: str
    arms: tuple[Arm, ...]
    names: tuple[str, ...]
    factors: tuple[Factor, ...]
    needed: int

    @classmethod
    def of(cls, protocol: Protocol, needed: int) -> "Design":
        """The design of a protocol file."""
        return cls(
            protocol.study.id,
            tuple(Arm(code=arm.code, ratio=arm.ratio) for arm in protocol.arms),
            tuple(arm.name for arm in protocol.arms),
            tuple(Factor(id=one.id, levels=tuple(level.code for level in one.levels)) for one in protocol.factors),
            needed,
        )

    @property
    def strata(self) -> list[str]:
        """The key of every stratum."""
        return strata_of([(factor.id, factor.levels) for factor in self.factors])

    @property
    def labels(self) -> str:
        """What the codes mean, as the head of a list says it."""
        return "; ".join(f"{arm.code}={name}" for arm, name in zip(self.arms, self.names, strict=True))


def checked(design: Design, given: str) -> tuple[Rows | None, list[Defect]]:
    """The rows of a list in which nothing is wrong, or else everything that is.

    What concerns rows together is only asked where each of them could be read: one line that cannot be read would
    otherwise make its block incomplete, and hide what is wrong behind what is not.
    """
    read = text.read(given, text.columns([factor.id for factor in design.factors]))
    defects = [*read.defects, *_head(design, read)]
    if len(design.arms) > MAX_ARMS:
        defects.append(Defect("too-many-arms", f"a list can tell {MAX_ARMS} arms apart"))
    rows = []
    for line in read.lines:
        row, wrong = _row(design, line)
        rows.append(row)
        defects += wrong
    defects += _numbers(rows)
    blocks = blocks_of(rows) if not read.unread and all(row.placed for row in rows) else None
    if rows and blocks is not None:
        defects += _lengths(design, blocks)
        for block in blocks:
            defects += block.defects(design.arms)
        if all(row.arm is not None for row in rows):
            defects += chance.defects(rows, blocks, design.arms)
    if defects or blocks is None:
        return None, defects
    kept = _kept(design, blocks)
    if len(kept.text().encode()) > MAX_BYTES:
        return None, [Defect("too-long", f"the list is longer than can be sealed: {MAX_BYTES} bytes as it is kept")]
    return kept, []


def _kept(design: Design, blocks: Sequence[Block]) -> Rows:
    strata: dict[str, list[tuple[str, ...]]] = {}
    for block in blocks:
        strata.setdefault(block.stratum, []).append(block.arms)
    arms = tuple(arm.code for arm in design.arms)
    return Rows(design.study, arms, {key: tuple(strata[key]) for key in design.strata})


def _head(design: Design, read: text.Text) -> Iterator[Defect]:
    if (arms := read.notes.get(text.ARMS)) and not _same(arms.value, design.labels):
        yield Defect(
            "arm-labels",
            f"the codes do not mean what they mean in the protocol: the line there says `# arms: {design.labels}`",
            (arms.at,),
        )
    if not read.ended:
        return
    for name, code in ((text.ROWS, "rows-declared"), (text.END, "rows-ended")):
        note, found = read.notes.get(name), len(read.lines) + read.unread
        if note is not None and _number(note.value) != found:
            yield Defect(code, f"`# {name}` must say how many rows there are: {found} are found", (note.at,))


def _row(design: Design, line: text.Line) -> tuple[Row, list[Defect]]:
    """The row as far as it can be understood, and what cannot."""
    wrong: list[Defect] = []

    def say(code: str, column: str, detail: str) -> None:
        wrong.append(Defect(code, detail, (line.at,), column))

    given = line.values
    if given["study"] != design.study:
        say("study", "study", f"the list is for the study {design.study}")
    if given["kind"] != kind_of(design.study):
        say("kind", "kind", f"this is a {kind_of(design.study)} study: a list made for another kind is none for it")
    numbers = {name: _number(given[name]) for name in ("number", "block", "block_size")}
    for name, value in numbers.items():
        if value is None:
            say("number", name, "a whole number from 1, in plain digits")
    for factor in design.factors:
        if given[factor.id] not in factor.levels:
            say("level", factor.id, _misplaced(design, factor, given[factor.id]))
    codes = [arm.code for arm in design.arms]
    if given["arm"] not in codes:
        say("arm", "arm", f"one of the protocol's codes ({', '.join(codes)}), and not a name or another system's code")
    stratum = ",".join(f"{factor.id}={given[factor.id]}" for factor in design.factors)
    known = all(given[factor.id] in factor.levels for factor in design.factors)
    return (
        Row(
            line.at,
            stratum if known else None,
            arm=given["arm"] if given["arm"] in codes else None,
            **numbers,
        ),
        wrong,
    )


def _misplaced(design: Design, factor: Factor, value: str) -> str:
    """That a level is not one of this factor's, and whose it is if it is another's: columns were exchanged."""
    others = [other.id for other in design.factors if value in other.levels]
    here = f"one of {', '.join(factor.levels)}"
    return f"{here}; what stands here is a level of {' and '.join(others)}" if others else here


def _numbers(rows: Sequence[Row]) -> Iterator[Defect]:
    """Rows are numbered from 1 without gaps: a row that was taken out, put in or moved shows."""
    before, seen = 0, set[int]()
    for row in rows:
        if row.number is None:
            continue
        if row.number in seen:
            yield Defect("number-repeated", "a number stands on one row alone", (row.at,), "number")
        elif row.number != before + 1:
            yield Defect("number-missing", "numbers count from 1, one more on each row", (row.at,), "number")
        seen.add(row.number)
        before = row.number


def _lengths(design: Design, blocks: Sequence[Block]) -> Iterator[Defect]:
    """Each stratum has a row for every subject that may be randomized: they could all fall in this one."""
    lines: dict[str, list[int]] = {key: [] for key in design.strata}
    for block in blocks:
        lines[block.stratum] += [row.at for row in block.rows]
    for stratum, found in lines.items():
        if len(found) < design.needed:
            yield Defect(
                "stratum-short",
                f"{stratum or 'the list'} has {len(found)} rows, and {design.needed} subjects may be randomized in it",
                tuple(found),
            )


def _number(value: str) -> int | None:
    plain = value.isascii() and value.isdigit() and len(value) <= _LONGEST and not value.startswith("0")
    return int(value) if plain else None


def _same(one: str, other: str) -> bool:
    """Equal but for spaces and for how accents are written."""
    left, right = (" ".join(unicodedata.normalize("NFC", text_).split()) for text_ in (one, other))
    return left == right
