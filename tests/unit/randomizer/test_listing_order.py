"""An order that chance makes is not refused; one that it makes less than once in a million is. Counted, not guessed."""

from collections import Counter
from dataclasses import replace
from fractions import Fraction
from itertools import groupby, permutations, product
from math import comb

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.randomizer.domain.listing import order
from services.randomizer.domain.listing.check import Design, checked
from services.randomizer.domain.listing.defects import report

from .lists import LISTED, Sheet, correct, design

RELUTH = Design.of(LISTED, 146)


def runs_of(marks) -> int:
    return len(list(groupby(marks)))


@pytest.mark.parametrize(("first", "second"), [(1, 1), (3, 1), (2, 5), (4, 4), (5, 6)])
def test_the_probability_of_few_runs_is_that_of_counting_every_order(first, second):
    orders = [marks for marks in product([True, False], repeat=first + second) if sum(marks) == first]
    assert len(orders) == comb(first + second, first)
    counted = Counter(runs_of(marks) for marks in orders)
    for seen in range(1, first + second + 2):
        share = Fraction(sum(n for runs, n in counted.items() if runs <= seen), len(orders))
        assert order.so_few_runs(first, second, seen) == share
    mean = Fraction(sum(runs * n for runs, n in counted.items()), len(orders))
    assert order.expected_runs(first, second) == mean
    assert all(order.runs(marks) == runs_of(marks) for marks in orders)


@pytest.mark.parametrize(("first", "second"), [(0, 0), (0, 5), (5, 0)])
def test_marks_of_one_kind_have_one_order_and_it_has_one_run(first, second):
    assert order.so_few_runs(first, second, 1) == 1


@settings(deadline=None)
@given(st.lists(st.booleans(), max_size=60))
def test_leaving_out_the_count_above_the_mean_changes_no_answer(marks):
    first = sum(marks)
    rare = order.so_few_runs(first, len(marks) - first, order.runs(marks)) < order.IMPLAUSIBLE
    assert order.looks_sorted(marks) is rare


@pytest.mark.parametrize(("first", "second", "sorted_"), [(11, 11, False), (12, 11, False), (12, 12, True)])
def test_sorted_is_refused_from_where_chance_would_be_below_one_in_a_million(first, second, sorted_):
    """Two runs of 12 and 11 come in 2 of 1,352,078 orders, of 12 and 12 in 2 of 2,704,156."""
    assert order.looks_sorted([True] * first + [False] * second) is sorted_
    assert order.so_few_runs(first, second, 2) == Fraction(2, comb(first + second, first))


@pytest.mark.parametrize("places", [(2, 2), (1, 1, 1), (3, 1), (2, 1, 1), (3, 3)])
def test_the_orders_of_a_block_are_counted(places):
    block = [arm for arm, n in enumerate(places) for _ in range(n)]
    assert order.permutations(places) == len(set(permutations(block)))


@pytest.mark.parametrize(("blocks", "orders"), [(4, 3), (6, 2), (3, 6)])
def test_the_bound_on_repeated_orders_is_never_below_the_counted_probability(blocks, orders, monkeypatch):
    """Union bound: refused only where chance is rarer than the limit. Checked at limits all the way."""
    outcomes = Counter(max(Counter(one).values()) for one in product(range(orders), repeat=blocks))
    for seen in range(1, blocks + 1):
        probability = Fraction(sum(n for most, n in outcomes.items() if most >= seen), orders**blocks)
        monkeypatch.setattr(order, "IMPLAUSIBLE", probability)
        assert not order.looks_repeated(seen, blocks, orders)
        tail = sum(comb(blocks, n) * (orders - 1) ** (blocks - n) for n in range(seen, blocks + 1))
        monkeypatch.setattr(order, "IMPLAUSIBLE", Fraction(tail * orders, orders**blocks) + Fraction(1, 10**9))
        assert order.looks_repeated(seen, blocks, orders) is (seen * orders > blocks)


SHEET = correct(RELUTH, (4, 6), "order")


