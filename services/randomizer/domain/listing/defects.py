"""What is wrong with a list, told by line. The arm of a row is never part of it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from services.chassis.refusal import Json


@dataclass(frozen=True, slots=True)
class Defect:
    """One thing wrong: a stable code, what it is in words, and the lines of the file, counted from 1.

    `detail` repeats nothing of the rows: it says what would be right.
    """

    code: str
    detail: str
    lines: tuple[int, ...] = ()
    column: str | None = None


def report(defects: Iterable[Defect]) -> list[Json]:
    """As they are answered: what is wrong in the same way on many lines is told once, with all of them."""
    grouped: dict[tuple[str, str | None, str], set[int]] = {}
    for one in defects:
        grouped.setdefault((one.code, one.column, one.detail), set()).update(one.lines)
    return [
        _told({"code": code, "column": column, "detail": detail, "lines": spans(lines)})
        for (code, column, detail), lines in sorted(grouped.items(), key=lambda item: min(item[1], default=0))
    ]


def spans(lines: Iterable[int]) -> str:
    """Lines as a person writes them: `7, 9-12`."""
    found: list[list[int]] = []
    for line in sorted(set(lines)):
        if found and line == found[-1][1] + 1:
            found[-1][1] = line
        else:
            found.append([line, line])
    return ", ".join(str(first) if first == last else f"{first}-{last}" for first, last in found)


def _told(members: Mapping[str, str | None]) -> Json:
    return {name: value for name, value in members.items() if value}
