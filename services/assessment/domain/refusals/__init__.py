"""Why assessment does not accept a command, and what would make it pass: a module for each thing that can be asked."""

from services.assessment.domain.refusals import common, lesions, questionnaires, readings, review

__all__ = ["common", "lesions", "questionnaires", "readings", "review"]
