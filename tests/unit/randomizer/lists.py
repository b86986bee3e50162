"""Lists as a statistician would make them, correct ones, and the texts that they are written in."""

import random
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import product

from contracts.protocol.load import build
from contracts.protocol.model import Protocol
from services.chassis.facts import Outcome
from services.randomizer.domain.configuration import Arm, Factor
from services.randomizer.domain.listing.check import Design
from services.randomizer.handlers import life
from services.randomizer.handlers.lists import import_list

from .service import SPONSOR, STATISTICIAN, Service, command
from .world import RELUTH, STUDY

LISTED: Protocol = build(
    {**RELUTH.model_dump(), "randomization": {"method": "list_import", "source": "invented"}}, "listed.yaml"
)
"""The trial, asking for a list."""


def smaller(cap: int, protocol: Protocol = LISTED) -> Protocol:
    """The same with another cap, so that its lists are short."""
    caps = tuple(one.model_copy(update={"limit": cap}) if one.name == "randomized" else one for one in protocol.caps)
    return protocol.model_copy(update={"caps": caps})


def design(
    ratio: Sequence[int] = (1, 1), levels: Sequence[int] = (2,), needed: int = 12, study: str = "RELUTH"
) -> Design:
    """Arms A, B, ... in this ratio and factors F1, F2, ... with so many levels, each with levels of its own names."""
    codes = [chr(ord("A") + n) for n in range(len(ratio))]
    return Design(
        study,
        tuple(Arm(code=code, ratio=share) for code, share in zip(codes, ratio, strict=True)),
        tuple(f"Arm {code}" for code in codes),
        tuple(Factor(id=f"F{n + 1}", levels=tuple(f"L{n + 1}{m}" for m in range(of))) for n, of in enumerate(levels)),
        needed,
    )


@dataclass(frozen=True)
class Sheet:
    """A list as rows of values, before it is written; the first row stands on line `first`."""

    design: Design
    rows: tuple[tuple[str, ...], ...]
    first: int = 4

    @property
    def columns(self) -> list[str]:
        return ["study", "kind", "number", *(one.id for one in self.design.factors), "block", "block_size", "arm"]

    def column(self, name: str) -> int:
        return self.columns.index(name)

    @property
    def lines(self) -> list[str]:
        """The lines of the file."""
        return [
            f"# arms: {self.design.labels}",
            f"# rows: {len(self.rows)}",
            ",".join(self.columns),
            *(",".join(row) for row in self.rows),
            f"# end: {len(self.rows)}",
        ]

    @property
    def text(self) -> str:
        return "\n".join(self.lines) + "\n"

    def having(self, row: int, **values: str) -> "Sheet":
        """The same with other values in one row, counted from 0."""
        changed = [values.get(name, value) for name, value in zip(self.columns, self.rows[row], strict=True)]
        return replace(self, rows=(*self.rows[:row], tuple(changed), *self.rows[row + 1 :]))

    def numbered(self) -> "Sheet":
        """The same rows, numbered again from 1: what somebody does who hides that rows were moved."""
        place = self.column("number")
        rows = [(*row[:place], str(n), *row[place + 1 :]) for n, row in enumerate(self.rows, start=1)]
        return replace(self, rows=tuple(rows))


def correct(of: Design, sizes: Sequence[int], seed: int | str, *, mixed: bool = False, more: int = 0) -> Sheet:
    """A correct list: permuted blocks of random size in each stratum, strata one after the other or `mixed`."""
    chance = random.Random(seed)
    kind = "test" if of.study.endswith("TEST") else "production"
    strata = []
    for levels in product(*(factor.levels for factor in of.factors)):
        rows, block = [], 0
        while len(rows) < of.needed + more:
            block, size = block + 1, chance.choice(sizes)
            arms = [arm.code for arm in of.arms for _ in range(size // sum(a.ratio for a in of.arms) * arm.ratio)]
            chance.shuffle(arms)
            rows += [(of.study, kind, "", *levels, str(block), str(size), arm) for arm in arms]
        strata.append(rows)
    if mixed:
        turns = [n for n, rows in enumerate(strata) for _ in rows]
        chance.shuffle(turns)
        waiting = [iter(rows) for rows in strata]
        ordered = [next(waiting[n]) for n in turns]
    else:
        ordered = [row for rows in strata for row in rows]
    return Sheet(of, tuple(ordered)).numbered()


async def imported(service: Service, sheet: Sheet, key: str = "list") -> str:
    """Import a list. Returns its hash."""
    outcome = await import_list(service.ctx, STUDY, sheet.text, "Made by us", command(key, sheet.text), STATISTICIAN)
    return str(outcome.answer.body["list_sha256"])


async def drafted(service: Service, list_sha256: str, version: int = 1) -> Outcome:
    """Draft a version that names a list."""
    return await life.draft(service.ctx, STUDY, list_sha256, "As imported", command(f"draft {version}"), STATISTICIAN)


async def opened_by(service: Service, sheet: Sheet, version: int = 1) -> str:
    """Import a list, and allocate by it from now on: draft, both signatures, activation. Returns its hash."""
    named = await imported(service, sheet, f"list {version}")
    made = await drafted(service, named, version)
    for person in (SPONSOR, STATISTICIAN):
        await service.sign(version, person, sha256=str(made.answer.body["configuration_sha256"]))
    await service.activate_only(f"activate {version}", version)
    return named


def arms_of(sheet: Sheet) -> dict[str, list[str]]:
    """The arms of each stratum as they were made, read off the sheet itself."""
    told: dict[str, list[str]] = {}
    for row in sheet.rows:
        stratum = ",".join(f"{one.id}={row[sheet.column(one.id)]}" for one in sheet.design.factors)
        told.setdefault(stratum, []).append(row[-1])
    return told
