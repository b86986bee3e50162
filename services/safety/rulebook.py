"""The tables of rules as files beside the code: read once, checked against each other, refused as a whole."""

from dataclasses import dataclass
from importlib.resources import files
from typing import Any, Final

import yaml

from contracts.vocabulary.clinical import Analyte
from services.safety.domain.alerts import AlertRule, AlertRules
from services.safety.domain.grading import LaboratoryRules
from services.safety.domain.terms import Terms

TERMS: Final = "ctcae-5.0-terms.yaml"
LABORATORY: Final = "ctcae-5.0-laboratory.yaml"
ALERTS: Final = "alerts.yaml"
LABORATORY_ALERT: Final = "A10"


class RulebookError(Exception):
    """The tables contradict each other: refuse to start."""


@dataclass(frozen=True, slots=True)
class Rulebook:
    """Everything that safety decides by. Construction checks the whole, or raises `RulebookError`."""

    terms: Terms
    laboratory: LaboratoryRules
    alerts: AlertRules

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
    return Rulebook(
        Terms.model_validate(_read(TERMS)),
        LaboratoryRules.model_validate(_read(LABORATORY)),
        AlertRules.model_validate(_read(ALERTS)),
    )


def _read(name: str) -> Any:
    text = (files("services.safety") / "rules" / name).read_text(encoding="utf-8")
    return yaml.load(text, yaml.BaseLoader)  # noqa: S506 - builds strings only: 0.5 never becomes a float
