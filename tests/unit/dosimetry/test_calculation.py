"""The integral of a curve: known kinetics are found again, as surely as stated; what is no curve has no integral."""

import math
from collections.abc import Callable, Sequence
from decimal import Decimal
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import binom

from contracts.vocabulary.dosimetry import CurveModel
from services.dosimetry.calculation import integrate as rule
from services.dosimetry.calculation.exponentials import fitted
from services.dosimetry.calculation.integrate import integrate
from services.dosimetry.calculation.trapezoid import trapezoid
from services.dosimetry.domain.curves import (
    NOT_FINITE,
    NOT_POSITIVE,
    SAME_TIME_TWICE,
    TOO_FEW_POINTS,
    Integral,
    NotComputable,
    Point,
)

PHYSICAL = Decimal("6.647") * 24
DECAY = math.log(2) / float(PHYSICAL)
INFUSED = Decimal(7400)
HOURS = (4, 24, 72, 192)
MANY = (1, 2, 4, 8, 24, 48, 72, 120, 192)
Activity = Callable[[float], float]


def point(hours: float, activity: float, sd: float | None = None) -> Point:
    return Point(Decimal(hours), Decimal(activity), Decimal(activity / 20 if sd is None else sd))


def curve(activity: Activity, hours: Sequence[float] = HOURS) -> list[Point]:
    return [point(h, activity(h)) for h in hours]


def mono(start: float, half_life: float) -> Activity:
    return lambda hours: start * 2 ** (-hours / half_life)


def two(a: float, fast: float, b: float, slow: float) -> Activity:
    return lambda hours: mono(a, fast)(hours) + mono(b, slow)(hours)


def of_integral(points: Sequence[Point], infused: Decimal = INFUSED) -> Integral:
    return integrate(points, PHYSICAL, infused)


@pytest.mark.parametrize("half_life", [10, 50, 90, 159])
@pytest.mark.parametrize("hours", [(24, 72), (4, 24, 72), HOURS])
def test_one_exponential_is_its_closed_form(half_life: float, hours: tuple[int, ...]) -> None:
    found = of_integral(curve(mono(100, half_life), hours))
    assert (found.model, found.because) == (CurveModel.MONO_EXPONENTIAL, "ONLY_FIT")
    assert float(found.mbq_h) == pytest.approx(100 * half_life / math.log(2), rel=1e-9)
    assert found.effective_half_life_h is not None
    assert float(found.effective_half_life_h) == pytest.approx(half_life, rel=1e-9)


def _coverage(activity: Activity, hours: Sequence[float], truth: float, curves: int, model: CurveModel) -> None:
    """How often the stated 95 % interval holds the truth: as a coin that falls so 95 times in 100 would."""
    chance = np.random.default_rng(7)
    held = fitted = 0
    for _ in range(curves):
        seen = [point(h, max(1e-6, chance.normal(activity(h), activity(h) / 20)), activity(h) / 20) for h in hours]
        found = of_integral(seen)
        if found.model is model and found.sd_mbq_h is not None:
            fitted += 1
            held += abs(float(found.mbq_h) - truth) <= 1.96 * float(found.sd_mbq_h)
    assert fitted > 0.95 * curves
    low, high = binom.interval(0.9999, fitted, 0.95)
    assert low <= held <= high, f"{held} of {fitted}"


def test_the_stated_interval_of_one_exponential_holds_the_truth_as_often_as_it_says() -> None:
    _coverage(mono(100, 50), HOURS, 100 * 50 / math.log(2), 1000, CurveModel.MONO_EXPONENTIAL)


def test_the_stated_interval_of_two_exponentials_holds_the_truth_as_often_as_it_says() -> None:
    truth = (150 * 3 + 60 * 70) / math.log(2)
    _coverage(two(150, 3, 60, 70), MANY, truth, 60, CurveModel.BI_EXPONENTIAL)


def test_two_exponentials_are_found_where_there_are_two_and_points_enough() -> None:
    activity = two(150, 3, 60, 70)
    found = of_integral(curve(activity, MANY))
    assert (found.model, found.because) == (CurveModel.BI_EXPONENTIAL, "LEAST_AICC")
    assert float(found.mbq_h) == pytest.approx((150 * 3 + 60 * 70) / math.log(2), rel=1e-6)
    assert float(found.effective_half_life_h or 0) == pytest.approx(70, rel=1e-6)
    one = of_integral(curve(mono(100, 50), MANY))
    assert one.model is CurveModel.MONO_EXPONENTIAL, "a second term that explains nothing is not preferred"
    few = of_integral(curve(activity, MANY[:5]))
    assert few.model is not CurveModel.BI_EXPONENTIAL, "five points and four parameters always fit"


def test_where_no_exponential_fits_there_are_trapezoids_and_the_result_says_so() -> None:
    rising = [point(4, 20), point(24, 90), point(72, 60), point(192, 15)]
    found = of_integral(rising)
    assert (found.model, found.because) == (CurveModel.TRAPEZOID, "NO_EXPONENTIAL_FITS")
    assert found.effective_half_life_h is None
    assert found.fit is not None
    assert found.fit < Decimal(rule.IMPROBABLE)
    area, sd = trapezoid(rising, DECAY)
    assert (float(found.mbq_h), float(found.sd_mbq_h or 0)) == (area, sd)


