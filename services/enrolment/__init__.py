"""Enrolment: sites, subjects, consent, gates, visits, cycles."""
