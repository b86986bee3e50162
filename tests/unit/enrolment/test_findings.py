"""What may be recorded as a finding, and how values are looked up by date."""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contracts.protocol.load import load
from services.enrolment.domain.findings import Observation, Observations, Submission, check, read, supplied, text_of

PROTOCOL = load()
TODAY = date(2026, 3, 10)
DAY = date(2026, 3, 1)


def submit(field, value, unit=None, observed_on=DAY, command="RecordFindings"):
    return check(PROTOCOL, [Submission(field, value, observed_on, unit)], command=command, today=TODAY)


@pytest.mark.parametrize(("field", "value", "unit", "text"), [
    ("haemoglobin", "8.50", "g/dL", "8.50"),
    ("haemoglobin", 8.5, "g/dL", "8.5"),
    ("haemoglobin", 85, "g/L", "85"),
    ("platelets", "75000", "/mm3", "75000"),
    ("ecog", 1, None, "1"),
    ("ecog", "1", "1", "1"),
    ("first_prrt_cycles", 4, None, "4"),
    ("reimbursed", True, None, "true"),
    ("reimbursed", "false", None, "false"),
    ("primary_site", "ILEUM", None, "ILEUM"),
    ("progression_types", ["RADIOLOGICAL", "CLINICAL"], None, "CLINICAL,RADIOLOGICAL"),
    ("progression_types", "CLINICAL", None, "CLINICAL"),
    ("intercurrent_therapies", ["NONE"], None, "NONE"),
    ("first_progression_on", "2025-11-20", None, "2025-11-20"),
    ("first_progression_on", date(2025, 11, 20), None, "2025-11-20"),
    ("first_progression_on", "2026-03-01", None, "2026-03-01"),
])  # fmt: skip
def test_a_proper_finding_is_kept_in_canonical_form(field, value, unit, text):
    (finding,), faults = submit(field, value, unit)
    assert faults == ()
    assert finding.value == text
    spec = PROTOCOL.field[field]
    assert finding.unit == (unit if spec.kind == "decimal" else None)
    assert text_of(read(spec, text)) == text


WRONG = [
    ("no_such_field", "1", None, "field"),
    ("gate_date", "2026-03-01", None, "field"),
    ("alive", True, None, "field"),
    ("post_c2_response", "CR", None, "field"),
    ("birth_month", "1960-05", None, "field"),
    ("haemoglobin", "8.5", None, "unit"),
    ("haemoglobin", "8.5", "g/dl", "unit"),
    ("haemoglobin", "8.5", "10*9/L", "unit"),
    ("ecog", "1", "mm", "unit"),
    ("reimbursed", True, "1", "unit"),
    ("haemoglobin", "8,5", "g/dL", "value"),
    ("haemoglobin", "8.5\x00", "g/dL", "value"),
    ("haemoglobin", "NaN", "g/dL", "value"),
    ("haemoglobin", float("nan"), "g/dL", "value"),
    ("haemoglobin", float("inf"), "g/dL", "value"),
    ("haemoglobin", "Infinity", "g/dL", "value"),
    ("haemoglobin", "1e1", "g/dL", "value"),
    ("haemoglobin", 1e300, "g/dL", "value"),
    ("haemoglobin", 10**12, "g/dL", "value"),
    ("haemoglobin", "8.50000000000001", "g/dL", "value"),
    ("haemoglobin", "٨", "g/dL", "value"),
    ("haemoglobin", "-8", "g/dL", "value"),
    ("haemoglobin", True, "g/dL", "value"),
    ("haemoglobin", None, "g/dL", "value"),
    ("haemoglobin", {"value": 8}, "g/dL", "value"),
    ("haemoglobin", "8.5", "g/L", "value"),
    ("haemoglobin", "130", "g/dL", "value"),
    ("platelets", "75", "/mm3", "value"),
    ("platelets", "75000", "10*9/L", "value"),
    ("creatinine", "1.2", "umol/L", "value"),
    ("ecog", 6, None, "value"),
    ("ecog", -1, None, "value"),
    ("ecog", "1.0", None, "value"),
    ("ecog", 1.0, None, "value"),
    ("ecog", True, None, "value"),
    ("reimbursed", "yes", None, "value"),
    ("reimbursed", 1, None, "value"),
    ("primary_site", "BRAIN", None, "value"),
    ("primary_site", ["ILEUM"], None, "value"),
    ("progression_types", [], None, "value"),
    ("progression_types", "", None, "value"),
    ("progression_types", ["CLINICAL", "CLINICAL"], None, "value"),
    ("progression_types", ["CLINICAL", 3], None, "value"),
    ("progression_types", ["CLINICAL", ["CLINICAL"]], None, "value"),
    ("progression_types", ["CLINICAL"] * 100_000, None, "value"),
    ("intercurrent_therapies", ["NONE", "TKI"], None, "value"),
    ("first_progression_on", "2025-02-29", None, "value"),
    ("first_progression_on", "20251120", None, "value"),
    ("first_progression_on", "2026-03-02", None, "value"),
    ("first_progression_on", "1899-12-31", None, "value"),
]


