"""Questionnaires as data: which items make which score. No wording of any item is kept here."""
