"""A correct list is taken, whoever made it; a list with one thing wrong is refused, with the line."""

import re
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from services.randomizer.domain import listing
from services.randomizer.domain.configuration import Arm
from services.randomizer.domain.listing.check import Design, checked
from services.randomizer.domain.listing.defects import Defect, report, spans
from services.randomizer.domain.listing.rows import Rows

from .lists import LISTED, Sheet, arms_of, correct, design

RELUTH = Design.of(LISTED, 146)
DESIGNS = [
    (design(), (4, 6)),
    (design((2, 1), (2, 3)), (3, 6)),
    (design((1, 1, 1), ()), (3, 9)),
    (design((3, 2, 1), (2,), study="PRACTICETEST"), (6, 12)),
    (design((1, 1), (2, 2, 2), needed=20), (2, 4)),
]
MARK = "ZZTOP"
"""A value that nothing may repeat."""

sheets = st.builds(
    lambda made, seed, mixed, more: correct(*made, seed, mixed=mixed, more=more),
    st.sampled_from(DESIGNS),
    st.integers(0, 2**64),
    st.booleans(),
    st.integers(0, 8),
)


def found(sheet: Sheet, text: str | None = None) -> list[Defect]:
    rows, defects = checked(sheet.design, sheet.text if text is None else text)
    assert (rows is None) is bool(defects)
    return defects


@settings(deadline=None)
@given(sheets, st.sampled_from(["", "\ufeff"]), st.sampled_from(["\n", "\r\n"]), st.booleans())
def test_a_correct_list_is_taken_as_it_stands(sheet, mark, ending, closed):
    text = mark + ending.join(sheet.lines) + (ending if closed else "")
    rows, defects = checked(sheet.design, text)
    assert defects == []
    assert {key: list(rows.sequence(key)) for key in rows.strata} == arms_of(sheet)
    again = Rows.of(rows.text())
    assert (again, again.text()) == (rows, rows.text())


@pytest.mark.parametrize("seed", range(20))
def test_correct_lists_of_the_trial_are_taken(seed):
    sheet = correct(RELUTH, (4, 6), seed, mixed=bool(seed % 2))
    assert found(sheet) == []


Injected = tuple[str, str, int | None]
"""The text of a list with a defect, its code, and the line that must be named."""


def _row(sheet: Sheet, at: int) -> int:
    return at % len(sheet.rows)


def _with(code: str, column: str, value: str) -> Callable[[Sheet, int], Injected]:
    def inject(sheet: Sheet, at: int) -> Injected:
        row = _row(sheet, at)
        name = sheet.design.factors[0].id if column == "factor" and sheet.design.factors else column
        return sheet.having(row, **{name if name != "factor" else "arm": value}).text, code, sheet.first + row

    return inject


def _line(code: str, change: Callable[[str], str]) -> Callable[[Sheet, int], Injected]:
    def inject(sheet: Sheet, at: int) -> Injected:
        line, lines = sheet.first + _row(sheet, at), sheet.lines
        lines[line - 1] = change(lines[line - 1])
        return "\n".join(lines), code, line

    return inject


def _dropped(sheet: Sheet, at: int) -> Injected:
    row = at % (len(sheet.rows) - 1)
    return replace(sheet, rows=(*sheet.rows[:row], *sheet.rows[row + 1 :])).text, "number-missing", sheet.first + row


def _doubled(sheet: Sheet, at: int) -> Injected:
    row = _row(sheet, at)
    rows = (*sheet.rows[: row + 1], *sheet.rows[row:])
    return replace(sheet, rows=rows).text, "number-repeated", sheet.first + row + 1


def _exchanged(sheet: Sheet, at: int) -> Injected:
    row = at % (len(sheet.rows) - 1)
    rows = (*sheet.rows[:row], sheet.rows[row + 1], sheet.rows[row], *sheet.rows[row + 2 :])
    return replace(sheet, rows=rows).text, "number-missing", sheet.first + row


def _other_arm(sheet: Sheet, at: int) -> Injected:
    row = _row(sheet, at)
    other = next(arm.code for arm in sheet.design.arms if arm.code != sheet.rows[row][-1])
    return sheet.having(row, arm=other).text, "block-ratio", sheet.first + row


def _cut_off(sheet: Sheet, at: int) -> Injected:
    """Somewhere after the columns, in the middle of a line or between two."""
    start = len("\n".join(sheet.lines[:3]))
    text = sheet.text[: start + at % (len(sheet.text) - start - len(sheet.lines[-1]))]
    return text, "end-missing", text.removesuffix("\n").count("\n") + 1


