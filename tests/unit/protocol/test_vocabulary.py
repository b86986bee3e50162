"""The shared value types: three-valued logic, months, quantities, identifiers."""

from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import BaseModel, TypeAdapter, ValidationError

from contracts.vocabulary.identifiers import SiteId, StudyId, SubjectId, site_of, subject_id
from contracts.vocabulary.logic import Truth, all_of, any_of
from contracts.vocabulary.month import add_months, age_at_least, age_bounds, full_months_between
from contracts.vocabulary.quantity import Quantity, Scale, UnitError, convert, units_of
from contracts.vocabulary.response import Response
from contracts.vocabulary.sealed import SealedText

T, F, U = Truth.TRUE, Truth.FALSE, Truth.UNKNOWN
truths = st.sampled_from(Truth)
days = st.dates(date(1930, 1, 1), date(2060, 12, 31))


@pytest.mark.parametrize(("left", "right", "conjunction", "disjunction"), [
    (T, T, T, T), (T, F, F, T), (T, U, U, T), (F, F, F, F), (F, U, F, U), (U, U, U, U),
])  # fmt: skip
def test_kleene_tables(left, right, conjunction, disjunction):
    assert (left & right, right & left) == (conjunction, conjunction)
    assert (left | right, right | left) == (disjunction, disjunction)


@given(a=truths, b=truths, c=truths)
def test_kleene_laws(a, b, c):
    assert ~~a is a
    assert ~(a & b) is (~a | ~b)
    assert ~(a | b) is (~a & ~b)
    assert (a & b) & c is a & (b & c)
    assert a & (b | c) is (a & b) | (a & c)
    assert a & (a | b) is a


@given(values=st.lists(truths, max_size=6), data=st.data())
def test_learning_what_was_unknown_never_reverses_what_was_decided(values, data):
    learned = [data.draw(truths) if value is U else value for value in values]
    for combined in (all_of, any_of):
        before, after = combined(values), combined(learned)
        assert before is U or after is before


def test_nothing_at_all_is_a_true_conjunction_and_a_false_disjunction():
    assert (all_of([]), any_of([])) == (T, F)


@pytest.mark.parametrize("truth", list(Truth))
def test_an_outcome_cannot_be_taken_for_a_bool(truth):
    with pytest.raises(TypeError, match="three-valued"):
        bool(truth)


@pytest.mark.parametrize(("day", "months", "expected"), [
    (date(2026, 1, 31), 1, date(2026, 2, 28)),
    (date(2028, 1, 31), 1, date(2028, 2, 29)),
    (date(2026, 3, 31), -1, date(2026, 2, 28)),
    (date(2026, 11, 15), 2, date(2027, 1, 15)),
    (date(2024, 2, 29), 12, date(2025, 2, 28)),
    (date(2026, 5, 5), 0, date(2026, 5, 5)),
])  # fmt: skip
def test_adding_calendar_months(day, months, expected):
    assert add_months(day, months) == expected


@given(since=days, months=st.integers(0, 240))
def test_the_day_so_many_months_later_completes_them_and_the_day_before_does_not(since, months):
    until = add_months(since, months)
    assert full_months_between(since, until) == months
    assert full_months_between(since, until - timedelta(days=1)) == months - 1


@pytest.mark.parametrize(("birth", "at", "bounds"), [
    ("1960-05", date(2026, 4, 30), (65, 65)),
    ("1960-05", date(2026, 5, 1), (65, 66)),
    ("1960-05", date(2026, 5, 30), (65, 66)),
    ("1960-05", date(2026, 5, 31), (66, 66)),
    ("1960-05", date(2026, 6, 1), (66, 66)),
    ("2004-02", date(2022, 2, 28), (17, 18)),
    ("2003-02", date(2022, 2, 28), (19, 19)),
])  # fmt: skip
def test_age_from_a_birth_month(birth, at, bounds):
    assert age_bounds(birth, at) == bounds


@given(born=days, at=days, years=st.integers(0, 100))
def test_an_age_from_the_month_never_contradicts_the_age_from_the_day(born, at, years):
    truly = Truth.of((at.year - born.year - ((at.month, at.day) < (born.month, born.day))) >= years)
    assert age_at_least(born.isoformat()[:7], at, years) in (truly, U)


@pytest.mark.parametrize(("value", "unit", "scale", "canonical"), [
    ("8", "g/dL", Scale.HAEMOGLOBIN, "80"),
    ("80", "g/L", Scale.HAEMOGLOBIN, "80"),
    ("4.9648", "mmol/L", Scale.HAEMOGLOBIN, "80"),
    ("1500", "/mm3", Scale.CELLS, "1.5"),
    ("1500", "/uL", Scale.CELLS, "1.5"),
    ("1.5", "10*3/uL", Scale.CELLS, "1.5"),
    ("1", "mg/dL", Scale.CREATININE, "88.42"),
    ("1", "mg/dL", Scale.BILIRUBIN, "17.104"),
    ("7.4", "GBq", Scale.ACTIVITY, "7400"),
    ("200", "mCi", Scale.ACTIVITY, "7400"),
    ("1", "cm", Scale.LENGTH, "10"),
    ("24", "wk", Scale.DAYS, "168"),
])  # fmt: skip
def test_conversions_are_exact(value, unit, scale, canonical):
    assert Quantity(value=Decimal(value), unit=unit).on(scale) == Fraction(canonical)


