"""Clopper-Pearson against R, against scipy's own test, and against what it must be."""

import json
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given as for_all
from hypothesis import strategies as st
from scipy.stats import binom, binomtest

from services.analytics.statistics.intervals import clopper_pearson, percent

REFERENCE = json.loads((Path(__file__).parents[2] / "oracles" / "binomial" / "one_sample.json").read_text())
ROWS = [dict(zip(REFERENCE["columns"], row, strict=True)) for row in REFERENCE["rows"]]
# The reference is printed with twelve significant digits: half a unit of the last one, and half of our own.
TOLERANCE = 1.0e-12


@pytest.mark.parametrize("confidence", ["0.90", "0.95", "0.99"])
@pytest.mark.parametrize("row", ROWS, ids=[f"{row['x']} of {row['n']}" for row in ROWS])
def test_the_limits_of_r(row: dict[str, float], confidence: str) -> None:
    found = clopper_pearson(int(row["x"]), int(row["n"]), Decimal(confidence))
    assert found is not None
    level = confidence.removeprefix("0.")
    assert float(found.lower) == pytest.approx(row[f"cp{level}_lo"], rel=0, abs=TOLERANCE)
    assert float(found.upper) == pytest.approx(row[f"cp{level}_hi"], rel=0, abs=TOLERANCE)
    assert float(found.share) == pytest.approx(row["p"], rel=0, abs=TOLERANCE)


@pytest.mark.parametrize(("x", "shown"), [(47, ("64.4", "52.3", "75.3")), (62, ("84.9", "74.6", "92.2"))])
def test_the_golden_numbers_of_the_protocol_digest(x: int, shown: tuple[str, str, str]) -> None:
    found = clopper_pearson(x, 73, Decimal("0.95"))
    assert found is not None
    assert (percent(found.share), percent(found.lower), percent(found.upper)) == shown


def test_nothing_can_be_estimated_from_nobody() -> None:
    assert clopper_pearson(0, 0, Decimal("0.95")) is None


@pytest.mark.parametrize(("x", "n", "confidence"), [(-1, 5, "0.95"), (6, 5, "0.95"), (1, 5, "1"), (1, 5, "0")])
def test_what_is_not_a_proportion_is_refused(x: int, n: int, confidence: str) -> None:
    with pytest.raises(ValueError, match="not a proportion"):
        clopper_pearson(x, n, Decimal(confidence))


COUNTS = st.integers(1, 400).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n)))


@for_all(COUNTS)
def test_the_limits_of_scipy(counts: tuple[int, int]) -> None:
    x, n = counts
    found, theirs = clopper_pearson(x, n, Decimal("0.95")), binomtest(x, n).proportion_ci(0.95, "exact")
    assert found is not None
    assert float(found.lower) == pytest.approx(theirs.low, rel=0, abs=2e-12)
    assert float(found.upper) == pytest.approx(theirs.high, rel=0, abs=2e-12)


@for_all(COUNTS)
def test_each_limit_leaves_the_tail_it_promises(counts: tuple[int, int]) -> None:
    x, n = counts
    found = clopper_pearson(x, n, Decimal("0.95"))
    assert found is not None
    assert found.lower <= found.share <= found.upper
    if x > 0:
        assert binom.sf(x - 1, n, float(found.lower)) == pytest.approx(0.025, abs=1e-8)
    if x < n:
        assert binom.cdf(x, n, float(found.upper)) == pytest.approx(0.025, abs=1e-8)


@pytest.mark.parametrize(("share", "shown"), [("0.6445", "64.5"), ("0.64449", "64.4"), ("0", "0.0"), ("1", "100.0")])
def test_percentages_round_half_away_from_zero(share: str, shown: str) -> None:
    assert percent(Decimal(share)) == shown
