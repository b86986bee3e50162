"""Which laboratory results are not accepted, and what the refusal says."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from contracts.events.heard import Heard
from contracts.vocabulary.clinical import Analyte
from services.chassis.refusal import Refusal
from services.safety.domain import refusals
from services.safety.domain.commands import RecordLaboratoryResult

from .world import CONSENTED, DEAD, TODAY, given, result

P, N, H = Analyte.PLATELETS, Analyte.NEUTROPHILS, Analyte.HAEMOGLOBIN
IMPLAUSIBLE = refusals.VALUE_NOT_PLAUSIBLE


@pytest.mark.parametrize(
    ("command", "refusal", "detail"),
    [
        (result("100", unit="g/L"), refusals.UNIT_NOT_ACCEPTED, {"accepted": ["10*9/L", "10*3/uL", "/mm3", "/uL"]}),
        (result("100", unit="G/L"), refusals.UNIT_NOT_ACCEPTED, {"analyte": "PLATELETS"}),
        (result("12", H, "G/DL", "11"), refusals.UNIT_NOT_ACCEPTED, {"accepted": ["g/L", "g/dL", "mmol/L"]}),
        (result("75", unit="/mm3", lower=None), IMPLAUSIBLE, {"field": "value", "unit": "/mm3"}),
        (result("75000", lower=None), IMPLAUSIBLE, {"field": "value", "unit": "10*9/L"}),
        (result("3000.000001", lower=None), IMPLAUSIBLE, {"field": "value"}),
        (result("1.5", N, "/mm3", None), IMPLAUSIBLE, {"field": "value"}),
        (result("1500", N, "10*9/L", None), IMPLAUSIBLE, {"field": "value"}),
        (result("12", H, "g/L", None), IMPLAUSIBLE, {"field": "value"}),
        (result("120", H, "g/dL", None), IMPLAUSIBLE, {"field": "value"}),
        (result("0", H, "g/L", None), IMPLAUSIBLE, {"field": "value"}),
        (result("75000", unit="/mm3", lower="150"), IMPLAUSIBLE, {"field": "lower_limit"}),
        (result("100", lower="0"), IMPLAUSIBLE, {"field": "lower_limit"}),
        (result("100", upper_limit=Decimal("400000")), IMPLAUSIBLE, {"field": "upper_limit"}),
        (result("100", lower="400", upper_limit=Decimal("150")), refusals.LIMITS_REVERSED, {"upper_limit": "150"}),
        (result("100", on=date(2022, 6, 16)), refusals.SAMPLED_IN_FUTURE, {"today": "2022-06-15"}),
        (result("100", on=date(2022, 1, 9)), refusals.SAMPLED_BEFORE_CONSENT, {"consent_on": "2022-01-10"}),
    ],
)
def test_a_result_is_refused(command: RecordLaboratoryResult, refusal: Refusal, detail: dict[str, Any]) -> None:
    given().when(command).then_refused(refusal, **detail)


@pytest.mark.parametrize(
    ("known", "refusal"),
    [
        (None, refusals.SUBJECT_NOT_HEARD_OF),
        (replace(CONSENTED, consents=()), refusals.CONSENT_NOT_HEARD_OF),
        (DEAD, refusals.SAMPLED_AFTER_DEATH),
    ],
)
def test_nothing_is_collected_outside_of_what_enrolment_tells(known: Heard | None, refusal: Refusal) -> None:
    given(known=known).when(result("100", on=date(2022, 6, 2))).then_refused(refusal)


@pytest.mark.parametrize("on", [date(2022, 1, 10), TODAY])
def test_the_days_of_consent_and_today_count(on: date) -> None:
    assert given().when(result("100", on=on)).then_graded().grade_max == 1


def test_the_day_of_death_counts() -> None:
    assert given(known=DEAD).when(result("100", on=date(2022, 6, 1))).then_graded().grade_max == 1


@pytest.mark.parametrize(
    "command",
    [
        result("1000", unit="/mm3", lower=None),
        result("3000", lower=None),
        result("0.4", lower=None),
        result("0", unit="/mm3", lower=None),
        result("10", N, "/mm3", None),
        result("0", N, "/uL", None),
        result("20", H, "g/L", None),
        result("25", H, "g/dL", None),
    ],
)
def test_the_extremes_of_what_is_plausible_are_taken(command: RecordLaboratoryResult) -> None:
    given().when(command).then_graded()
