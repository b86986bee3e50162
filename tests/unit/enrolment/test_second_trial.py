"""Another trial is another file: nothing here is known to any line of code."""

from datetime import date
from pathlib import Path

import pytest

from contracts.protocol.load import load
from contracts.vocabulary.clinical import Verdict
from services.enrolment.domain.criteria import evaluate
from services.enrolment.domain.findings import Observation, Observations, Submission, check
from services.enrolment.domain.schedule import visits_from
from services.enrolment.domain.strata import derive

OTHER = load(Path(__file__).with_name("second_trial.yaml"))
DAY = date(2026, 1, 5)


def recorded(*values: tuple[str, object, str | None]) -> Observations:
    findings, faults = check(
        OTHER,
        [Submission(field, value, DAY, unit) for field, value, unit in values],
        command="RecordFindings",
        today=DAY,
    )
    assert faults == ()
    return Observations().plus(Observation(finding) for finding in findings)


@pytest.mark.parametrize(("haemoglobin", "unit", "verdict"), [
    ("9.9", "g/dL", Verdict.NOT_ELIGIBLE),
    ("10", "g/dL", Verdict.ELIGIBLE),
    ("6.206", "mmol/L", Verdict.ELIGIBLE),
    ("6.2", "mmol/L", Verdict.NOT_ELIGIBLE),
])  # fmt: skip
def test_its_gate(haemoglobin, unit, verdict):
    held = recorded(
        ("haemoglobin", haemoglobin, unit), ("gfr_reported", "70", "mL/min/{1.73_m2}"), ("smoking", "NOW", None)
    )
    found = evaluate(1, OTHER, held, [], DAY)
    assert found.verdict is verdict
    assert (found.criteria_version, found.protocol_sha256) == ("7.2", OTHER.sha256)


def test_its_gate_waits_for_its_own_strata():
    found = evaluate(1, OTHER, recorded(("haemoglobin", "12", "g/dL")), [], DAY)
    assert found.verdict is Verdict.PENDING
    assert found.missing == ("gfr_reported", "smoking")


@pytest.mark.parametrize(("gfr", "level"), [
    ("29.99", "LOW"), ("30", "MIDDLE"), ("59.95", "MIDDLE"), ("59.999999999", "MIDDLE"), ("60", "HIGH"),
    ("60.0", "HIGH"),
])  # fmt: skip
@pytest.mark.parametrize(("smoking", "group"), [("NOW", "EVER"), ("FORMER", "EVER"), ("NEVER", "NEVER")])
def test_its_strata(gfr, level, smoking, group):
    held = recorded(("gfr_reported", gfr, "mL/min/{1.73_m2}"), ("smoking", smoking, None))
    assert {each.factor: each.level for each in derive(OTHER, held, [], DAY)} == {"KIDNEY": level, "SMOKER": group}


def test_its_schedule_and_its_arms():
    (week_1,) = visits_from(OTHER, "randomization", DAY)
    assert (week_1.visit, week_1.earliest_on, week_1.target_on, week_1.latest_on) == (
        "W1", date(2026, 1, 11), date(2026, 1, 12), date(2026, 1, 14),
    )  # fmt: skip
    assert {arm.code: arm.ratio for arm in OTHER.arms} == {"HIGH": 2, "LOW": 1, "NONE": 1}


def test_it_has_no_second_gate():
    with pytest.raises(ValueError, match="OTHER has no criteria for gate 2"):
        evaluate(2, OTHER, Observations(), [], DAY)
