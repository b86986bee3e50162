"""What is stored beside a fact: who recorded it, when it happened, why. One form for log, outbox and inbox."""

import json
from dataclasses import dataclass
from datetime import date
from typing import Any

from contracts.events.envelope import Provenance
from contracts.events.registry import canonical


@dataclass(frozen=True, slots=True)
class Meta:
    """The metadata of a fact. `reason` is a code or a text without anything that could identify a person."""

    provenance: Provenance
    occurred_on: date | None = None
    reason: str | None = None

    def encode(self) -> bytes:
        """Canonical JSON, without what is absent: these bytes are part of the hash chain."""
        who = self.provenance
        values: dict[str, Any] = {
            "actor": who.actor,
            "roles": list(who.roles),
            "site": who.site,
            "correlation_id": who.correlation_id,
            "causation_id": who.causation_id,
            "traceparent": who.traceparent,
            "occurred_on": self.occurred_on.isoformat() if self.occurred_on else None,
            "reason": self.reason,
        }
        return canonical({name: value for name, value in values.items() if value})

    @classmethod
    def decode(cls, stored: bytes) -> "Meta":
        """The inverse of `encode`."""
        values = json.loads(stored)
        occurred_on = values.get("occurred_on")
        return cls(
            Provenance(
                actor=values["actor"],
                roles=tuple(values.get("roles", ())),
                site=values.get("site"),
                correlation_id=values.get("correlation_id"),
                causation_id=values.get("causation_id"),
                traceparent=values.get("traceparent"),
            ),
            date.fromisoformat(occurred_on) if occurred_on else None,
            values.get("reason"),
        )
