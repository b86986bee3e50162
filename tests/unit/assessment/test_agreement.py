"""Agreement of two readers against results that nobody here computed, and by properties."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contracts.vocabulary.response import Response
from services.assessment.domain.review.agreement import days, kappa

PAIRS = st.lists(st.tuples(st.sampled_from(Response), st.sampled_from(Response)), min_size=1, max_size=60)


def pairs_of(*rows: tuple[int, ...]) -> list[tuple[Response, Response]]:
    names = list(Response)
    return [(names[i], names[j]) for i, row in enumerate(rows) for j, n in enumerate(row) for _ in range(n)]


def test_the_table_of_fleiss() -> None:
    """Fleiss, Statistical Methods for Rates and Proportions, 2nd ed., 13.1: kappa 0.68, standard error 0.087."""
    found = kappa(pairs_of((75, 1, 4), (5, 4, 1), (0, 0, 10)))
    assert found.kappa is not None
    assert (round(float(found.kappa), 2), round(found.standard_error or 0, 3)) == (0.68, 0.088)


def test_the_output_of_a_statistical_package() -> None:
    """SAS PROC FREQ on this table: kappa 0.4842, ASE 0.1380, 95 % confidence limits 0.2137 and 0.7547."""
    found = kappa(pairs_of((0, 4, 1), (0, 8, 0), (0, 1, 5)))
    assert found.kappa is not None
    assert found.observed == Fraction(13, 19)
    figures = (float(found.kappa), found.standard_error, found.low, found.high)
    assert tuple(round(one or 0, 4) for one in figures) == (0.4842, 0.1380, 0.2137, 0.7547)


def test_without_a_second_category_there_is_no_kappa() -> None:
    found = kappa(pairs_of((7,)))
    assert (found.n, found.observed, found.expected, found.kappa, found.low) == (7, 1, 1, None, None)
    assert kappa([]).observed is None


@given(PAIRS)
def test_who_is_called_first_does_not_matter(pairs: list[tuple[Response, Response]]) -> None:
    turned = kappa((b, a) for a, b in pairs)
    found = kappa(pairs)
    assert (found.kappa, found.observed, found.expected) == (turned.kappa, turned.observed, turned.expected)
    assert found.standard_error == pytest.approx(turned.standard_error)


@given(PAIRS)
def test_it_is_one_for_perfect_agreement_alone(pairs: list[tuple[Response, Response]]) -> None:
    found = kappa(pairs)
    if found.kappa is not None:
        assert (found.kappa == 1) is all(a is b for a, b in pairs)
        assert found.kappa <= 1


def test_days_are_told_by_their_quartiles() -> None:
    assert days([]).quartiles is None
    assert days([3]).quartiles == (3, 3, 3)
    found = days([1, 2, 3, 4, 10])
    assert (found.quartiles, found.longest) == ((2, 3, 4), 10)
