"""A file that does not hold together is refused, and the message names the place."""
# ruff: noqa: E501 - one row of a table a line

import hashlib
import json
import re
from datetime import date
from decimal import Decimal
from functools import cache
from pathlib import Path

import pytest

import contracts.protocol
from contracts.protocol.load import ProtocolError, build, load, parse, read
from contracts.vocabulary.response import Response

TEXT = (Path(contracts.protocol.__file__).parent / "reluth.yaml").read_text(encoding="utf-8")
PROTOCOL = load()


@cache
def section(text: str) -> dict:
    return read(text, "broken.yaml")


def broken(text: str) -> object:
    """The document of a text, reading again only the sections that changed: YAML is the slow part."""
    return {key: value for part in re.split(r"(?m)^(?=[a-z_]+:)", text) for key, value in (section(part) or {}).items()}


def changed(old: str, new: str) -> str:
    assert old in TEXT, f"the packaged file no longer says {old!r}"
    return TEXT.replace(old, new, 1)


# old text, new text, place, part of the message
BROKEN = [
    # YAML itself
    ("  acronym: ReLUTH\n", "  acronym: ReLUTH\n  acronym: other\n", "YAML", "appears twice"),
    ("  acronym: ReLUTH\n", "  acronym: *other\n", "YAML", "aliases"),
    ("  acronym: ReLUTH\n", "  acronym: !!python/object:os.system ReLUTH\n", "YAML", "could not determine"),
    ("  acronym: ReLUTH\n", "  acronym: [\n", "YAML", "expected"),
    ("  acronym: ReLUTH\n", "  [a, b]: ReLUTH\n", "YAML", "plain word"),
    # shapes
    ("  acronym: ReLUTH\n", "", "study.acronym", "Field required"),
    ("  acronym: ReLUTH\n", "  acronym: ReLUTH\n  colour: red\n", "study.colour", "not permitted"),
    ("  id: RELUTH\n", "  id: RE-LUTH\n", "study.id", "pattern"),
    ("ratio: 1\n    cycles", "ratio: 0\n    cycles", "arms[A].ratio", "greater than or equal to 1"),
    ("ratio: 1\n    cycles", 'ratio: "1"\n    cycles', "arms[A].ratio", "integer"),
    ("ratio: 1\n    cycles", "ratio: true\n    cycles", "arms[A].ratio", "integer"),
    ("limit: 176", "limit: 0", "caps[included].limit", "greater than or equal to 1"),
    ("days_before: 27", "days_before: -1", "visits[V0].days_before", "greater than or equal to 0"),
    ("is_true: reimbursed", "is_ture: reimbursed", "criteria[I06].expression.all[3]", "is_true"),
    ("right: {number: 25,", "rigt: {number: 25,", "criteria[E07].expression.compare.right", "Field required"),
    ('operator: ">", right: {number: 25', 'operator: "=>", right: {number: 25', "criteria[E07].expression.compare.operator", "'>='"),
    ("number: 25,", 'number: "25",', "criteria[E07].expression.compare.right.number", "without quotes"),
    ("number: 25,", "number: true,", "criteria[E07].expression.compare.right.number", "without quotes"),
    ("number: 25,", "number: .nan,", "criteria[E07].expression.compare.right.number", "without quotes"),
    ("number: 25,", "number: 2.5e1,", "criteria[E07].expression.compare.right.number", "without quotes"),
    ("missing: \"FALSE\"", "missing: \"TRUE\"", "criteria[I16].missing", "'FALSE'"),
    ("    source: L43; ruling 6; ruling 7\n", "", "factors[F3].source", "Field required"),
    ("success: [CR, PR, SD, NON_CR_NON_PD]", "success: [CR, OK]", "endpoints[DCR6].success[1]", "'CR'"),
    # names
    ("  - {name: sex,", "  - {name: birth_month, label: again, kind: date, supplied_by: Gate, source: x}\n  - {name: sex,", "fields[birth_month]", "2 times"),
    ("  - name: gfr\n", "  - name: creatinine\n", "fields[creatinine]", "2 times"),
    ("id: I02\n", "id: I01\n", "criteria[I01]", "2 times"),
    ("code: B\n", "code: A\n", "arms[A]", "2 times"),
    ("id: F2\n", "id: F1\n", "factors[F1]", "2 times"),
    ("name: included\n", "name: randomized\n", "caps[randomized]", "2 times"),
    ("id: V2\n", "id: V1\n", "visits[V1]", "2 times"),
    ("- code: TRAINING\n", "- code: CONTRACT\n", "site_opening.requirements[CONTRACT]", "2 times"),
    ("site_opening:\n", "site_closing:\n", "site_opening", "Field required"),
    ("number: 2\n    phase", "number: 1\n    phase", "cycles[1]", "2 times"),
    ("timepoint: M4, target_day", "timepoint: M2, target_day", "analysis_windows[M2]", "2 times"),
    ("codes: [F, M]", "codes: [F, F]", "fields[sex].codes[F]", "2 times"),
    ("block_sizes: [4, 6]", "block_sizes: [4, 4]", "randomization.block_sizes[4]", "2 times"),
    ("code: GE18,", "code: LT18,", "factors[F1].levels[LT18]", "2 times"),
    ("failures: [PD, DEATH,", "failures: [PD, PD,", "endpoints[DCR6].failures[PD]", "2 times"),
    # the dictionary of findings
    ("- {name: gate_date,", "- {name: day_of_gate,", "fields", "gate_date"),
    ("kind: code, codes: [F, M]", "kind: code", "fields[sex].codes", "needs codes"),
    ("label: Nephrotic syndrome, kind: boolean", "label: N, kind: boolean, codes: [A]", "fields[nephrotic_syndrome].codes", "has no codes"),
    ("alone: [NONE]", "alone: [NOTHING]", "fields[intercurrent_therapies].alone", "'NOTHING'"),
    ("codes: [F, M]", "codes: [F, M], alone: [F]", "fields[sex].alone", "kind codes"),
    ("label: Sex, kind: code", "label: Sex, unit: mm, kind: code", "fields[sex]", "no scale"),
    ("scale: percent, unit: \"%\", accepts: [\"%\"], minimum: 0, maximum: 100, supplied_by: RecordFindings, source: L72", "scale: percent, unit: \"%\", accepts: [\"%\"], supplied_by: RecordFindings, source: L72", "fields[ebrt_marrow]", "minimum and maximum"),
    ("unit: g/L, accepts", "unit: g/dl, accepts", "fields[haemoglobin].unit", "g/dL"),
    ("accepts: [g/dL, g/L, mmol/L]", "accepts: [g/dL, mg]", "fields[haemoglobin].accepts", "'mg'"),
    ("accepts: [g/dL, g/L, mmol/L], ", "", "fields[haemoglobin].accepts", "may be reported"),
    ("label: ECOG performance status, kind: integer", "label: E, accepts: [\"1\"], kind: integer", "fields[ecog].accepts", "without a unit"),
    ("minimum: 20, maximum: 250", "minimum: 250, maximum: 250", "fields[haemoglobin].minimum", "not below"),
    # derived values
    ("inputs: {creatinine: creatinine", "inputs: {creatinine: bilirubin", "derived[gfr].inputs.creatinine", "scale creatinine"),
    ("inputs: {creatinine: creatinine", "inputs: {creatinine: ecog", "derived[gfr].inputs.creatinine", "kind integer"),
    ("birth: birth_month, sex: sex, stated", "birth: birthday, sex: sex, stated", "derived[gfr].inputs.birth", "no field"),
    ("sex: sex, stated_age", "sex: ecog, stated_age", "derived[gfr].inputs.sex", "kind integer"),
    ("stated_age: age_years}", "stated_age: sex}", "derived[gfr].inputs.stated_age", "kind code"),
    ("female_code: F}", "female_code: W}", "derived[gfr].constants.female_code", "'W'"),
    ("scale: gfr\n    unit: \"mL/min/{1.73_m2}\"", "scale: gfr\n    unit: mL/min", "derived[gfr].unit", "mL/min"),
    # expressions
    ("is_true: reimbursed", "is_true: refunded", "criteria[I06].expression.all[3].is_true", "no field 'refunded'"),
    ("is_true: reimbursed", "is_true: ecog", "criteria[I06].expression.all[3].is_true", "kind integer"),
    ("known: histology_on", "known: histology", "criteria[I02].expression.all[0].known", "no field"),
    ("codes: [PANCREAS]", "codes: [PANKREAS]", "criteria[E05].expression.in.codes", "'PANKREAS'"),
    ("in: {field: differentiation", "in: {field: progression_types", "criteria[E06].expression.in.field", "kind codes"),
    ("intersects: {field: board,", "intersects: {field: board_decision,", "criteria[I06].expression.all[0].intersects.field", "kind code"),
    ("unknown: [NE]}}}", "unknown: [CR]}}}", "criteria[E01].expression.not.in.unknown", "at once"),
    ("unknown: [NE]}}}", "unknown: [NX]}}}", "criteria[E01].expression.not.in.unknown", "'NX'"),
    ("number: 8, unit: g/dL", "number: 8, unit: g/dl", "criteria[I13].expression.compare.right.unit", "mmol/L"),
    ("number: 8, unit: g/dL", "number: 8", "criteria[I13].expression.compare.right.unit", "needs a unit"),
    ("number: 0.90", "number: 0.90, unit: \"%\"", "criteria[I10].expression.all[0].compare.right.unit", "a ratio has no unit"),
    ("left: {field: haemoglobin}", "left: {field: first_progression_on}", "criteria[I13].expression.compare", "date and a number"),
    ("left: {field: haemoglobin}", "left: {field: sex}", "criteria[I13].expression.compare.left.field", "kind code"),
    ("left: {field: haemoglobin}", "left: {number: 3}", "criteria[I13].expression.compare.left", "on the right"),
    ("left: {field: haemoglobin}", "left: {field: haemoglobin, plus_months: 3}", "criteria[I13].expression.compare.left.plus_months", "no date"),
    ("right: {number: 8, unit: g/dL}", "right: {field: platelets}", "criteria[I13].expression.compare", "cannot be compared"),
    ("{ratio: {of: bilirubin, to: bilirubin_uln}}", "{ratio: {of: bilirubin, to: alt_uln}}", "criteria[E11].expression.compare.left.ratio.of", "one scale"),
    ("{share: {part: lesions_sstr_positive, whole: lesions_seen}}", "{share: {part: lesions_sstr_positive, whole: sex}}", "criteria[I10].expression.all[0].compare.left.share.whole", "kind code"),
    ("{derived: gfr}, operator", "{derived: egfr}, operator", "criteria[E08].expression.compare.left.derived", "'egfr'"),
    ("right: {cap: randomized}", "right: {cap: everybody}", "criteria[R07].expression.compare.right.cap", "'everybody'"),
    ("{days: {since: brain_stable_since,", "{days: {since: brain_metastases,", "criteria[E13].expression.all[1].not.all[1].compare.left.days.since", "kind code"),
    ("{full_months: {since: first_prrt_last_dose_on, until: first_progression_on}}\n        operator", "{full_months: {since: ecog, until: first_progression_on}}\n        operator", "criteria[I04].expression.compare.left.full_months.since", "kind integer"),
    ("at: consent_signed_on", "at: sex", "criteria[I01].expression.age_at_least.at", "kind code"),
    ("birth: birth_month, at", "birth: consent_signed_on, at", "criteria[I01].expression.age_at_least.birth", "kind date"),
    ("years: 18, stated: age_years", "years: 18, stated: ki67", "criteria[I01].expression.age_at_least.stated", "kind decimal"),
    ("{not: {criterion: E02}}", "{not: {criterion: E99}}", "criteria[R04].expression.not.criterion", "'E99'"),
    ("{not: {criterion: E02}}", "{not: {criterion: R04}}", "criteria[R04].expression", "itself"),
    ("{not: {criterion: E02}}", "{not: {criterion: X01}}", "criteria[R04].expression", "'X01' is not enabled"),
    ("freshness: [{fields: [haemoglobin]", "freshness: [{fields: [platelets]", "criteria[I13].freshness", "'platelets' is not read"),
    ("left: {field: ki67}, operator: \">=\"", "left: {field: ki76}, operator: \">=\"", "criteria[I02].warnings[0].when.any[0].all[1].compare.left.field", "'ki76'"),
    # factors
    ("{code: GE18, at_least: 18,", "{code: GE18, at_least: 19,", "factors[F1].levels[GE18]", "nothing covers 18 to 19"),
    ("{code: GE18, at_least: 18,", "{code: GE18, at_least: 17,", "factors[F1].levels[GE18]", "overlaps LT18 from 17 to 18"),
    ("{code: GE18, at_least: 18,", "{code: GE18,", "factors[F1].levels[GE18]", "overlaps"),
    ("{code: GE18, at_least: 18,", "{code: GE18, at_least: 18, below: 60,", "factors[F1].levels[GE18]", "from 60"),
    ("{code: LT18, below: 18,", "{code: LT18, at_least: 0, below: 18,", "factors[F1].levels[LT18]", "below 0"),
    ("      - {code: GE18, at_least: 18,", "      - {code: MID, at_least: 18, below: 12}\n      - {code: GE18, at_least: 12,", "factors[F1].levels[MID]", "reversed"),
    ("unit: mo\n    levels", "unit: d\n    levels", "factors[F1].unit", "not a unit"),
    ("measure: {derived: gfr}", "measure: {derived: egfr}", "factors[F3].measure.derived", "'egfr'"),
    ("measure: {derived: gfr}", "measure: {field: included_on}", "factors[F3].measure", "measured number"),
    ("as_of: gate_date", "as_of: sex", "factors[F3].as_of", "kind code"),
    ("any_of: [CLINICAL, BIOLOGICAL]", "any_of: [CLINICAL]", "factors[F2].levels", "no level for the code 'BIOLOGICAL'"),
    ("any_of: [CLINICAL, BIOLOGICAL]", "any_of: [CLINICAL, BIOLOGICAL, RADIOLOGICAL]", "factors[F2].levels", "2 levels"),
    ("any_of: [CLINICAL, BIOLOGICAL]", "any_of: [CLINICAL, BIOLOGICAL, MIXED]", "factors[F2].levels", "'MIXED'"),
    ("    field: progression_types\n    levels", "    field: ecog\n    levels", "factors[F2].field", "kind integer"),
    # arms, blocks, cycles, caps
    ("block_sizes: [4, 6]", "block_sizes: [4, 5]", "randomization.block_sizes", "a block of 5"),
    ("cycles: [3, 4]", "cycles: [3, 5]", "arms[A].cycles", "no cycle 5"),
    ("cycles: [3, 4]", "cycles: [2, 3]", "arms[A].cycles", "before randomization"),
    ("number: 4\n    phase", "number: 5\n    phase", "cycles[5]", "without gaps"),
    ("after: cycle_1\n    prescribed", "after: inclusion\n    prescribed", "cycles[2].after", "the one before"),
    ("earliest_days: 49\n    target_days: 56\n    on_time_until_days: 63\n    latest_days: 112\n    source: L76", "earliest_days: 57\n    target_days: 56\n    on_time_until_days: 63\n    latest_days: 112\n    source: L76", "cycles[2]", "reversed"),
    ("raised_by: randomized_cap", "raised_by: higher_cap", "caps[randomized].raised_by", "no field"),
    # visits, windows, endpoints
    ("target: {days: -1}", "target: {days: -1, months: 1}", "visits[V0].target", "only one"),
    ("target: {days: -1}", "target: {}", "visits[V0].target", "only one"),
    ("limit_days: 112", "limit_days: 62", "visits[V2].limit_days", "reversed"),
    ("target: {months: 2}\n", "target: {months: 2}\n    limit_days: 60\n", "visits[V5].limit_days", "reversed"),
    ("anchor: cycle_2", "anchor: cycle_9", "visits[L2].anchor", "no cycle 9"),
    ("first_day: 92, last_day: 152", "first_day: 93, last_day: 152", "analysis_windows[M4].first_day", "contiguous"),
    ("first_day: 31, last_day: 91", "first_day: 62, last_day: 91", "analysis_windows[M2]", "reversed"),
    ("    timepoint: M6\n    success", "    timepoint: M9\n    success", "endpoints[DCR6].timepoint", "'M9'"),
    ("success: [CR, PR, SD, NON_CR_NON_PD]", "success: [CR, PD]", "endpoints[DCR6].success", "PD is no disease control"),
    ("confidence: 0.95", "confidence: 95", "endpoints[DCR6].confidence", "between 0 and 1"),
]  # fmt: skip


