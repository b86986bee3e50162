"""What a statistician reads of a list that is refused: each thing with its lines and its column, word for word."""

from collections.abc import Callable, Sequence
from dataclasses import replace

import pytest

from services.randomizer.domain.listing.check import checked
from services.randomizer.domain.listing.defects import Defect, report

from .lists import design

DESIGN = design((1, 1), (2, 2), needed=4)
COLUMNS = "study,kind,number,F1,F2,block,block_size,arm"
STRATA = {"L10,L20": "ABBA", "L10,L21": "BABA", "L11,L20": "ABAB", "L11,L21": "BAAB"}
ROWS = [(stratum, place // 2 + 1, arm) for stratum, arms in STRATA.items() for place, arm in enumerate(arms)]
LINES = (
    "# arms: A=Arm A; B=Arm B",
    "# rows: 16",
    COLUMNS,
    *(f"RELUTH,production,{n},{stratum},{block},2,{arm}" for n, (stratum, block, arm) in enumerate(ROWS, start=1)),
    "# end: 16",
)
"""Four strata of two blocks of two; the first row stands on line 4."""

Lines = list[str]
Change = Callable[[Lines], Lines]


def row(at: int, **values: str) -> Change:
    """Other values on one line."""

    def change(lines: Lines) -> Lines:
        given = zip(COLUMNS.split(","), lines[at - 1].split(","), strict=True)
        return [*lines[: at - 1], ",".join(values.get(name, value) for name, value in given), *lines[at:]]

    return change


def line(at: int, text: str) -> Change:
    return lambda lines: [*lines[: at - 1], text, *lines[at:]]


def without(first: int, last: int) -> Change:
    return lambda lines: [*lines[: first - 1], *lines[last:]]


def before(at: int, text: str) -> Change:
    return lambda lines: [*lines[: at - 1], text, *lines[at - 1 :]]


Told = tuple[str, str | None, str | None, str]
"""Code, column, lines, and what would be right."""

NUMBER = "a whole number from 1, in plain digits"
GAP: Told = ("number-missing", "number", "9", "numbers count from 1, one more on each row")
"""Follows where the line before could not be read."""
ARMS = "the head has a line `# arms: CODE=Name; ...` that says what each code means"
HOW_MANY = "the head has a line `# rows: N` that says how many rows follow"
HEAD = "a line of the head is `# arms: ...` or `# rows: N`"
BETWEEN = "the columns are study,kind,number,F1,F2,block,block_size,arm"

CASES: dict[str, tuple[Sequence[Change], Sequence[Told]]] = {
    "nothing": ([], []),
    "another study": ([row(5, study="OTHER")], [("study", "study", "5", "the list is for the study RELUTH")]),
    "another kind": (
        [row(6, kind="test")],
        [("kind", "kind", "6", "this is a production study: a list made for another kind is none for it")],
    ),
    "no numbers": (
        [row(5, number="05"), row(7, block="x"), row(8, block_size="0"), row(9, block_size="1234567890")],
        [
            ("number", "number", "5", NUMBER),
            ("number-missing", "number", "6", GAP[3]),
            ("number", "block", "7", NUMBER),
            ("number", "block_size", "8-9", NUMBER),
        ],
    ),
    "a number of nine digits is one": (
        [row(9, block_size="123456789")],
        [("block-size", "block_size", "8-9", "one block has one size")],
    ),
    "levels": (
        [row(5, F1="L20"), row(6, F1="M", F2="M")],
        [
            ("level", "F1", "5", "one of L10, L11; what stands here is a level of F2"),
            ("level", "F1", "6", "one of L10, L11"),
            ("level", "F2", "6", "one of L20, L21"),
        ],
    ),
    "an arm": (
        [row(5, arm="a")],
        [("arm", "arm", "5", "one of the protocol's codes (A, B), and not a name or another system's code")],
    ),
    "a number again": (
        [row(6, number="2")],
        [
            ("number-repeated", "number", "6", "a number stands on one row alone"),
            ("number-missing", "number", "7", GAP[3]),
        ],
    ),
    "a number ahead": (
        [row(6, number="7")],
        [
            ("number-missing", "number", "6-7", GAP[3]),
            ("number-repeated", "number", "10", "a number stands on one row alone"),
        ],
    ),
    "blocks come back, the last one too": (
        [row(5, block="2"), row(6, block="1"), row(7, block="2")],
        [
            ("block-incomplete", "block", "4-7", "as many rows as its size says make up a block"),
            ("block-returns", "block", "6-7", "a block that was left does not come back"),
        ],
    ),
    "blocks in another order": (
        [row(4, block="2"), row(5, block="2"), row(6, block="1"), row(7, block="1")],
        [
            ("block-missing", "block", "4", "blocks of a stratum count from 1 without gaps"),
            ("block-returns", "block", "6", "a block that was left does not come back"),
        ],
    ),
    "a block left out": (
        [row(6, block="3"), row(7, block="3")],
        [("block-missing", "block", "6", "blocks of a stratum count from 1 without gaps")],
    ),
    "blocks from 2": (
        [row(4, block="2"), row(5, block="2"), row(6, block="3"), row(7, block="3")],
        [("block-missing", "block", "4", "blocks of a stratum count from 1 without gaps")],
    ),
    "two sizes": ([row(7, block_size="4")], [("block-size", "block_size", "6-7", "one block has one size")]),
    "an odd size": (
        [row(4, block_size="3"), row(5, block_size="3")],
        [("block-size", None, "4-5", "a block holds the ratio whole: its size is a multiple of 2")],
    ),
    "a block cut short": (
        [row(4, block_size="4"), row(5, block_size="4")],
        [("block-incomplete", "block", "4-5", "as many rows as its size says make up a block")],
    ),
    "not the ratio": (
        [row(4, arm="B")],
        [("block-ratio", "arm", "4-5", "the arms of a block stand in the protocol's ratio")],
    ),
    "a stratum missing": (
        [line(20, "# end: 12"), without(16, 19), line(2, "# rows: 12")],
        [("stratum-short", None, None, "F1=L11,F2=L21 has 0 rows, and 4 subjects may be randomized in it")],
    ),
    "a stratum short": (
        [line(20, "# end: 14"), without(18, 19), line(2, "# rows: 14")],
        [("stratum-short", None, "16-17", "F1=L11,F2=L21 has 2 rows, and 4 subjects may be randomized in it")],
    ),
    "labels": (
        [line(1, "# arms: A=Arm B; B=Arm A")],
        [
            (
                "arm-labels",
                None,
                "1",
                "the codes do not mean what they mean in the protocol: "
                "the line there says `# arms: A=Arm A; B=Arm B`",
            )
        ],
    ),
    "labels with other spaces": ([line(1, "#  arms :A=Arm  A;  B=Arm\tB ")], []),
    "no spaces in the head": ([line(1, "#arms:A=Arm A; B=Arm B"), line(2, "#rows:16"), line(20, "#end:16")], []),
    "rows": (
        [line(2, "# rows: 17")],
        [("rows-declared", None, "2", "`# rows` must say how many rows there are: 16 are found")],
    ),
    "rows in words": (
        [line(2, "# rows: sixteen")],
        [("rows-declared", None, "2", "`# rows` must say how many rows there are: 16 are found")],
    ),
    "the end": (
        [line(20, "# end: 15")],
        [("rows-ended", None, "20", "`# end` must say how many rows there are: 16 are found")],
    ),
    "no arms": ([without(1, 1)], [("arms-missing", None, "1", ARMS)]),
    "no rows": ([without(2, 2)], [("rows-missing", None, "1", HOW_MANY)]),
    "no end": (
        [without(20, 20)],
        [
            (
                "end-missing",
                None,
                "19",
                "the last line is `# end: N`, N being the number of rows: without it the list may have been cut off",
            )
        ],
    ),
    "arms again": (
        [before(2, "# arms: A=Arm A; B=Arm B")],
        [("head", None, "2", "`# arms` was said before, on line 1")],
    ),
    "something else in the head": ([before(2, "# by: me")], [("head", None, "2", HEAD)]),
    "no colon in the head": ([before(2, "# arms")], [("head", None, "2", HEAD)]),
    "no line": (
        [without(1, 20)],
        [
            ("empty-line", None, "1", "a line is empty"),
            ("arms-missing", None, "1", ARMS),
            ("rows-missing", None, "1", HOW_MANY),
        ],
    ),
    "the head alone": ([without(3, 20)], [("columns", None, "2", f"no line names the columns: {COLUMNS}")]),
    "other columns": (
        [line(3, "study,kind,number,F1,block,block_size,arm,site,age")],
        [("columns", None, "3", f"{BETWEEN} (missing: F2; not of this list: 2)")],
    ),
    "two columns left out": (
        [line(3, "study,kind,number,block,block_size,arm")],
        [("columns", None, "3", f"{BETWEEN} (missing: F1, F2)")],
    ),
    "columns in another order": (
        [line(3, "study,kind,number,F2,F1,block,block_size,arm"), row(5, study="OTHER"), without(20, 20)],
        [("columns", None, "3", f"{BETWEEN} (in this order)")],
    ),
    "a column twice": (
        [line(3, "study,kind,number,F1,F1,block,block_size,arm")],
        [("columns", None, "3", f"{BETWEEN} (missing: F2; one appears twice)")],
    ),
    "columns that cannot be read, so that no row is": (
        [line(3, "study, kind"), row(5, study="OTHER"), without(20, 20)],
        [("spaces", None, "3", "values stand without spaces")],
    ),
    "an end that says two numbers": (
        [line(20, "# end: 16: 16")],
        [("rows-ended", None, "20", "`# end` must say how many rows there are: 16 are found")],
    ),
    "rows after the end": (
        [before(19, "# end: 15"), line(2, "# rows: 15")],
        [
            ("stratum-short", None, "16-18", "F1=L11,F2=L21 has 3 rows, and 4 subjects may be randomized in it"),
            ("block-incomplete", "block", "18", "as many rows as its size says make up a block"),
            ("after-end", None, "20-21", "nothing follows `# end`, which is on line 19"),
        ],
    ),
    "a note among the rows": (
        [before(8, "# x: y")],
        [("head", None, "8", "notes stand before the columns; only `# end: N` stands after the rows")],
    ),
    "two rows that cannot be read, and are counted": (
        [line(8, LINES[7] + ";"), line(10, LINES[9] + ";")],
        [
            ("separator", None, "8, 10", "values are separated by commas"),
            ("number-missing", "number", "9, 11", GAP[3]),
        ],
    ),
    "an empty line": (
        [before(8, "")],
        [
            ("rows-declared", None, "2", "`# rows` must say how many rows there are: 17 are found"),
            ("empty-line", None, "8", "a line is empty"),
            ("rows-ended", None, "21", "`# end` must say how many rows there are: 17 are found"),
        ],
    ),
    **{
        name: ([line(8, LINES[7] + more)], [(code, None, "8", detail), GAP])
        for name, more, code, detail in (
            (
                "a carriage return",
                "\rx",
                "line-ending",
                "lines end in LF or CRLF; this one holds a carriage return alone",
            ),
            ("a semicolon", ";", "separator", "values are separated by commas"),
            ("a tab", "\t", "separator", "values are separated by commas"),
            ("a quote", "'", "quotes", "values stand without quotes"),
            ("two quotes", '"', "quotes", "values stand without quotes"),
            ("a space", " ", "spaces", "values stand without spaces"),
            ("a hard space", "\u00a0", "spaces", "values stand without spaces"),
            ("a letter", "\u0410", "characters", "rows are plain ASCII; this line holds another character"),
            ("a bell", "\x07", "characters", "rows are plain ASCII; this line holds another character"),
            ("a value", ",A", "fields", "8 values stand on a line, one for each column, and 9 do"),
        )
    },
}  # fmt: skip


def told(defects: Sequence[Defect]) -> list[Told]:
    answered = report(defects)
    assert all(set(one) <= {"code", "column", "lines", "detail"} for one in answered)
    return [(one["code"], one.get("column"), one.get("lines"), one["detail"]) for one in answered]


@pytest.mark.parametrize("name", CASES)
def test_what_is_wrong_is_told_with_its_lines_and_its_column(name):
    changes, expected = CASES[name]
    lines = list(LINES)
    for change in changes:
        lines = change(lines)
    rows, defects = checked(DESIGN, "\n".join(lines) + "\n")
    assert told(defects) == expected
    assert (rows is None) is bool(expected)


def test_the_name_of_an_arm_may_hold_a_colon():
    named = replace(DESIGN, names=("Arm: first", "Arm B"))
    rows, defects = checked(named, "\n".join([f"# arms: {named.labels}", *LINES[1:]]))
    assert defects == []
    assert rows is not None
