"""The exact runs test, by counting every order of small trials and against the formula for two arms."""

from collections import Counter
from fractions import Fraction
from itertools import permutations
from math import comb, factorial, prod

import pytest
from hypothesis import given as for_all
from hypothesis import settings
from hypothesis import strategies as st

from services.randomizer.domain.runs import LONGEST, arrangements, p_value, runs


@pytest.mark.parametrize(("arms", "number"), [("", 0), ("A", 1), ("AAAA", 1), ("AABA", 3), ("ABAB", 4), ("ABCCA", 4)])
def test_a_run_is_a_stretch_of_one_arm(arms, number):
    assert runs(arms) == number


@pytest.mark.parametrize(
    "counts", [(1,), (3,), (1, 1), (3, 2), (4, 4), (2, 2, 2), (3, 1, 2), (1, 1, 1, 1), (2, 2, 1, 1)]
)
def test_every_order_of_a_small_trial_is_counted(counts):
    subjects = "".join("ABCD"[arm] * count for arm, count in enumerate(counts))
    seen = Counter(runs(order) for order in set(permutations(subjects)))
    found = arrangements(counts)
    assert {r: ways for r, ways in enumerate(found) if ways} == seen
    assert sum(found) == factorial(len(subjects)) // prod(map(factorial, counts))


@pytest.mark.parametrize(("a", "b"), [(73, 73), (80, 66), (146, 1), (5, 141)])
def test_two_arms_follow_the_formula_of_wald_and_wolfowitz(a, b):
    found = [*arrangements((a, b)), 0]  # with as many of each, one run more than subjects is asked for below
    for k in range(1, min(a, b) + 1):
        assert found[2 * k] == 2 * comb(a - 1, k - 1) * comb(b - 1, k - 1)
        assert found[2 * k + 1] == comb(a - 1, k) * comb(b - 1, k - 1) + comb(a - 1, k - 1) * comb(b - 1, k)
    assert sum(found) == comb(a + b, a)


@settings(max_examples=50, deadline=None)
@for_all(st.lists(st.integers(0, 12), min_size=1, max_size=4))
def test_the_mean_number_of_runs_is_the_textbooks_for_any_number_of_arms(counts):
    n, found = sum(counts), arrangements(counts)
    if n:
        mean = Fraction(sum(r * ways for r, ways in enumerate(found)), sum(found))
        assert mean == 1 + Fraction(n * n - sum(c * c for c in counts), n)


@pytest.mark.parametrize("counts", [(), (0,), (0, 0)])
def test_nobody_stands_in_one_order_and_that_has_no_run(counts):
    assert arrangements(counts) == [1]


def test_a_sorted_and_an_alternating_trial_stand_out_on_either_side():
    half = 10
    extreme = Fraction(2, comb(2 * half, half))  # AA..BB.. and BB..AA..; ABAB.. and BABA.. are as rare
    assert p_value("A" * half + "B" * half) == 2 * extreme
    assert p_value("AB" * half) == 2 * extreme
    assert p_value("AABBAB") == 1, "as likely a number of runs as there is"
    assert p_value("") == p_value("AAA") == 1


def test_the_largest_trial_is_counted_out_and_a_larger_one_refused():
    assert 0 < p_value("AAB" + "AABB" * (LONGEST // 4 - 1)) <= 1
    assert p_value("A" * (LONGEST // 2) + "B" * (LONGEST // 2)) == Fraction(4, comb(LONGEST, LONGEST // 2))
    with pytest.raises(ValueError, match=str(LONGEST)):
        p_value("AB" * LONGEST)
