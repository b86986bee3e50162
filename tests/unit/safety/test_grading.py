"""Laboratory grades: thresholds on both sides, what is missing, units, and another program's grades."""

import csv
import json
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import given as for_all
from hypothesis import strategies as st

from contracts.vocabulary.clinical import Analyte
from contracts.vocabulary.quantity import as_decimal, factor, units_of
from services.safety.domain.grading import AnalyteRules, grade

from .world import RULES, graded, grades, result

ORACLE = Path(__file__).parents[2] / "oracles" / "ctcae" / "lab_grades_admiral_ctcv5.csv"
ANALYTE_OF = {
    "Anemia": Analyte.HAEMOGLOBIN,
    "Neutrophil count decreased": Analyte.NEUTROPHILS,
    "Platelet count decreased": Analyte.PLATELETS,
}
P, N, H = Analyte.PLATELETS, Analyte.NEUTROPHILS, Analyte.HAEMOGLOBIN

# Written by hand from the dictionary's thresholds: analyte, lower limit, value, grade.
BOUNDARIES = [
    (P, "150", "150", 0),
    (P, "150", "149.999999", 1),
    (P, "150", "75", 1),
    (P, "150", "74.999999", 2),
    (P, "150", "74.95", 2),
    (P, "150", "50", 2),
    (P, "150", "49.999999", 3),
    (P, "150", "25", 3),
    (P, "150", "24.999999", 4),
    (P, "150", "0.4", 4),
    (P, "150", "0", 4),
    (P, "60", "70", 2),
    (P, "60", "76", 0),
    (N, "1.8", "1.8", 0),
    (N, "1.8", "1.799999", 1),
    (N, "1.8", "1.5", 1),
    (N, "1.8", "1.499999", 2),
    (N, "1.8", "1", 2),
    (N, "1.8", "0.999999", 3),
    (N, "1.8", "0.5", 3),
    (N, "1.8", "0.499999", 4),
    (N, "1.8", "0", 4),
    (N, "1.4", "1.45", 2),
    (N, "1.4", "1.5", 0),
    (H, "120", "120", 0),
    (H, "120", "119.999999", 1),
    (H, "120", "100", 1),
    (H, "120", "99.999999", 2),
    (H, "120", "80", 2),
    (H, "120", "79.999999", 3),
    (H, "120", "65", 3),
    (H, "120", "20", 3),
]


@pytest.mark.parametrize(("analyte", "lower", "value", "expected"), BOUNDARIES)
def test_every_threshold_decides_on_both_sides(analyte: Analyte, lower: str, value: str, expected: int) -> None:
    unit = "g/L" if analyte is H else "10*9/L"
    assert grades(result(value, analyte, unit, lower)) == (expected, expected)


@pytest.mark.parametrize(
    ("analyte", "value", "expected"),
    [(P, "149", (0, 1)), (P, "400", (0, 1)), (P, "74.9", (2, 2)), (N, "1.6", (0, 1)), (N, "0.4", (4, 4))],
)
def test_without_the_lower_limit_grade_1_stays_open_and_worse_is_decided(
    analyte: Analyte, value: str, expected: tuple[int, int]
) -> None:
    assert grades(result(value, analyte, lower=None)) == expected


def rows() -> list[dict[str, str]]:
    with ORACLE.open(encoding="utf-8") as file:
        return list(csv.DictReader(file))


@pytest.mark.parametrize("row", rows(), ids=lambda row: f"{row['term']} {row['value']}")
def test_admiral_gives_the_same_grade(row: dict[str, str]) -> None:
    analyte = ANALYTE_OF[row["term"]]
    unit = units_of(RULES.laboratory.by_analyte[analyte].scale)[0]
    expected = int(row["grade"])
    assert grades(result(row["value"], analyte, unit, row["lln"])) == (expected, expected)


def test_the_oracle_has_rows_for_every_analyte() -> None:
    assert {ANALYTE_OF[row["term"]] for row in rows()} == set(Analyte)


@pytest.mark.parametrize(
    ("analyte", "value", "unit", "lower", "expected"),
    [
        (P, "74950", "/mm3", "150000", 2),
        (P, "75000", "/uL", "150000", 1),
        (P, "24.9", "10*3/uL", "150", 4),
        (N, "499", "/mm3", "1800", 4),
        (N, "500", "/uL", "1800", 3),
        (N, "0", "/mm3", "1800", 4),
        (H, "7.99", "g/dL", "12", 3),
        (H, "8", "g/dL", "12", 2),
        # 4.93 mmol/L is 79.44 g/L: the dictionary's own molar threshold, 4.9, is rounded; grams decide.
        (H, "4.93", "mmol/L", "7.4", 3),
        (H, "4.9649", "mmol/L", "7.4", 2),
    ],
)
def test_grades_in_other_units(analyte: Analyte, value: str, unit: str, lower: str, expected: int) -> None:
    assert grades(result(value, analyte, unit, lower)) == (expected, expected)


def test_a_grade_says_by_what_it_was_given() -> None:
    fact = graded(result("4.93", H, "mmol/L", "7.4"))
    assert (fact.dictionary, fact.rules_sha256, fact.term) == ("CTCAE-5.0", RULES.laboratory.sha256, 10002272)
    assert fact.canonical_unit == "g/L"
    assert abs(fact.canonical_value * Decimal("0.6206") / 10 - Decimal("4.93")) < Decimal("1e-30")


def test_a_changed_threshold_changes_the_digest() -> None:
    table = json.loads(RULES.laboratory.model_dump_json())
    table["analytes"][0]["thresholds"][0]["below"] = "26"
    assert type(RULES.laboratory).model_validate(table).sha256 != RULES.laboratory.sha256


ANALYTES = st.sampled_from([RULES.laboratory.by_analyte[analyte] for analyte in Analyte])
VALUES = st.decimals(min_value=0, max_value=3000, places=3).map(Fraction)
LIMITS = st.one_of(st.none(), st.decimals(min_value="0.5", max_value=400, places=2).map(Fraction))


@for_all(ANALYTES, VALUES, VALUES, LIMITS)
def test_a_lower_value_never_has_a_milder_grade(
    rules: AnalyteRules, one: Fraction, other: Fraction, limit: Fraction | None
) -> None:
    lower, higher = sorted((one, other))
    worse, milder = grade(rules, lower, limit), grade(rules, higher, limit)
    assert worse.least >= milder.least
    assert worse.most >= milder.most


@for_all(ANALYTES, VALUES, LIMITS)
def test_a_missing_limit_never_excludes_the_true_grade(
    rules: AnalyteRules, value: Fraction, limit: Fraction | None
) -> None:
    known, open_ = grade(rules, value, limit), grade(rules, value, None)
    assert open_.least <= known.least
    assert known.most <= open_.most


@for_all(st.data())
def test_the_unit_does_not_change_the_grade(data: st.DataObject) -> None:
    rules = data.draw(ANALYTES)
    unit = data.draw(st.sampled_from([u for u in units_of(rules.scale) if u != "mmol/L"]))
    least, most = ("20", "250") if rules.analyte is H else ("1", "200")
    numbers = st.decimals(min_value=least, max_value=most, places=3)
    value, lower = data.draw(numbers), data.draw(numbers)

    def reported(number: Decimal) -> str:
        return format(as_decimal(Fraction(number) / factor(unit, rules.scale)), "f")

    canonical = result(str(value), rules.analyte, rules.unit, str(lower))
    other = result(reported(value), rules.analyte, unit, reported(lower))
    assert grades(canonical) == grades(other)
