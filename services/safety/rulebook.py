"""The tables of rules as files beside the code: read once, checked against each other, refused as a whole."""

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.resources import files
from typing import Any, Final

import yaml

from contracts.vocabulary.clinical import Analyte
from services.safety.domain.alerts import AlertRule, AlertRules
from services.safety.domain.grading import LaboratoryRules
from services.safety.domain.terms import Terms

DICTIONARIES: Final = "dictionaries.yaml"
LABORATORY: Final = "ctcae-5.0-laboratory.yaml"
ALERTS: Final = "alerts.yaml"
LABORATORY_ALERT: Final = "A10"


class RulebookError(Exception):
    """The tables contradict each other: refuse to start."""


@dataclass(frozen=True, slots=True)
class Rulebook:
    """Everything that safety decides by. Construction checks the whole, or raises `RulebookError`.

    `terms` is the dictionary that events are reported under; `others` can be looked into beside it.
    """

    terms: Terms
    laboratory: LaboratoryRules
    alerts: AlertRules
    others: tuple[Terms, ...] = ()

    def __post_init__(self) -> None:
        if self.laboratory.dictionary != self.terms.dictionary:
            raise RulebookError(f"grades by {self.laboratory.dictionary}, terms of {self.terms.dictionary}")
        if missing := set(Analyte) - set(self.laboratory.by_analyte):
            raise RulebookError(f"no rules for {', '.join(sorted(missing))}")
        for rules in self.laboratory.analytes:
            self._must_exist(rules.term, {threshold.grade for threshold in rules.thresholds}, rules.analyte)
        if LABORATORY_ALERT not in self.alerts.by_id:
            raise RulebookError(f"no alert rule {LABORATORY_ALERT}")
        for rule in self.alerts.rules:
            for trigger in rule.triggers:
                self._must_exist(trigger.term, {trigger.grade}, rule.rule)

    @property
    def dictionaries(self) -> Mapping[str, Terms]:
        """All dictionaries by name, that of the reports first."""
        return {terms.dictionary: terms for terms in (self.terms, *self.others)}

    @property
    def laboratory_alert(self) -> AlertRule:
        """The rule that reads laboratory grades."""
        return self.alerts.by_id[LABORATORY_ALERT]

    def _must_exist(self, code: int, grades: set[Any], user: str) -> None:
        term = self.terms.by_code.get(code)
        if term is None:
            raise RulebookError(f"{user}: there is no term {code}")
        if absent := grades - set(term.grades):
            raise RulebookError(f"{user}: {term.term} has no grade {', '.join(str(int(g)) for g in sorted(absent))}")


def load() -> Rulebook:
    """The packaged tables. Raises `RulebookError`, or pydantic's ValidationError for a table that is malformed."""
    terms, *others = (_dictionary(entry) for entry in _read(DICTIONARIES))
    return Rulebook(
        terms,
        LaboratoryRules.model_validate(_read(LABORATORY)),
        AlertRules.model_validate(_read(ALERTS)),
        tuple(others),
    )


def _dictionary(entry: Mapping[str, str]) -> Terms:
    described = {name: value for name, value in entry.items() if name != "file"}
    rows = csv.DictReader(_text(entry["file"]).splitlines())
    terms = [{**row, "grades": row["grades"].split(), "specify": row["specify"] == "yes"} for row in rows]
    return Terms.model_validate({**described, "terms": terms})


def _read(name: str) -> Any:
    return yaml.load(_text(name), yaml.BaseLoader)  # noqa: S506 - builds strings only: 0.5 never becomes a float


def _text(name: str) -> str:
    return (files("services.safety") / "rules" / name).read_text(encoding="utf-8")
