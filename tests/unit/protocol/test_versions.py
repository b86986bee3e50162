"""Files of one study are versions of it: an unbroken line from the first, and what an amendment may not touch."""

from itertools import permutations
from pathlib import Path

import pytest

from contracts.protocol.load import ProtocolError, load, parse, studies
from contracts.protocol.model import Protocol
from contracts.protocol.versions import Versions, linked, newest

TEXT = (Path(__file__).parents[3] / "contracts" / "protocol" / "reluth.yaml").read_text()
FIRST = load()


def amended(version: str, amends: str | None, *changes: tuple[str, str]) -> str:
    """The packaged file as another version, with some of its text replaced."""
    text = TEXT
    named = f'protocol_version: "{version}"' + (f'\namends: "{amends}"' if amends else "")
    for old, new in (('protocol_version: "paper-2022"', named), *changes):
        assert text.count(old) >= 1, old
        text = text.replace(old, new, 1)
    return text


def version(name: str, amends: str | None, *changes: tuple[str, str]) -> Protocol:
    return parse(amended(name, amends, *changes))


A1 = version("a1", "paper-2022", ('criteria_version: "1.0"', 'criteria_version: "1.1"'))
A2 = version("a2", "a1")


def problems(*files: Protocol) -> dict[str, str]:
    versions, found = linked(files)
    assert (versions is None) is bool(found)
    return dict(found)


def test_versions_are_ordered_by_what_they_amend_whatever_the_order_of_the_files() -> None:
    for files in permutations((FIRST, A1, A2)):
        versions, found = linked(files)
        assert not found
        assert versions is not None
        assert versions.names == ("paper-2022", "a1", "a2")
        assert (versions.first, versions.newest) == (FIRST, A2)


def test_a_version_is_found_by_its_name_and_by_its_hash() -> None:
    versions = Versions((FIRST, A1))
    assert versions.named("a1") is A1
    assert versions.hashed(FIRST.sha256) is FIRST
    assert versions.named("a2") is versions.hashed(A2.sha256) is None
    assert newest({"RELUTH": versions}) == {"RELUTH": A1}


def test_a_line_has_one_beginning_no_fork_no_gap_and_no_circle() -> None:
    assert problems(FIRST, version("b", None)) == {
        "amends": "exactly one version amends no other; here it is paper-2022, b"
    }
    assert problems(FIRST, A1, version("b", "paper-2022")) == {
        "amends": "a1 and b both amend paper-2022: the line may not fork"
    }
    assert problems(FIRST, A2) == {"a2: amends": "there is no file of version a1"}
    assert problems(FIRST, version("b", "c"), version("c", "b")) == {"amends": "b, c amend each other in a circle"}
    assert problems(version("b", "c"), version("c", "b"))["amends"].endswith("here it is none")
    assert problems(FIRST, FIRST)["protocol_version"] == "two files are version paper-2022"


@pytest.mark.parametrize(("place", "old", "new"), [
    ("a1: study.time_zone", "time_zone: Europe/Paris", "time_zone: Europe/Berlin"),
    ("a1: arms[B]", "name: Active surveillance\n    ratio: 1", "name: Active surveillance\n    ratio: 2"),
    ("a1: arms[C]", "  - code: B\n", "  - code: C\n"),
    ("a1: factors[F3]", "{code: LT60, below: 60,", "{code: LT60, below: 55,"),
    ("a1: caps[randomized]", "limit: 146\n    hard: true", "limit: 146\n    hard: false"),
    ("a1: randomization", "block_sizes: [4, 6]", "block_sizes: [4, 8]"),
    ("a1: fields[who_grade].codes", "codes: [G1, G2, G3]", "codes: [G1, G2, G4]"),
    ("a1: fields[board_decided_on]", "Date of the decision, kind: date", "Date of the decision, kind: month"),
])  # fmt: skip
def test_what_an_amendment_may_not_change_is_named(place: str, old: str, new: str) -> None:
    text = amended("a1", "paper-2022", (old, new))
    if place == "a1: factors[F3]":
        text = text.replace("{code: GE60, at_least: 60,", "{code: GE60, at_least: 55,")
    if place == "a1: arms[C]":
        text = text.replace("arms: [B]", "arms: [C]")
    if place == "a1: arms[B]":
        text = text.replace("block_sizes: [4, 6]", "block_sizes: [3, 6]")
    if place == "a1: fields[who_grade].codes":
        text = text.replace("in: {field: who_grade, codes: [G1, G2]", "in: {field: who_grade, codes: [G1]")
    if "board_decided_on" in place:
        text = text.replace(
            '        - compare: {left: {field: board_decided_on}, operator: "<=", right: {field: gate_date}}\n', ""
        )
    assert place in problems(FIRST, parse(text))


@pytest.mark.parametrize(("old", "new"), [
    ("right: {number: 8, unit: g/dL}", "right: {number: 9, unit: g/dL}"),
    ("limit: 176", "limit: 200"),
    ("name: Active surveillance", "name: Surveillance"),
    ("label: WHO grade", "label: Grade"),
    ("codes: [G1, G2, G3]", "codes: [G1, G2, G3, G4]"),
])  # fmt: skip
def test_criteria_numbers_and_words_may_change(old: str, new: str) -> None:
    assert problems(FIRST, version("a1", "paper-2022", (old, new))) == {}


def test_a_timepoint_stays_where_the_earlier_version_is_in_force() -> None:
    text = amended("a1", "paper-2022", ("    timepoint: M4\n", ""))
    assert "M4" in problems(FIRST, parse(text))["a1: visits"]


def test_files_are_read_as_studies_with_their_versions(tmp_path: Path) -> None:
    files = []
    for name, text in (("one", TEXT), ("two", amended("a1", "paper-2022"))):
        files.append(tmp_path / f"{name}.yaml")
        files[-1].write_text(text)
    assert studies(tuple(files))["RELUTH"].names == ("paper-2022", "a1")
    assert studies()["RELUTH"].names == ("paper-2022",)
    files[1].write_text(TEXT)
    with pytest.raises(ProtocolError, match="two files are version paper-2022"):
        studies((files[1], files[0]))
