"""The administered activity: decayed to the start of the infusion, against values that were come by in other ways."""

from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal, getcontext, localcontext

import pytest
from hypothesis import given as for_all
from hypothesis import strategies as st

from contracts.events.treatment import DoseRecord
from services.chassis.refusal import Refusal, Refused
from services.enrolment.domain import refusals
from services.enrolment.domain.dose import Measured, administered_mbq, agreed, decayed, kept, plausible

from .world import PROTOCOL

START = datetime(2022, 3, 8, 9, 15, tzinfo=UTC)
HALF_LIFE = Decimal("6.647")
ONE_HALF_LIFE = timedelta(seconds=574_300.8)  # 6.647 d of 86,400 s

# 7450 MBq measured 35 min before, 42.5 MBq left 50 min after: run once in rational numbers (a series of exp to 60
# terms, ln 2 by 60 terms of 2 artanh(1/3)), rounded to 20 decimals.
GOLDEN = Decimal("7388.48715365996116986351")


def measured(**changed: object) -> Measured:
    fields: dict[str, object] = {
        "batch": "LU-2203-07",
        "measured_mbq": Decimal(7450),
        "measured_at": START - timedelta(minutes=35),
        "residual_mbq": Decimal("42.5"),
        "residual_at": START + timedelta(minutes=50),
        "infusion_started_at": START,
        "infusion_ended_at": START + timedelta(minutes=30),
        "amino_acids": True,
    }
    return Measured(**(fields | changed))  # type: ignore[arg-type]


def record(**changed: object) -> DoseRecord:
    drug = PROTOCOL.radiopharmaceutical
    assert drug is not None
    return measured(**changed).record(drug)


def series(activity: Decimal, seconds: Decimal, half_life_days: Decimal = HALF_LIFE) -> Decimal:
    """What is left after a time: the series of exp(-x), and of ln 2 by 2 artanh(1/3), to 60 digits."""
    with localcontext() as exact:
        exact.prec = 70
        ln2 = 2 * sum((Decimal(1) / (n * Decimal(3) ** n) for n in range(1, 140, 2)), Decimal(0))
        x = -ln2 * seconds / (half_life_days * 86_400)
        term = total = Decimal(1)
        for n in range(1, 200):
            term = term * x / n
            total += term
        return activity * total


def test_the_half_life_is_that_of_the_protocol_file() -> None:
    drug = PROTOCOL.radiopharmaceutical
    assert drug is not None
    assert drug.half_life_days == HALF_LIFE
    assert record().half_life_days == HALF_LIFE


@pytest.mark.parametrize(
    ("elapsed", "left"),
    [
        (timedelta(0), Decimal(7400)),
        (ONE_HALF_LIFE, Decimal(3700)),
        (2 * ONE_HALF_LIFE, Decimal(1850)),
        (-ONE_HALF_LIFE, Decimal(14800)),
    ],
)
def test_an_activity_halves_with_each_half_life(elapsed: timedelta, left: Decimal) -> None:
    assert abs(decayed(Decimal(7400), elapsed, HALF_LIFE) - left) < Decimal("1e-25")


@for_all(
    st.decimals(min_value=1, max_value=20_000, places=3),
    st.integers(min_value=-30 * 86_400_000_000, max_value=30 * 86_400_000_000),
)
def test_it_is_what_the_series_says_to_25_digits(activity: Decimal, microseconds: int) -> None:
    found = decayed(activity, timedelta(microseconds=microseconds), HALF_LIFE)
    expected = series(activity, Decimal(microseconds) / 10**6)
    assert abs(found - expected) <= expected * Decimal("1e-25")


def test_the_golden_dose() -> None:
    expected = series(Decimal(7450), Decimal(35 * 60)) - series(Decimal("42.5"), Decimal(-50 * 60))
    assert abs(administered_mbq(record()) - expected) < Decimal("1e-24")
    assert abs(expected - GOLDEN) < Decimal("1e-19")
    assert kept(expected) == Decimal("7388.487")


def test_the_callers_precision_does_not_matter() -> None:
    exact = administered_mbq(record())
    with localcontext() as coarse:
        coarse.prec = 4
        assert administered_mbq(record()) == exact
    assert getcontext().prec == 28


def test_nothing_left_and_measured_at_the_start_is_what_was_measured() -> None:
    assert administered_mbq(record(measured_at=START, residual_mbq=Decimal(0))) == 7450


def test_times_are_instants_whatever_their_offset() -> None:
    paris = START.astimezone(timezone(timedelta(hours=1)))
    assert record(infusion_started_at=paris) == record()


@pytest.mark.parametrize(
    ("changed", "refusal"),
    [
        ({"measured_at": START}, None),
        ({"measured_at": START + timedelta(microseconds=1)}, refusals.treatment.DOSE_TIMES_OUT_OF_ORDER),
        ({"infusion_ended_at": START}, refusals.treatment.DOSE_TIMES_OUT_OF_ORDER),
        ({"residual_at": START + timedelta(minutes=30)}, None),
        ({"residual_at": START + timedelta(minutes=29)}, refusals.treatment.DOSE_TIMES_OUT_OF_ORDER),
        ({"residual_at": START + timedelta(days=1)}, refusals.common.IN_THE_FUTURE),
    ],
)
def test_the_times_follow_each_other(changed: dict[str, object], refusal: Refusal | None) -> None:
    assert code_of(measured(**changed), START.date(), START.date()) == (refusal.code if refusal else None)


def test_the_day_of_the_infusion_is_that_of_the_trials_time_zone() -> None:
    late = datetime(2022, 3, 8, 23, 30, tzinfo=UTC)  # half past midnight in Paris
    given = measured(
        measured_at=late,
        infusion_started_at=late,
        infusion_ended_at=late + timedelta(1),
        residual_at=late + timedelta(1),
    )
    assert code_of(given, date(2022, 3, 9), date(2022, 4, 1)) is None
    assert code_of(given, date(2022, 3, 8), date(2022, 4, 1)) == refusals.treatment.INFUSED_ON_ANOTHER_DAY.code


def code_of(dose: Measured, given_on: date, today: date) -> str | None:
    try:
        plausible(dose, given_on, today, PROTOCOL.study.time_zone)
    except Refused as refused:
        return refused.refusal.code
    return None


@pytest.mark.parametrize(
    ("stated", "so"), [("7326", True), ("7325.999", False), ("7474", True), ("7474.001", False), ("7400", True)]
)
def test_a_stated_activity_agrees_within_one_percent(stated: str, so: bool) -> None:
    assert agreed(Decimal(stated), Decimal(7400), 1) is so
