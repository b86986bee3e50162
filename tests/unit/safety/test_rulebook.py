"""The tables of rules are read whole, and refused whole."""

import json
from typing import Any

import pytest
from pydantic import BaseModel, ValidationError

from services.safety.domain.alerts import AlertRules
from services.safety.domain.grading import LaboratoryRules
from services.safety.domain.terms import Terms
from services.safety.rulebook import Rulebook, RulebookError

from .world import RULES


def document(table: BaseModel) -> Any:
    return json.loads(table.model_dump_json())


def test_the_packaged_tables_have_a_source_for_every_number() -> None:
    assert RULES.terms.dictionary == RULES.laboratory.dictionary == "CTCAE-5.0"
    for rules in RULES.laboratory.analytes:
        assert all(threshold.source for threshold in rules.thresholds)
        assert rules.plausible.source


@pytest.mark.parametrize(
    ("path", "value"),
    [
        (("thresholds", 0, "below"), "80"),
        (("thresholds", 0, "grade"), 2),
        (("thresholds", 0, "below"), "LLN"),
        (("thresholds", 0, "grade"), 5),
        (("unit",), "/mm3"),
        (("plausible", "at_least"), {"mg/dL": "1"}),
        (("thresholds", 0, "colour"), "red"),
    ],
)
def test_a_malformed_table_is_not_taken(path: tuple[str | int, ...], value: object) -> None:
    table = document(RULES.laboratory)
    place = table["analytes"][0]
    for step in path[:-1]:
        place = place[step]
    place[path[-1]] = value
    with pytest.raises(ValidationError):
        LaboratoryRules.model_validate(table)


def test_an_analyte_without_rules_is_refused() -> None:
    table = document(RULES.laboratory)
    del table["analytes"][1]
    with pytest.raises(RulebookError, match="NEUTROPHILS"):
        Rulebook(RULES.terms, LaboratoryRules.model_validate(table), RULES.alerts)


def test_a_grade_that_the_term_does_not_have_is_refused() -> None:
    terms = document(RULES.terms)
    platelets = next(term for term in terms["terms"] if term["code"] == 10035528)
    platelets["grades"] = [1, 2, 3]
    with pytest.raises(RulebookError, match="Platelet count decreased has no grade 4"):
        Rulebook(Terms.model_validate(terms), RULES.laboratory, RULES.alerts)


def test_an_alert_on_a_term_that_is_not_there_is_refused() -> None:
    alerts = document(RULES.alerts)
    alerts["rules"][0]["triggers"][0]["term"] = 10000001
    with pytest.raises(RulebookError, match="there is no term 10000001"):
        Rulebook(RULES.terms, RULES.laboratory, AlertRules.model_validate(alerts))


def test_grades_and_terms_of_two_dictionaries_are_refused() -> None:
    terms = document(RULES.terms) | {"dictionary": "CTCAE-6.0"}
    with pytest.raises(RulebookError, match=r"CTCAE-5\.0, terms of CTCAE-6\.0"):
        Rulebook(Terms.model_validate(terms), RULES.laboratory, RULES.alerts)
