"""A checked list as it is kept: whole, under a hash that needs its nonce, and for one design alone."""

import hashlib
from dataclasses import replace

import pytest

from services.chassis.refusal import Refused
from services.randomizer.domain.configuration import Arm, Factor
from services.randomizer.domain.listing import check
from services.randomizer.domain.listing.check import Design, checked
from services.randomizer.domain.listing.defects import Defect, report
from services.randomizer.domain.listing.keep import keep
from services.randomizer.domain.listing.rows import NONCE_BYTES, Rows, sha256, strata_of
from services.randomizer.domain.refusals import ALLOCATION_OVER

from .lists import LISTED, correct, design
from .world import CLOSE, PAUSE, SEALED, SIGN_LOCK, STUDY, activation, given, small

ROWS = Rows(STUDY, ("A", "B"), {"F1=LOW": (("A", "B", "B", "A"), ("B", "A")), "F1=HIGH": (("A", "B"),)})
TEXT = '{"arms":["A","B"],"strata":{"F1=HIGH":["01"],"F1=LOW":["0110","10"]},"study":"RELUTH"}'
SHA = "6" * 64


@pytest.mark.parametrize("before", [(), (activation(),), (activation(), PAUSE)], ids=["new", "active", "paused"])
def test_a_list_is_kept_with_the_number_of_its_rows_and_its_seal(before):
    kept = keep(given(*before).state, ROWS, SEALED, SHA)
    assert (kept.study, kept.list_sha256, kept.rows, kept.sealed) == (STUDY, SHA, 8, SEALED)


@pytest.mark.parametrize(("more", "status"), [((), "closed"), (SIGN_LOCK, "locked")], ids=["closed", "locked"])
def test_no_list_is_kept_for_an_allocation_that_is_over(more, status):
    with pytest.raises(Refused) as caught:
        keep(given(activation(), CLOSE, *more).state, ROWS, SEALED, SHA)
    assert (caught.value.refusal, dict(caught.value.detail)) == (ALLOCATION_OVER, {"status": status})


def test_the_text_of_a_list_is_one_text_and_gives_the_list_again():
    assert ROWS.text() == TEXT
    again = Rows.of(TEXT)
    assert (again.study, again.arms, dict(again.strata)) == (ROWS.study, ROWS.arms, ROWS.strata)


def test_the_rows_of_a_stratum_follow_each_other_over_its_blocks():
    assert ROWS.sequence("F1=LOW") == ("A", "B", "B", "A", "B", "A")
    assert ROWS.sequence("F1=HIGH") == ("A", "B")
    assert ROWS.sequence("F1=OTHER") == ()


@pytest.mark.parametrize(
    "text",
    [
        "",
        "[]",
        "1",
        "{}",
        TEXT.replace("0110", "0112"),
        TEXT.replace("0110", "01!0"),
        TEXT.replace('"study"', '"trial"'),
        TEXT.replace('["01"]', "7"),
        TEXT[:-1],
    ],
)
def test_what_is_no_kept_list_is_refused_without_a_word_of_it(text):
    with pytest.raises(ValueError, match="this is no list") as caught:
        Rows.of(text)
    assert caught.value.__suppress_context__, "the error that is hidden would name a value"


def test_a_list_is_named_by_the_hash_of_its_nonce_and_its_text():
    nonce = bytes(range(NONCE_BYTES))
    assert NONCE_BYTES == 32
    assert sha256(nonce, TEXT) == hashlib.sha256(nonce + TEXT.encode()).hexdigest()
    for length in (0, 31, 33):
        with pytest.raises(ValueError, match="32 bytes"):
            sha256(bytes(length), TEXT)


def test_a_stratum_is_named_by_the_levels_of_all_factors_in_order():
    assert strata_of([]) == [""]
    assert strata_of([("F1", ["X", "Y"]), ("F2", ["Z"]), ("F3", ["V", "W"])]) == [
        "F1=X,F2=Z,F3=V",
        "F1=X,F2=Z,F3=W",
        "F1=Y,F2=Z,F3=V",
        "F1=Y,F2=Z,F3=W",
    ]


def test_a_checked_list_is_kept_for_its_study_and_its_arms_in_the_order_of_the_protocol():
    sheet = correct(design((1, 1), (2,), needed=4), (4,), "kept")
    rows, _ = checked(sheet.design, sheet.text)
    assert rows is not None
    assert (rows.study, rows.arms) == ("RELUTH", ("A", "B"))


@pytest.mark.parametrize(("room", "taken"), [(0, True), (-1, False)], ids=["just", "one byte less"])
def test_a_list_is_taken_up_to_the_last_byte_that_can_be_sealed(room, taken, monkeypatch):
    sheet = correct(design((1, 1), (2,), needed=4), (4,), "kept")
    rows, _ = checked(sheet.design, sheet.text)
    assert rows is not None
    monkeypatch.setattr(check, "MAX_BYTES", len(rows.text()) + room)
    again, defects = checked(sheet.design, sheet.text)
    assert (again is not None, [one.code for one in defects]) == (taken, [] if taken else ["too-long"])


def test_what_concerns_no_line_is_told_before_what_concerns_the_first_one():
    assert [one["code"] for one in report([Defect("a", "x", (1,)), Defect("b", "y"), Defect("c", "z", (2,))])] == [
        "b",
        "a",
        "c",
    ]


DESIGN = small()


def test_a_list_fits_the_design_that_it_was_made_for():
    assert ROWS.fits(DESIGN)
    thrice = ("A", "B", "A") * 2
    assert replace(ROWS, strata={"F1=LOW": (thrice,), "F1=HIGH": ()}).fits(small((2, 1), (3, 6)))


@pytest.mark.parametrize(
    "rows",
    [
        replace(ROWS, study="OTHER"),
        replace(ROWS, arms=("B", "A")),
        replace(ROWS, arms=("A", "B", "C")),
        replace(ROWS, strata={"F1=LOW": ROWS.strata["F1=LOW"]}),
        replace(ROWS, strata={**ROWS.strata, "F1=OTHER": (("A", "B"),)}),
        replace(ROWS, strata={**ROWS.strata, "F1=HIGH": (("A", "A"),)}),
        replace(ROWS, strata={**ROWS.strata, "F1=HIGH": (("A", "B"), ("A", "B", "A"))}),
    ],
    ids=["study", "order of arms", "arms", "stratum missing", "stratum unknown", "ratio", "part of a block"],
)
def test_a_list_made_for_another_design_does_not_fit(rows):
    assert not rows.fits(DESIGN)


def test_the_design_that_a_list_is_checked_against_is_that_of_the_protocol():
    found = Design.of(LISTED, 146)
    assert (found.study, found.needed) == ("RELUTH", 146)
    assert found.arms == tuple(Arm(code=arm.code, ratio=arm.ratio) for arm in LISTED.arms)
    assert found.names == tuple(arm.name for arm in LISTED.arms)
    assert found.factors == tuple(
        Factor(id=one.id, levels=tuple(level.code for level in one.levels)) for one in LISTED.factors
    )
    assert len(found.strata) == 16
    assert found.strata[0] == "F1=LT18,F2=RADIOLOGIC,F3=LT60,F4=YES"
    assert found.labels == "A=Two additional cycles of Lutathera; B=Active surveillance"
