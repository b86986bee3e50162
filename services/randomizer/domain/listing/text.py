"""The text of a list, read line by line. What cannot be read is named; nothing is guessed and nothing left out."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from services.randomizer.domain.listing.defects import Defect

ARMS: Final = "arms"
ROWS: Final = "rows"
END: Final = "end"
_HEAD: Final = (ARMS, ROWS)
_BOM: Final = "\ufeff"


def columns(factors: Sequence[str]) -> tuple[str, ...]:
    """The columns of a list, in order."""
    return ("study", "kind", "number", *factors, "block", "block_size", "arm")


@dataclass(frozen=True, slots=True, repr=False)
class Line:
    """One row: where it stands, and its values by column. Without a repr: it holds an arm."""

    at: int
    values: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Note:
    """A line `# name: value`."""

    at: int
    value: str


@dataclass(slots=True, repr=False)
class Text:
    """What was read of a list, and what could not be."""

    notes: dict[str, Note] = field(default_factory=dict)
    lines: list[Line] = field(default_factory=list)
    defects: list[Defect] = field(default_factory=list)
    unread: int = 0
    """Lines that stand where rows do and could not be read."""
    ended: bool = False
    """Whether the columns were understood, and so everything was read to the end."""

    def wrong(self, code: str, detail: str, at: int) -> None:
        """Something is wrong on this line."""
        self.defects.append(Defect(code, detail, (at,)))


def read(text: str, expected: Sequence[str]) -> Text:
    """The text of a list whose columns must be these. A byte order mark and CRLF mean nothing and are passed over."""
    found = Text()
    lines = text.removeprefix(_BOM).replace("\r\n", "\n").split("\n")
    if lines[-1] == "":
        lines.pop()
    numbered = list(enumerate(lines, start=1))
    body = _head(found, numbered)
    if body < len(lines) and _columns(found, *numbered[body], expected):
        found.ended = True
        for at, line in numbered[body + 1 :]:
            _row(found, at, line, expected)
    elif body == len(lines):
        found.wrong("columns", f"no line names the columns: {','.join(expected)}", len(lines))
    for name in (*_HEAD, END) if found.ended else _HEAD:
        if name not in found.notes:
            found.wrong(f"{name}-missing", _NEEDED[name], 1 if name in _HEAD else len(lines))
    return found


_NEEDED: Final = {
    ARMS: "the head has a line `# arms: CODE=Name; ...` that says what each code means",
    ROWS: "the head has a line `# rows: N` that says how many rows follow",
    END: "the last line is `# end: N`, N being the number of rows: without it the list may have been cut off",
}


def _head(found: Text, numbered: Sequence[tuple[int, str]]) -> int:
    """Read the notes before the columns. Returns the place of the first line that is none."""
    for place, (at, line) in enumerate(numbered):
        if not line.startswith("#"):
            return place
        name, colon, value = line[1:].partition(":")
        if not colon or name.strip() not in _HEAD:
            found.wrong("head", "a line of the head is `# arms: ...` or `# rows: N`", at)
        else:
            _note(found, at, name.strip(), value)
    return len(numbered)


def _note(found: Text, at: int, name: str, value: str) -> None:
    if name in found.notes:
        found.wrong("head", f"`# {name}` was said before, on line {found.notes[name].at}", at)
    else:
        found.notes[name] = Note(at, " ".join(value.split()))


def _columns(found: Text, at: int, line: str, expected: Sequence[str]) -> bool:
    """Whether the rows can be read: their columns are the expected ones."""
    if not _plain(found, at, line):
        return False
    given = line.split(",")
    if given == list(expected):
        return True
    told = []
    if missing := [name for name in expected if name not in given]:
        told.append(f"missing: {', '.join(missing)}")
    if extra := sum(name not in expected for name in given):
        told.append(f"not of this list: {extra}")
    if len(set(given)) < len(given):
        told.append("one appears twice")
    found.wrong("columns", f"the columns are {','.join(expected)} ({'; '.join(told) or 'in this order'})", at)
    return False


def _row(found: Text, at: int, line: str, expected: Sequence[str]) -> None:
    if END in found.notes:
        found.wrong("after-end", f"nothing follows `# end`, which is on line {found.notes[END].at}", at)
    elif line.startswith("#"):
        name, _, value = line[1:].partition(":")
        if name.strip() == END:
            _note(found, at, END, value)
        else:
            found.wrong("head", "notes stand before the columns; only `# end: N` stands after the rows", at)
    else:
        values = line.split(",")
        if _plain(found, at, line) and _counted(found, at, values, expected):
            found.lines.append(Line(at, dict(zip(expected, values, strict=True))))
        else:
            found.unread += 1


def _plain(found: Text, at: int, line: str) -> bool:
    """Whether the line holds nothing that a spreadsheet adds by itself."""
    for wrong, code, detail in (
        (not line, "empty-line", "a line is empty"),
        ("\r" in line, "line-ending", "lines end in LF or CRLF; this one holds a carriage return alone"),
        (";" in line or "\t" in line, "separator", "values are separated by commas"),
        ('"' in line or "'" in line, "quotes", "values stand without quotes"),
        (" " in line or "\u00a0" in line, "spaces", "values stand without spaces"),
    ):
        if wrong:
            found.wrong(code, detail, at)
            return False
    if not (line.isascii() and line.isprintable()):
        found.wrong("characters", "rows are plain ASCII; this line holds another character", at)
        return False
    return True


def _counted(found: Text, at: int, values: Sequence[str], expected: Sequence[str]) -> bool:
    if len(values) == len(expected):
        return True
    found.wrong("fields", f"{len(expected)} values stand on a line, one for each column, and {len(values)} do", at)
    return False
