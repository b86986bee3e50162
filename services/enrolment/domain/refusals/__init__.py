"""Why enrolment does not accept a command, and what would make it pass: a module for each thing that can be asked."""

from services.enrolment.domain.refusals import (
    common,
    corrections,
    course,
    delegations,
    entry,
    gates,
    sites,
    standing,
    treatment,
    versions,
    visits,
    webhooks,
)

__all__ = [
    "common",
    "corrections",
    "course",
    "delegations",
    "entry",
    "gates",
    "sites",
    "standing",
    "treatment",
    "versions",
    "visits",
    "webhooks",
]