@given(
    value=st.decimals(min_value=0, max_value=99999, places=4),
    choice=st.sampled_from([(scale, a, b) for scale in Scale for a in units_of(scale) for b in units_of(scale)]),
)
def test_there_and_back_loses_nothing(value, choice):
    scale, one, other = choice
    there = convert(value, one, other, scale)
    assert convert(there, other, one, scale) == Fraction(value)


@pytest.mark.parametrize(("value", "unit", "to", "scale", "shown"), [
    ("8", "g/dL", "mmol/L", Scale.HAEMOGLOBIN, "4.9648"),
    ("130", "umol/L", "mg/dL", Scale.CREATININE, "1.47025559828"),
    ("0", "umol/L", "mg/dL", Scale.CREATININE, "0"),
    ("1", "/mm3", "10*9/L", Scale.CELLS, "0.001"),
    ("7.4", "GBq", "mCi", Scale.ACTIVITY, "200"),
])  # fmt: skip
def test_a_converted_quantity_is_shown_with_at_most_twelve_digits(value, unit, to, scale, shown):
    converted = Quantity(value=Decimal(value), unit=unit).to(to, scale)
    assert (str(converted.value), converted.unit) == (shown, to)


@pytest.mark.parametrize(("unit", "scale"), [
    ("g/dl", Scale.HAEMOGLOBIN), ("10*9/L", Scale.HAEMOGLOBIN), ("G/L", Scale.CELLS), ("mg/dL", Scale.CELLS),
])  # fmt: skip
def test_an_unknown_unit_is_an_error_that_names_the_known_ones(unit, scale):
    with pytest.raises(UnitError) as error:
        Quantity(value=Decimal(1), unit=unit).on(scale)
    assert all(known in str(error.value) for known in units_of(scale))


@pytest.mark.parametrize(
    "value", ["NaN", "Infinity", "-Infinity", "1E+999999", "1E-999999", "1234567890123", True, "x"]
)
def test_a_quantity_is_a_finite_number_of_at_most_twelve_digits(value):
    with pytest.raises(ValidationError):
        Quantity(value=value, unit="g/L")


@pytest.mark.parametrize("unit", ["", "g L", "g/L\x00", "µmol/L", "x" * 25])
def test_a_unit_is_short_plain_ascii(unit):
    with pytest.raises(ValidationError):
        Quantity(value=Decimal(1), unit=unit)


@pytest.mark.parametrize(("kind", "good", "bad"), [
    (StudyId, ["RELUTH", "T2"], ["", "reluth", "RE-LUTH", "RE/LUTH", "R", "RELUTH\n", "R" * 33]),
    (SiteId, ["01", "10", "99"], ["00", "1", "100", "0A", "٠١", "01\n"]),
    (SubjectId, ["01-001", "99-123456"], ["00-001", "01-01", "01-1234567", "01001", "01-001\n", "01-00a", ""]),
])  # fmt: skip
def test_identifiers(kind, good, bad):
    adapter = TypeAdapter(kind)
    assert [adapter.validate_python(value) for value in good] == good
    for value in bad:
        with pytest.raises(ValidationError):
            adapter.validate_python(value)


def test_a_subject_belongs_to_the_site_in_its_id():
    assert site_of("07-012") == "07"
    assert subject_id("07", 12) == "07-012"
    assert subject_id("07", 1234) == "07-1234"
    with pytest.raises(ValueError, match="starts at 1"):
        subject_id("07", 0)
    with pytest.raises(ValidationError):
        site_of("7-12")
    with pytest.raises(ValidationError):
        subject_id("00", 1)


def test_which_responses_control_the_disease():
    assert {response for response in Response if response.controls_disease} == {
        Response.CR, Response.PR, Response.SD, Response.NON_CR_NON_PD,
    }  # fmt: skip


@pytest.mark.parametrize("part", ["nonce", "ciphertext"])
@pytest.mark.parametrize("text", ["", "not base64!", "a b", "Jeanne Dupont", "x" * 65_537])
def test_only_base64url_passes_for_sealed_text(part, text):
    assert isinstance(SealedText(key_id="k1", nonce="AAAA", ciphertext="q_-8=="), BaseModel)
    with pytest.raises(ValidationError):
        SealedText(**{"key_id": "k1", "nonce": "AAAA", "ciphertext": "AAAA", part: text})