def by(sheet: Sheet, *columns: str) -> Sheet:
    """The rows as a spreadsheet sorts them by these columns, numbered again."""
    places = [sheet.column(name) for name in columns]
    keyed = sorted(sheet.rows, key=lambda row: [row[n].rjust(9, "0") for n in places])
    return replace(sheet, rows=tuple(keyed)).numbered()


def codes(sheet: Sheet) -> dict[str, str]:
    return {one["code"]: one["detail"] for one in report(checked(sheet.design, sheet.text)[1])}


def test_a_list_sorted_by_arm_is_refused():
    defects = report(checked(RELUTH, by(SHEET, "arm").text)[1])
    told = [one["detail"] for one in defects if one["code"] == "sorted"]
    assert any(one.startswith("the list is sorted by arm: 2 runs") for one in told)


def test_a_list_sorted_by_arm_within_its_strata_is_refused_though_blocks_were_numbered_again():
    """One block for each stratum holds the ratio, so that nothing but the order is wrong."""
    block, size = SHEET.column("block"), SHEET.column("block_size")
    rows = []
    for _, group in groupby(by(SHEET, "F1", "F2", "F3", "F4", "arm").rows, key=lambda row: row[3:7]):
        told = list(group)
        rows += [(*row[:block], "1", str(len(told)), *row[size + 1 :]) for row in told]
    sheet = replace(SHEET, rows=tuple(rows)).numbered()
    found = [one for one in report(checked(RELUTH, sheet.text)[1]) if one["code"] == "sorted"]
    assert len(found) == 17  # the whole and its 16 strata
    assert all("2 runs" in one["detail"] for one in found if "F1=" in one["detail"])


def test_a_list_sorted_by_arm_within_its_blocks_is_refused():
    """Blocks of 4: half of all places begin a run, as chance has it, and yet each block gives itself away."""
    sheet = correct(RELUTH, (4,), "blocks")
    found = codes(by(sheet, "F1", "F2", "F3", "F4", "block", "arm"))
    assert set(found) == {"block-repeated", "copied"}
    assert "592 of 592 blocks of 4 have one order" in found["block-repeated"]


def test_one_block_used_again_and_again_is_refused():
    sheet = correct(design((1, 1), (), needed=60), (4,), "again")
    rows = [(*row[:-1], "ABBA"[n % 4]) for n, row in enumerate(sheet.rows)]
    assert set(codes(replace(sheet, rows=tuple(rows)))) == {"block-repeated"}


def test_two_strata_made_from_one_seed_are_refused():
    of = design((1, 1), (2, 2), needed=40)
    sheet = correct(of, (4, 6), "copied")
    strata = [list(group) for _, group in groupby(sheet.rows, key=lambda row: row[3:5])]
    factors = slice(3, 5)
    strata[3] = [(*row[:3], *strata[3][0][factors], *row[5:]) for row in strata[1]]
    copied = replace(sheet, rows=tuple(row for rows in strata for row in rows)).numbered()
    assert codes(sheet) == {}
    found = codes(copied)
    assert set(found) == {"copied"}
    assert "F1=L10,F2=L21 and of F1=L11,F2=L21" in found["copied"]


def test_three_arms_in_order_are_refused():
    of = design((1, 1, 1), (), needed=60)
    sheet = correct(of, (60,), "three")
    arms = sorted(row[-1] for row in sheet.rows)
    ordered = replace(sheet, rows=tuple((*row[:-1], arm) for row, arm in zip(sheet.rows, arms, strict=True)))
    assert codes(sheet) == {}
    assert "sorted" in codes(ordered)


def test_a_third_arm_that_stands_apart_is_refused_though_the_first_is_well_mixed():
    of = design((1, 1, 1), (), needed=90)
    sheet = correct(of, (90,), "apart")
    arms = ["A", "B"] * 30 + ["C"] * 30
    assert "sorted" in codes(
        replace(sheet, rows=tuple((*row[:-1], arm) for row, arm in zip(sheet.rows, arms, strict=True)))
    )
