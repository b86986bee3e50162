"""Questionnaires of quality of life: from answers by item number to scores."""
