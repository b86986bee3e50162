"""What the scan of free text finds and what it lets pass: exactly as measured on the corpus, and always for numbers."""

import string
import time
from collections.abc import Iterator
from typing import Annotated

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter, ValidationError

from services.chassis.freetext.clear import INSTITUTION
from services.chassis.freetext.scan import Hit, Kind, scan
from tests.unit.chassis.freetext_corpus import CLEAN, IDENTIFYING

MISSED = {"Berthou", "kervella", "Corentin"}
"""A name without a title, or in small letters, that is on no list of frequent names (docs/free-text.md)."""
FALSELY_HELD = {
    "Avis Cardiologie Interventionnelle demandé.",
    "Vacances à Saint Malo en août, visite décalée.",
}
"""Two capitalised words in a row look like a name."""
LINES = CLEAN.strip().splitlines()
NIRS = st.from_regex(r"[12][0-9]{2}(0[1-9]|1[0-2])([013-9][0-9]|2[0-9AB])[0-9]{6}", fullmatch=True)
SPACES = st.sampled_from([" ", "\u00a0", "\u202f", "\u2009"])


def marked() -> Iterator[tuple[Kind, str, str]]:
    """Kind, the line as it is typed, and the stretch of it that identifies."""
    for line in IDENTIFYING.strip().splitlines():
        kind, text = line.split("|", 1)
        before, rest = text.split("[[")
        stretch, after = rest.split("]]")
        yield Kind(kind), before + stretch + after, stretch


def overlapping(text: str, stretch: str) -> set[Kind]:
    start = text.index(stretch)
    return {hit.kind for hit in scan(text) if hit.start < start + len(stretch) and hit.end > start}


def with_key(nir: str) -> str:
    number = int(nir.replace("2A", "19").replace("2B", "18"))
    return f"{nir}{97 - number % 97:02d}"


def test_what_identifies_is_found_but_for_the_lines_that_the_page_names() -> None:
    lines = list(marked())
    missed = {stretch for kind, text, stretch in lines if kind not in overlapping(text, stretch)}
    assert missed == MISSED
    assert (len(lines), len(lines) - len(missed)) == (70, 67)


def test_what_identifies_nobody_passes_but_for_the_lines_that_the_page_names() -> None:
    held = {line for line in LINES if scan(line)}
    assert held == FALSELY_HELD
    assert (len(LINES), len(LINES) - len(held)) == (80, 78)


@given(st.sampled_from(LINES), NIRS, SPACES, st.booleans())
def test_a_number_of_the_health_insurance_is_found_wherever_it_stands(
    line: str, nir: str, space: str, spaced: bool
) -> None:
    whole = with_key(nir)
    written = space.join([whole[:1], whole[1:3], whole[3:5], whole[5:7], whole[7:10], whole[10:13], whole[13:]])
    planted = f"{line} {written if spaced else whole} {line}"
    assert any(hit.kind is Kind.NIR for hit in scan(planted))


def test_a_number_with_a_wrong_key_is_none_but_still_too_long_to_be_a_finding() -> None:
    right = with_key("1580434172045")
    wrong = right[:13] + f"{(int(right[13:]) + 1) % 97:02d}"
    assert {hit.kind for hit in scan(right)} == {Kind.NIR, Kind.HOSPITAL_NUMBER}
    assert {hit.kind for hit in scan(wrong)} == {Kind.HOSPITAL_NUMBER}


@given(
    st.sampled_from(LINES),
    st.sampled_from(["0", "+33", "+33 ", "0033 ", "+33(0)"]),
    st.from_regex(r"[1-9][0-9]{8}", fullmatch=True),
    st.sampled_from(["", " ", ".", "-", "\u00a0", "\u200b"]),
)
def test_a_phone_number_is_found_wherever_it_stands(line: str, prefix: str, digits: str, between: str) -> None:
    number = prefix + between.join([digits[0], digits[1:3], digits[3:5], digits[5:7], digits[7:]])
    found = {hit.kind for hit in scan(f"{line} ({number}) {line}")}
    assert Kind.PHONE in found


@given(
    st.sampled_from(LINES),
    st.text(string.ascii_lowercase + string.digits, min_size=1, max_size=20),
    st.text(string.ascii_lowercase, min_size=2, max_size=20),
)
def test_an_address_is_found_wherever_it_stands(line: str, name: str, domain: str) -> None:
    assert any(hit.kind is Kind.EMAIL for hit in scan(f"{line} {name}@{domain}.fr {line}"))


@given(st.text(max_size=400))
def test_any_text_can_be_scanned_and_every_hit_stands_in_it(text: str) -> None:
    for hit in scan(text):
        assert 0 <= hit.start < hit.end <= len(text)


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("０６ １２ ３４ ５６ ７８", Kind.PHONE),
        ("06\u200b12\u200b34\u200b56\u200b78", Kind.PHONE),
        ("06\ufe0f12\ufe0f34\ufe0f56\ufe0f78", Kind.PHONE),
        ("ne\u0301 le 12/03/1958", Kind.BIRTH_DATE),
        ("Мme Durand", Kind.NAME),
        ("𝐌𝐦𝐞 𝐊𝐞𝐫𝐛𝐫𝐚𝐭", Kind.NAME),
        ("a.b＠exemple．fr", Kind.EMAIL),
        ("٠٦١٢٣٤٥٦٧٨", Kind.PHONE),
    ],
)
def test_another_way_of_writing_hides_nothing(text: str, kind: Kind) -> None:
    assert kind in {hit.kind for hit in scan(text)}


def test_a_hit_stands_where_it_was_typed() -> None:
    assert scan("vu \u200b; M.  Ker\u200bbrat ; ﬁn") == (Hit(10, 18, Kind.NAME),)


@pytest.mark.parametrize(
    "piece",
    ["a", "1", " ", "M ", "0 ", "né le ", "né le 01/01/1990 ", "Aa ", "A-", "a.", "1.", "+1 ", "dossier ", "A.", "’"],
)
def test_the_time_grows_with_the_length_alone(piece: str) -> None:
    # Of this process alone, and a hundred times what it takes: a pattern that backtracks needs minutes or for ever.
    text = (piece * 32_768)[:32_768]
    before = time.process_time()
    scan(text)
    assert time.process_time() - before < 20


@pytest.mark.parametrize("name", ["Institut Paoli-Calmettes", "Centre Jean Perrin", "CHU Bordeaux Marie Curie"])
def test_an_institution_may_be_named_after_somebody(name: str) -> None:
    assert TypeAdapter(Annotated[str, INSTITUTION]).validate_python(name) == name


@pytest.mark.parametrize("name", ["CHU 06 12 34 56 78", "CHU, m.kervella@chu.example", "CHU, dossier 4711234"])
def test_an_institution_is_not_named_after_a_number_or_an_address(name: str) -> None:
    with pytest.raises(ValidationError) as refused:
        TypeAdapter(Annotated[str, INSTITUTION]).validate_python(name)
    assert name[5:] not in refused.value.errors(include_input=False)[0]["msg"]