def _cut_off_and_declared(sheet: Sheet, at: int) -> Injected:
    """Shortened by somebody who makes head and end say so: a block is incomplete, or a stratum ends too early."""
    kept = 1 + at % (len(sheet.rows) - 1)
    short = replace(sheet, rows=sheet.rows[:kept])
    codes = {one.code for one in found(short)}
    enough = all(len(told) >= sheet.design.needed for told in arms_of(short).values())
    whole = len(arms_of(short)) == len(arms_of(sheet))
    if enough and whole and "block-incomplete" not in codes:
        assume(False)  # what was cut off was not needed
    return short.text, "block-incomplete" if "block-incomplete" in codes else "stratum-short", None


def _block_of(sheet: Sheet, at: int) -> list[int]:
    """The rows of the block that a row is in."""
    row = sheet.rows[_row(sheet, at)]
    until = sheet.column("block") + 1
    key = row[:2] + row[3:until]
    return [n for n, one in enumerate(sheet.rows) if one[:2] + one[3:until] == key]


def _block(code: str, **change: Callable[[int], str]) -> Callable[[Sheet, int], Injected]:
    def inject(sheet: Sheet, at: int) -> Injected:
        rows = _block_of(sheet, at)
        for row in rows:
            values = {name: told(int(sheet.rows[row][sheet.column(name)])) for name, told in change.items()}
            sheet = sheet.having(row, **values)
        return sheet.text, code, sheet.first + rows[0]

    return inject


def _one_size(sheet: Sheet, at: int) -> Injected:
    row, size = _row(sheet, at), sheet.column("block_size")
    if len(_block_of(sheet, at)) == 1:
        raise AssertionError("a block of one row")
    return sheet.having(row, block_size=str(int(sheet.rows[row][size]) * 2)).text, "block-size", sheet.first + row


def _declared(sheet: Sheet, at: int) -> Injected:
    lines = sheet.lines
    lines[1] = f"# rows: {len(sheet.rows) + 1 + at}"
    return "\n".join(lines), "rows-declared", 2


def _ended(sheet: Sheet, at: int) -> Injected:
    lines = sheet.lines
    lines[-1] = f"# end: {len(sheet.rows) + 1 + at}"
    return "\n".join(lines), "rows-ended", len(lines)


def _inserted(code: str, line: str) -> Callable[[Sheet, int], Injected]:
    def inject(sheet: Sheet, at: int) -> Injected:
        place, lines = sheet.first + _row(sheet, at), sheet.lines
        return "\n".join([*lines[: place - 1], line, *lines[place - 1 :]]), code, place

    return inject


def _ended_early(sheet: Sheet, at: int) -> Injected:
    text, _, line = _inserted("", "# end: 1")(sheet, at)
    return text, "after-end", None if line is None else line + 1


def _after_the_end(sheet: Sheet, at: int) -> Injected:
    return sheet.text + sheet.lines[sheet.first - 1 + _row(sheet, at)], "after-end", len(sheet.lines) + 1


DEFECTS: dict[str, Callable[[Sheet, int], Injected]] = {
    "another study": _with("study", "study", "RELUTH2"),
    "another kind": _with("kind", "kind", "pilot"),
    "an unknown level": lambda sheet, at: (
        _with("level", "factor", MARK)(sheet, at) if sheet.design.factors else _with("arm", "arm", MARK)(sheet, at)
    ),
    "an unknown arm": _with("arm", "arm", MARK),
    "an arm in small letters": _with("arm", "arm", "a"),
    "the name of an arm": _with("arm", "arm", "Surveillance"),
    "codes of another system": _with("arm", "arm", "1"),
    "no arm": _with("arm", "arm", ""),
    "a number with a zero before it": _with("number", "number", "007"),
    "a number that is none": _with("number", "number", "1.0"),
    "a block that is no number": _with("number", "block", "B1"),
    "a block size that is no number": _with("number", "block_size", "-4"),
    "a number without end": _with("number", "number", "9" * 400),
    "a row left out": _dropped,
    "a row twice": _doubled,
    "two rows exchanged": _exchanged,
    "one arm changed": _other_arm,
    "cut off": _cut_off,
    "cut off and declared so": _cut_off_and_declared,
    "more rows declared": _declared,
    "another number at the end": _ended,
    "a block left out": _block("block-missing", block=lambda n: str(n + 50)),
    "a size that cannot hold the ratio": _block("block-size", block_size=lambda n: str(n + 1)),
    "a size that is not the block's": _block("block-incomplete", block_size=lambda n: str(n * 2)),
    "two sizes in one block": _one_size,
    "a value too many": _line("fields", lambda line: line + ",A"),
    "a value too few": _line("fields", lambda line: line.rpartition(",")[0]),
    "semicolons": _line("separator", lambda line: line.replace(",", ";")),
    "tabs": _line("separator", lambda line: line.replace(",", "\t")),
    "quotes": _line("quotes", lambda line: ",".join(f'"{one}"' for one in line.split(","))),
    "spaces": _line("spaces", lambda line: line.replace(",", ", ")),
    "a space that does not look like one": _line("spaces", lambda line: line + "\u00a0"),
    "a carriage return alone": _line("line-ending", lambda line: line + "\r" + line),
    "a letter that looks like another": _line("characters", lambda line: line[:-1] + "\u0410"),
    "a control character": _line("characters", lambda line: line + "\x00"),
    "a digit of another script": _line("characters", lambda line: line.replace(",", ",\u0967", 1)),
    "a line separator that no editor shows": _line("characters", lambda line: line + "\u2028"),
    "an empty line": _inserted("empty-line", ""),
    "a note among the rows": _inserted("head", "# to be checked"),
    "an end before the end": _ended_early,
    "rows after the end": _after_the_end,
}  # fmt: skip


