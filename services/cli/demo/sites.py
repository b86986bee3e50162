"""Opens a site as its people do: the investigator says in the delegation log who may randomize."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any


@dataclass(frozen=True, slots=True)
class Entry:
    """Something to send to enrolment, below the study's address. `site`: the sender's (None: the sponsor's office)."""

    name: str
    path: str
    body: Mapping[str, Any]
    role: str
    site: str | None = None


def site_opening(site: str, name: str, on: date, *, consent: str, randomizer: str) -> Iterator[Entry]:
    """What is sent, in order, until `randomizer` (an account) can randomize at the site from that day on."""
    day = on.isoformat()
    opened = {"site": site, "name": name, "activated_on": day, "consent_versions": [consent]}
    yield Entry("activation", "sites", opened, "sponsor")
    delegated = {"person": randomizer, "duty": "RANDOMIZE", "from_on": day}
    yield Entry("delegation", f"sites/{site}/delegations", delegated, "investigator", site)
