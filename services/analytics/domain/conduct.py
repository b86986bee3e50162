"""How far the conduct of a study is: which sites are open, whether it allocates, and up to which number."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date

from contracts.events.enrolment import SiteActivated
from contracts.events.envelope import Envelope
from contracts.events.fact import Fact
from contracts.events.randomization import AllocationActivated, CapChanged


@dataclass(frozen=True, slots=True)
class Conduct:
    """One study. `cap` is the number that may be randomized, absent until the allocation is open."""

    study: str
    sites: Mapping[str, date] = field(default_factory=dict)
    allocation_activated_on: date | None = None
    cap: int | None = None

    @property
    def site(self) -> None:
        """A study belongs to no site."""
        return


def fold(conduct: Conduct, envelope: Envelope[Fact]) -> Conduct:
    """The study after one more fact about it."""
    match envelope.fact:
        case SiteActivated() as fact:
            return replace(conduct, sites={**conduct.sites, fact.site: fact.activated_on})
        case AllocationActivated() as fact:
            return replace(conduct, allocation_activated_on=fact.activated_on, cap=fact.cap)
        case CapChanged() as fact:
            return replace(conduct, cap=fact.cap)
        case _:
            return conduct