@pytest.mark.parametrize("name", DEFECTS)
@settings(deadline=None, max_examples=25)
@given(sheets, st.integers(0, 10_000))
def test_a_list_with_one_thing_wrong_is_refused_with_its_line(name, sheet, at):
    text, code, line = DEFECTS[name](sheet, at)
    defects = found(sheet, text)
    named = [one for one in defects if one.code == code]
    assert named, defects
    assert line is None or any(line in one.lines for one in named), (line, named)
    assert MARK not in str(report(defects))


def test_a_correct_list_is_the_control_of_all_these():
    """Were correct lists refused, the injections above would show nothing."""
    for made in DESIGNS:
        assert found(correct(*made, "control")) == []


SHEET = correct(RELUTH, (4, 6), "list")


def codes_of(text: str, sheet: Sheet = SHEET) -> set[str]:
    return {one.code for one in found(sheet, text)}


def test_arms_whose_labels_were_swapped_are_found():
    """Yelland 2015: the list said A where the pharmacy read B. Codes alone cannot show it, so the head says names."""
    swapped = SHEET.text.replace(
        "A=Two additional cycles of Lutathera; B=Active surveillance",
        "A=Active surveillance; B=Two additional cycles of Lutathera",
    )
    (defect,) = found(SHEET, swapped)
    assert (defect.code, defect.lines) == ("arm-labels", (1,))
    assert "A=Two additional cycles of Lutathera; B=Active surveillance" in defect.detail


@pytest.mark.parametrize("line", [1, 2])
def test_a_list_says_what_its_codes_mean_and_how_many_rows_it_has(line):
    lines = SHEET.lines
    del lines[line - 1]
    assert codes_of("\n".join(lines)) == {["arms-missing", "rows-missing"][line - 1]}


def test_a_head_that_says_something_twice_or_something_unknown_is_refused():
    assert codes_of(SHEET.lines[0] + "\n" + SHEET.text) == {"head"}
    assert codes_of("# made by: nobody\n" + SHEET.text) == {"head"}


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ("F1,F2", "F2,F1", "in this order"),
        ("F4,", "", "missing: F4"),
        (",arm\n", ",arm,site\n", "not of this list: 1"),
        ("F1,F2", "F1,F1", "one appears twice"),
        ("block,", "Block,", "missing: block"),
    ],
)
def test_the_columns_are_exactly_the_documented_ones(old, new, says):
    (defect,) = found(SHEET, SHEET.text.replace(old, new, 1))
    assert (defect.code, defect.lines) == ("columns", (3,))
    assert says in defect.detail


@pytest.mark.parametrize(
    "text", ["", "\n", "\ufeff", "# arms: A=x; B=y", "%PDF-1.7\n", "{}", "\x00" * 50, "PK\x03\x04"]
)
def test_what_is_no_list_at_all_is_refused(text):
    assert found(SHEET, text)


def test_a_list_without_a_row_is_refused():
    assert codes_of("\n".join([*SHEET.lines[:1], "# rows: 0", SHEET.lines[2], "# end: 0"])) == {
        "rows-declared", "rows-ended",
    }  # fmt: skip


def test_exchanged_stratum_columns_are_found_on_every_row():
    one, other = SHEET.column("F1"), SHEET.column("F3")
    rows = [list(row) for row in SHEET.rows]
    for row in rows:
        row[one], row[other] = row[other], row[one]
    defects = report(found(replace(SHEET, rows=tuple(map(tuple, rows)))))
    assert [(d["code"], d["column"], d["lines"]) for d in defects] == [
        ("level", "F1", f"4-{len(SHEET.rows) + 3}"),
        ("level", "F3", f"4-{len(SHEET.rows) + 3}"),
    ]
    assert "is a level of F3" in defects[0]["detail"]