@given(
    st.lists(st.integers(1, 300), min_size=2, max_size=9, unique=True),
    st.lists(st.floats(1, 1000), min_size=9, max_size=9),
)
@settings(max_examples=20, deadline=None)
def test_nothing_is_fitted_that_decays_slower_than_the_nuclide(hours: list[int], activities: list[float]) -> None:
    found = of_integral([point(h, a) for h, a in zip(hours, activities, strict=False)])
    assert found.mbq_h > 0
    if found.effective_half_life_h is not None:
        assert found.effective_half_life_h <= PHYSICAL * Decimal("1.000000001")


@given(st.permutations(range(4)), st.sampled_from([0.001, 0.5, 3.0, 1000.0]), st.floats(5, 150))
@settings(max_examples=30, deadline=None)
def test_order_does_not_matter_and_more_activity_is_more_of_the_same(
    order: list[int], scale: float, half_life: float
) -> None:
    chance = np.random.default_rng(3)
    points = [point(h, mono(100, half_life)(h) * chance.uniform(0.9, 1.1)) for h in HOURS]
    found = of_integral(points)
    assert of_integral([points[place] for place in order]) == found
    more = Decimal(scale)
    scaled = of_integral([Point(p.hours, p.activity_mbq * more, p.sd_mbq * more) for p in points], INFUSED * more)
    assert scaled.model is found.model
    assert float(scaled.mbq_h) == pytest.approx(float(found.mbq_h) * scale, rel=1e-6)
    assert float(scaled.sd_mbq_h or 0) == pytest.approx(float(found.sd_mbq_h or 0) * scale, rel=1e-5)


def test_no_term_starts_with_more_than_was_infused() -> None:
    """Whatever is thought to lie before the first point: its area is bounded by what there was."""
    steep = [point(h, a) for h, a in ((20, 900), (22, 90), (30, 40), (50, 38), (80, 36), (120, 30), (190, 22))]
    for infused in (Decimal(1000), Decimal(7400)):
        found = integrate(steep, PHYSICAL, infused)
        assert found.mbq_h <= 2 * infused * PHYSICAL / Decimal(math.log(2))
    assert fitted(steep, DECAY, 1000.0, 2).starts[1] <= 1000.0 * (1 + 1e-9)


def test_trapezoids_come_to_the_exponential_as_points_come_closer() -> None:
    physical = float(PHYSICAL)
    exact = 100 * physical / math.log(2)
    errors = []
    for count in (4, 8, 16, 32):
        hours = [1 + 300 * n / count for n in range(count + 1)]
        errors.append(trapezoid(curve(mono(100, physical), hours), DECAY)[0] - exact)
    assert all(error > 0 for error in errors), "a straight line lies above a curve that sags"
    ratios = [one / other for one, other in pairwise(errors)]
    assert ratios == pytest.approx([4, 4, 4], rel=0.05)


def test_the_spread_of_trapezoids_is_that_of_their_points() -> None:
    points = [point(10, 50, 2), point(20, 40, 3)]
    _, sd = trapezoid(points, DECAY)
    first, last = math.expm1(DECAY * 10) / DECAY + 5, 5 + 1 / DECAY
    assert sd == pytest.approx(math.hypot(first * 2, last * 3), rel=1e-12)


@pytest.mark.parametrize(
    ("points", "code"),
    [
        ([], TOO_FEW_POINTS),
        ([point(24, 50)], TOO_FEW_POINTS),
        ([point(24, 50), point(24, 40)], SAME_TIME_TWICE),
        ([point(0, 50), point(24, 40)], NOT_POSITIVE),
        ([point(-4, 50), point(24, 40)], NOT_POSITIVE),
        ([point(4, 50), point(24, 0, 1)], NOT_POSITIVE),
        ([point(4, 50), point(24, -40, 1)], NOT_POSITIVE),
        ([point(4, 50), point(24, 40, 0)], NOT_POSITIVE),
        ([point(4, 50), point(24, math.inf, 1)], NOT_FINITE),
        ([point(4, math.nan, 1), point(24, 40)], NOT_FINITE),
    ],
)
def test_what_is_no_curve_has_no_integral(points: list[Point], code: str) -> None:
    with pytest.raises(NotComputable) as why:
        of_integral(points)
    assert why.value.code == code


def test_the_uncertainty_of_two_points_is_that_of_the_closed_form() -> None:
    """Two points leave nothing to tell how well they fit; how sure they are goes into the area by its derivatives."""
    one, other = point(24, 80, 4), point(72, 40, 2)
    found = of_integral([one, other])
    assert found.fit is None

    def area(a: float, b: float) -> float:
        rate = math.log(a / b) / 48
        return a * math.exp(rate * 24) / rate

    by_first = (area(80 + 1e-4, 40) - area(80 - 1e-4, 40)) / 2e-4
    by_last = (area(80, 40 + 1e-4) - area(80, 40 - 1e-4)) / 2e-4
    assert float(found.sd_mbq_h or 0) == pytest.approx(math.hypot(by_first * 4, by_last * 2), rel=1e-6)