@pytest.mark.parametrize(("old", "new", "place", "message"), BROKEN)
def test_a_broken_file_is_refused_with_its_place(old, new, place, message):
    with pytest.raises(ProtocolError) as refused:
        build(broken(changed(old, new)), "broken.yaml")
    found = [problem for problem in refused.value.problems if problem.place == place]
    assert found, str(refused.value)
    assert any(message in problem.message for problem in found), str(refused.value)
    assert str(refused.value).startswith("broken.yaml does not describe a trial")


def test_a_visit_cannot_wait_for_a_cycle_that_the_trial_has_not():
    two_cycles = TEXT[: TEXT.index("  - number: 3\n")] + TEXT[TEXT.index("# A reconstruction") :]
    two_cycles = two_cycles.replace("    cycles: [3, 4]\n", "").replace("anchor: post_c2_scan", "anchor: cycle_3")
    with pytest.raises(ProtocolError, match=r"visits\[V4\]\.anchor: there is no cycle 3"):
        parse(two_cycles)


def test_criteria_that_refer_to_each_other_in_a_circle_are_refused():
    circle = changed("{is_true: uncontrolled_disease}", "{criterion: E09}").replace(
        "{is_true: nephrotic_syndrome}", "{criterion: E12}"
    )
    with pytest.raises(ProtocolError) as refused:
        parse(circle)
    assert {problem.place for problem in refused.value.problems} == {
        "criteria[E09].expression", "criteria[E12].expression",
    }  # fmt: skip