def test_everything_that_is_wrong_is_told_at_once():
    wrong = SHEET.having(5, arm="C").having(9, F2="MIXED").having(11, study="OTHER").having(20, number="1")
    defects = report(found(SHEET, "\n".join(wrong.lines[:-1])))
    assert {(one["code"], one["lines"]) for one in defects} >= {
        ("arm", "9"),
        ("level", "13"),
        ("study", "15"),
        ("number-repeated", "24"),
        ("end-missing", str(len(SHEET.lines) - 1)),
    }


def test_a_stratum_too_short_for_the_cap_is_refused_by_name():
    without = tuple(row for row in SHEET.rows if row[3:7] != ("LT18", "RADIOLOGIC", "LT60", "YES"))
    (defect,) = found(replace(SHEET, rows=without).numbered())
    assert defect.code == "stratum-short"
    assert "F1=LT18,F2=RADIOLOGIC,F3=LT60,F4=YES has 0 rows, and 146 subjects" in defect.detail
    assert codes_of(SHEET.text, replace(SHEET, design=replace(RELUTH, needed=150))) == {"stratum-short"}


def test_a_block_that_comes_back_is_refused():
    """Another block parts its rows: nobody knows any more which rows hold the ratio."""
    sheet = correct(design((1, 1), ()), (4,), "returns")
    rows = [*sheet.rows[:2], *sheet.rows[4:8], *sheet.rows[2:4], *sheet.rows[8:]]
    defects = found(replace(sheet, rows=tuple(rows)).numbered())
    assert ("block-returns", (10,)) in {(one.code, one.lines[:1]) for one in defects}


def test_a_list_for_practice_is_refused_in_the_trial_and_the_other_way_round():
    practice = replace(RELUTH, study="RELUTHTEST")
    assert codes_of(SHEET.text, replace(SHEET, design=practice)) == {"study", "kind"}
    sheet = correct(practice, (4, 6), "practice")
    assert found(sheet) == []
    assert codes_of(sheet.text) == {"study", "kind"}


def test_a_practice_list_under_the_name_of_the_trial_is_refused():
    kind = SHEET.column("kind")
    rows = tuple((*row[:kind], "test", *row[kind + 1 :]) for row in SHEET.rows)
    defects = report(found(replace(SHEET, rows=rows)))
    assert [(d["code"], d["lines"]) for d in defects] == [("kind", f"4-{len(rows) + 3}")]


def test_a_list_longer_than_can_be_sealed_is_refused():
    assert {one.code for one in found(correct(design((1, 1), (2, 2, 2), needed=2400), (4,), 1))} == {"too-long"}
    assert found(correct(design((1, 1), (2, 2, 2), needed=2000), (4,), 1)) == []


def test_a_list_tells_no_more_arms_apart_than_it_has_letters_for():
    arms = [Arm(code=f"ARM{n}", ratio=1) for n in range(37)]
    of = replace(design(levels=()), arms=tuple(arms), names=tuple(arm.code for arm in arms))
    assert {one.code for one in found(correct(of, (37,), 1))} == {"too-many-arms"}
    fewer = replace(of, arms=of.arms[:36], names=of.names[:36])
    assert found(correct(fewer, (36,), 1)) == []


def test_no_trace_of_a_row_is_in_what_is_printed_of_a_list():
    rows, _ = checked(RELUTH, SHEET.text)
    assert all(arm not in repr(rows) for arm in ("ABBA", "BAAB", "strata", "LT18"))


def test_lines_are_written_as_a_person_writes_them():
    assert spans([9, 4, 5, 6, 11, 12, 6]) == "4-6, 9, 11-12"
    assert spans([]) == ""


def test_the_recipe_of_the_guide_makes_a_list_that_is_taken():
    guide = (Path(__file__).parents[3] / "docs" / "howto-import-a-list.md").read_text(encoding="utf-8")
    (recipe,) = re.findall(r"```python\n(.*?)```", guide, re.DOTALL)
    made = subprocess.run([sys.executable, "-I", "-c", recipe], capture_output=True, text=True, check=True)
    rows, defects = checked(RELUTH, made.stdout)
    assert defects == []
    assert rows is not None
    assert len(rows.strata) == 16


def test_the_guide_names_every_code_of_a_defect():
    package = Path(listing.__file__).parent
    said = re.compile(r'(?:Defect|wrong|say)\(\s*"([a-z-]+)"|, "([a-z-]+)", "')
    told = {"".join(code) for path in package.glob("*.py") for code in said.findall(path.read_text())}
    guide = (Path(__file__).parents[3] / "docs" / "howto-import-a-list.md").read_text(encoding="utf-8")
    assert len(told) > 20
    assert [code for code in sorted(told) if f"`{code}`" not in guide] == []
