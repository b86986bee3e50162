"""Why assessment does not accept a command, and what would make it pass: a module for each thing that can be asked."""

from services.assessment.domain.refusals import biomarkers, common, lesions, questionnaires, readings, review

__all__ = ["biomarkers", "common", "lesions", "questionnaires", "readings", "review"]