def test_strata_can_only_be_asked_for_where_there_are_factors():
    without = TEXT[: TEXT.index("# Levels are half-open")] + "factors: []\n" + TEXT[TEXT.index("caps:\n") :]
    with pytest.raises(ProtocolError, match=r"criteria\[R05\].expression.strata_known: .* no stratification"):
        parse(without)


def test_every_problem_is_told_not_only_the_first():
    with pytest.raises(ProtocolError) as refused:
        parse(changed("is_true: reimbursed", "is_true: refunded").replace("codes: [PANCREAS]", "codes: [LIVER]"))
    assert len(refused.value.problems) == 2


@pytest.mark.parametrize("text", ["", "just words", "- 1\n- 2\n", "[" * 5000, "a: &x [1]\nb: *x\n", "\x00"])
def test_what_is_no_protocol_at_all_is_refused(text):
    with pytest.raises(ProtocolError):
        parse(text)


def test_the_digest_of_a_protocol_depends_on_what_it_says_and_on_nothing_else():
    assert parse("# a comment\n\n" + TEXT).sha256 == PROTOCOL.sha256
    assert (
        parse(changed("id: RELUTH\n  acronym: ReLUTH\n", "acronym: ReLUTH\n  id: RELUTH\n")).sha256 == PROTOCOL.sha256
    )
    assert parse(changed("limit: 146", "limit: 147")).sha256 != PROTOCOL.sha256
    canonical = json.dumps(PROTOCOL.model_dump(mode="json"), sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    assert PROTOCOL.sha256 == hashlib.sha256(canonical.encode()).hexdigest()


def test_a_changed_copy_has_a_hash_and_a_dictionary_of_its_own() -> None:
    hashed, known = PROTOCOL.sha256, PROTOCOL.field
    changed_copy = PROTOCOL.model_copy(update={"criteria_version": "1.1", "fields": PROTOCOL.fields[:1]})
    assert changed_copy.sha256 != hashed
    assert len(changed_copy.field) == 1 < len(known)


def test_a_file_is_loaded_by_its_path(tmp_path):
    path = tmp_path / "other.yaml"
    path.write_text(changed("limit: 146", "limit: 200"), encoding="utf-8")
    assert load(path).cap["randomized"].limit == 200
    path.write_text("nonsense", encoding="utf-8")
    with pytest.raises(ProtocolError, match=r"other\.yaml"):
        load(path)
    path.write_bytes(b"study: \xff\xfe")
    with pytest.raises(ProtocolError, match="not UTF-8"):
        load(path)
    with pytest.raises(FileNotFoundError):
        load(tmp_path / "absent.yaml")


def test_yaml_words_and_numbers_mean_what_they_look_like():
    levels = {level.code for factor in PROTOCOL.factors for level in factor.levels}
    assert {"YES", "NO"} <= levels
    assert str(PROTOCOL.endpoint["DCR6"].confidence) == "0.95"
    assert PROTOCOL.endpoint["DCR6"].planning.power == Decimal("0.80")
    with pytest.raises(ProtocolError):
        parse(changed('protocol_version: "paper-2022"', "protocol_version: 1.0"))


def test_what_the_rulings_and_the_paper_fix():
    assert {arm.code: arm.ratio for arm in PROTOCOL.arms} == {"A": 1, "B": 1}
    assert {arm.code: arm.cycles for arm in PROTOCOL.arms} == {"A": (3, 4), "B": ()}
    assert {cap.name: (cap.limit, cap.hard) for cap in PROTOCOL.caps} == {
        "included": (176, False),
        "randomized": (146, True),
    }
    assert PROTOCOL.randomization.block_sizes == (4, 6)
    assert [(w.timepoint, w.first_day, w.last_day) for w in PROTOCOL.analysis_windows] == [
        ("M2", 31, 91), ("M4", 92, 152), ("M6", 153, 213),
    ]  # fmt: skip
    dcr6 = PROTOCOL.endpoint["DCR6"]
    assert (dcr6.reader, dcr6.timepoint) == ("CENTRAL_ADJUDICATED", "M6")
    assert set(dcr6.success) == {Response.CR, Response.PR, Response.SD, Response.NON_CR_NON_PD}
    assert {cycle.prescribed_mbq for cycle in PROTOCOL.cycles} == {7400}
    assert (PROTOCOL.cycle[2].earliest_days, PROTOCOL.cycle[2].target_days, PROTOCOL.cycle[2].latest_days) == (
        49,
        56,
        112,
    )
    assert PROTOCOL.follow_up.months == 60
    assert [factor.id for factor in PROTOCOL.factors] == ["F1", "F2", "F3", "F4"]


def test_fields_are_found_by_the_command_that_supplies_them():
    assert [spec.name for spec in PROTOCOL.supplied_by("ScreenSubject")] == ["birth_month", "sex"]
    assert all(spec.supplied_by == "Gate" for spec in PROTOCOL.supplied_by("Gate"))
    assert PROTOCOL.supplied_by("Nobody") == ()


def test_the_months_and_dates_of_a_file_stay_text():
    assert not any(isinstance(value, date) for value in PROTOCOL.study.model_dump().values())