@pytest.mark.parametrize(("field", "value", "unit", "part"), WRONG)
def test_an_improper_finding_is_refused_with_its_place(field, value, unit, part):
    findings, (fault,) = submit(field, value, unit)
    assert findings == ()
    assert fault.place == f"findings[0].{part}"
    if field in PROTOCOL.field:
        assert field in fault.message


def test_an_integer_too_long_to_be_written_is_refused():
    assert [fault.place for fault in submit("ecog", 10**9999)[1]] == ["findings[0].value"]


@pytest.mark.parametrize("value", ["1960-13", "1960-00", "1860-05", "1960-5", "1960-05-01", "2026-04", 196005, None])
def test_an_improper_birth_month_is_refused(value):
    findings, (fault,) = submit("birth_month", value, command="ScreenSubject")
    assert (findings, fault.place) == ((), "findings[0].value")
    assert submit("birth_month", "1960-05", command="ScreenSubject")[1] == ()


@pytest.mark.parametrize("day", [date(2026, 3, 11), date(1899, 12, 31)])
def test_nothing_is_observed_in_the_future_or_before_1900(day):
    _, faults = submit("ecog", 1, observed_on=day)
    assert [fault.place for fault in faults] == ["findings[0].observed_on"]


def test_all_faults_come_at_once_each_with_its_index():
    _, faults = check(
        PROTOCOL,
        [
            Submission("ecog", 9, DAY),
            Submission("reimbursed", True, DAY),
            Submission("reimbursed", False, DAY),
            Submission("haemoglobin", "8", DAY, "g"),
        ],
        command="RecordFindings",
        today=TODAY,
    )
    assert [fault.place for fault in faults] == ["findings[0].value", "findings[2].field", "findings[3].unit"]


@given(value=st.text(max_size=80))
def test_a_fault_never_repeats_what_was_typed(value):
    typed = f"Jeanne-{value}"
    for field, unit in (("primary_site", None), ("haemoglobin", "g/dL"), ("ecog", None), ("progression_types", None)):
        assert all("Jeanne" not in fault.message for fault in submit(field, typed, unit)[1])
    assert all("Jeanne" not in fault.message for fault in submit(typed, "1")[1])
    assert all("Jeanne" not in fault.message for fault in submit("haemoglobin", "8", typed)[1])


@given(number=st.decimals(min_value=Decimal("2.5"), max_value=Decimal("24.5"), places=3))
def test_a_number_survives_json_without_losing_a_digit(number):
    (as_text,), _ = submit("haemoglobin", str(number), "g/dL")
    (as_float,), _ = submit("haemoglobin", float(number), "g/dL")
    assert Decimal(as_text.value) == Decimal(as_float.value) == number


def test_the_latest_value_on_or_before_a_day_and_the_later_recording_for_one_day():
    def seen(at: date, *days: tuple[int, int]) -> int | None:
        held = Observations().plus(supplied("ecog", value, date(2026, 3, day)) for value, day in days)
        found = held.latest("ecog", at)
        return int(found.finding.value) if found else None

    assert seen(date(2026, 3, 4), (0, 5)) is None
    assert seen(date(2026, 3, 5), (0, 5)) == 0
    assert seen(date(2026, 3, 9), (0, 5), (1, 3)) == 0
    assert seen(date(2026, 3, 9), (0, 5), (1, 5)) == 1
    assert seen(date(2026, 3, 4), (0, 5), (1, 3)) == 1


def test_a_lookup_for_one_day_takes_that_day_only():
    held = Observations().plus([supplied("ecog", 1, DAY)])
    assert isinstance(held.on("ecog", DAY), Observation)
    assert held.on("ecog", TODAY) is None
    assert held.on("age_years", DAY) is None


@pytest.mark.parametrize(("value", "text"), [
    (True, "true"), (False, "false"), (3, "3"), (Decimal("8.50"), "8.50"), (DAY, "2026-03-01"),
    (frozenset({"b", "a"}), "a,b"), ("SD", "SD"),
])  # fmt: skip
def test_what_the_trial_knows_takes_the_form_of_a_finding(value, text):
    assert supplied("any", value, DAY).finding.value == text
