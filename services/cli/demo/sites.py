"""Opens a site as people do: the sponsor ticks off its checklist, its investigator says who may randomize."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from contracts.protocol.model import Protocol


@dataclass(frozen=True, slots=True)
class Entry:
    """Something to send to enrolment, below the study's address. `site`: the sender's (None: the sponsor's office)."""

    name: str
    path: str
    body: Mapping[str, Any]
    role: str
    site: str | None = None


def site_opening(
    protocol: Protocol, site: str, name: str, on: date, *, consent: str, randomizer: str | None = None
) -> Iterator[Entry]:
    """What is sent, in order, until the site is active and `randomizer` (an account) may randomize there."""
    day = on.isoformat()
    for requirement in protocol.site_opening.requirements:
        met = {"requirement": requirement.code, "met_on": day, "reference": f"TMF-{site}-{requirement.code}"}
        if requirement.of_protocol_version:
            met["version"] = protocol.protocol_version
        yield Entry(requirement.code, f"sites/{site}/requirements", met, "sponsor")
    opened = {"site": site, "name": name, "activated_on": day, "consent_versions": [consent]}
    yield Entry("activation", "sites", opened, "sponsor")
    if randomizer is not None:
        delegated = {"person": randomizer, "duty": "RANDOMIZE", "from_on": day}
        yield Entry("delegation", f"sites/{site}/delegations", delegated, "investigator", site)
