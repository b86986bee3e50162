"""A site: what opened it, when it was paused, whom it entrusted with what. A fold of its two streams."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from types import MappingProxyType
from uuid import UUID

from contracts.events.enrolment import (
    DelegationEnded,
    DutyDelegated,
    SiteActivated,
    SitePaused,
    SiteRequirementMet,
    SiteResumed,
)
from contracts.events.envelope import Envelope
from contracts.events.fact import Fact
from contracts.vocabulary.duties import Duty
from services.enrolment.domain.facts import SubjectNumberIssued


def site_stream(study: str, site: str) -> str:
    """The stream of a site's activation and of the subject numbers that it gives out."""
    return f"site-{study}-{site}"


def conduct_stream(study: str, site: str) -> str:
    """The stream of what decides whether a site may enrol: checklist, pauses, delegations.

    Apart from the counter, so that no screening moves what an authorization depends on: at a busy site it would be
    made to decide again and again until it gave up.
    """
    return f"conduct-{study}-{site}"


@dataclass(frozen=True, slots=True)
class Met:
    """A point of the opening checklist as last recorded. Whether it counts is for the protocol file to say."""

    met_on: date
    reference: str
    version: str | None
    event_id: UUID


@dataclass(frozen=True, slots=True)
class Pause:
    """Days on which the site enrols nobody: from `paused_on` up to the day before `resumed_on` (None: still)."""

    paused_on: date
    resumed_on: date | None = None

    def covers(self, day: date) -> bool:
        """Whether the site is paused on a day."""
        return self.paused_on <= day and (self.resumed_on is None or day < self.resumed_on)


@dataclass(frozen=True, slots=True)
class Delegation:
    """A duty entrusted to an account. `until_on` is its last day, `ended_on` the first on which it is no more."""

    event_id: UUID
    person: str
    duty: Duty
    from_on: date
    until_on: date | None = None
    ended_on: date | None = None

    @property
    def never(self) -> bool:
        """Whether it was ended on the day it began, and so was in force on no day."""
        return self.ended_on is not None and self.ended_on <= self.from_on

    def in_force_on(self, day: date) -> bool:
        """Whether the person may do it on a day."""
        return self.from_on <= day and not self.over_on(day)

    def over_on(self, day: date) -> bool:
        """Whether it has run out, or was ended, by a day."""
        return (self.until_on is not None and self.until_on < day) or (
            self.ended_on is not None and self.ended_on <= day
        )

    def meets(self, from_on: date, until_on: date | None) -> bool:
        """Whether it is in force on any day of a period."""
        return not (self.never or self.over_on(from_on) or (until_on is not None and until_on < self.from_on))


@dataclass(frozen=True, slots=True)
class Site:
    """A site. `issued` counts the subject numbers that it gave out."""

    name: str = ""
    activated_on: date | None = None
    activation: UUID | None = None
    consent_versions: tuple[str, ...] = ()
    issued: int = 0
    requirements: Mapping[str, Met] = field(default_factory=lambda: MappingProxyType({}))
    pauses: tuple[Pause, ...] = ()
    delegations: tuple[Delegation, ...] = ()

    @property
    def known(self) -> bool:
        """Whether anything was recorded of it: it is active or being prepared."""
        return self.activated_on is not None or bool(self.requirements)

    @property
    def paused_since(self) -> date | None:
        """The day of the pause that nobody has ended."""
        return self.pauses[-1].paused_on if self.pauses and self.pauses[-1].resumed_on is None else None

    def conducted(self, conduct: "Site") -> "Site":
        """The site of the one stream with what the other one says of it."""
        return replace(self, requirements=conduct.requirements, pauses=conduct.pauses, delegations=conduct.delegations)

    def activated_by(self, day: date) -> bool:
        """Whether the site was activated on or before a day. It may be paused all the same."""
        return self.activated_on is not None and self.activated_on <= day

    def paused_on(self, day: date) -> bool:
        """Whether a day lies in a pause."""
        return any(pause.covers(day) for pause in self.pauses)

    def open_on(self, day: date) -> bool:
        """Whether the site may enrol on a day: activated, and not paused."""
        return self.activated_by(day) and not self.paused_on(day)

    def delegation(self, person: str, duty: Duty, day: date) -> Delegation | None:
        """What entitles an account to do something on a day."""
        found = (d for d in self.delegations if d.person == person and d.duty is duty and d.in_force_on(day))
        return next(found, None)


def evolve_site(site: Site, envelope: Envelope[Fact]) -> Site:
    """Fold one fact of either stream of a site."""
    match envelope.fact:
        case SiteRequirementMet() as f:
            met = Met(f.met_on, f.reference, f.version, envelope.event_id)
            return replace(site, requirements=MappingProxyType({**site.requirements, f.requirement: met}))
        case SiteActivated() as f:
            return replace(
                site,
                name=f.name,
                activated_on=f.activated_on,
                activation=envelope.event_id,
                consent_versions=f.consent_versions,
            )
        case SitePaused(paused_on=day):
            return replace(site, pauses=(*site.pauses, Pause(day)))
        case SiteResumed(resumed_on=day):
            return replace(site, pauses=(*site.pauses[:-1], replace(site.pauses[-1], resumed_on=day)))
        case DutyDelegated() as f:
            delegation = Delegation(envelope.event_id, f.person, f.duty, f.from_on, f.until_on)
            return replace(site, delegations=(*site.delegations, delegation))
        case DelegationEnded() as f:
            ended = (replace(d, ended_on=f.ended_on) if d.event_id == f.delegation else d for d in site.delegations)
            return replace(site, delegations=tuple(ended))
        case SubjectNumberIssued(sequence=sequence):
            return replace(site, issued=sequence)
        case _:
            return site
