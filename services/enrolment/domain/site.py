"""A site: what opened it, when it was paused, whom it entrusted with what. A fold of its two streams."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from types import MappingProxyType
from uuid import UUID

from contracts.events.course import AmendmentAdopted, ConsentVersionApproved
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
    """The stream of what decides whether a site may enrol, and by what: checklist, pauses, delegations, versions.

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
class Adoption:
    """A version of the protocol by which the site works from a day on."""

    protocol_version: str
    effective_on: date
    event_id: UUID


@dataclass(frozen=True, slots=True)
class ConsentVersion:
    """A version of the consent that the site may use from a day on.

    With `reconsent_by` it replaces those before it: nobody signs them any more, and whoever did signs this one by then.
    """

    version: str
    approved_from: date
    reconsent_by: date | None = None


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
    adoptions: tuple[Adoption, ...] = ()
    approvals: tuple[ConsentVersion, ...] = ()
    """Of versions of the consent since the activation, in their order."""
    approved: Mapping[tuple[str, str], Met] = field(default_factory=lambda: MappingProxyType({}))
    """Points of the checklist by the version of the protocol for which they were met: a later one takes none away."""

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
        return replace(
            self,
            requirements=conduct.requirements,
            approved=conduct.approved,
            pauses=conduct.pauses,
            delegations=conduct.delegations,
            adoptions=conduct.adoptions,
            approvals=conduct.approvals,
        )

    @property
    def consents(self) -> tuple[ConsentVersion, ...]:
        """Every version of the consent, those of the activation first. The order says which one is later."""
        if self.activated_on is None:
            return ()
        return (*(ConsentVersion(version, self.activated_on) for version in self.consent_versions), *self.approvals)

    def consents_on(self, day: date) -> tuple[str, ...]:
        """The versions of the consent that may be signed on a day."""
        approved = [one for one in self.consents if one.approved_from <= day]
        last = max((n for n, one in enumerate(approved) if one.reconsent_by is not None), default=0)
        return tuple(one.version for one in approved[last:])

    def version_on(self, day: date) -> str | None:
        """The version of the protocol in force on a day. None: the first one, which no site has to adopt."""
        return next((one.protocol_version for one in reversed(self.adoptions) if one.effective_on <= day), None)

    def met(self, requirement: str, protocol_version: str | None = None) -> Met | None:
        """A point of the checklist as last recorded for a version, or else as last recorded at all."""
        found = self.approved.get((requirement, protocol_version)) if protocol_version is not None else None
        return found or self.requirements.get(requirement)

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
            named = {(f.requirement, f.version): met} if f.version is not None else {}
            return replace(
                site,
                requirements=MappingProxyType({**site.requirements, f.requirement: met}),
                approved=MappingProxyType({**site.approved, **named}),
            )
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
        case AmendmentAdopted() as f:
            adoption = Adoption(f.protocol_version, f.effective_on, envelope.event_id)
            return replace(site, adoptions=(*site.adoptions, adoption))
        case ConsentVersionApproved() as f:
            approval = ConsentVersion(f.version, f.approved_from, f.reconsent_by)
            return replace(site, approvals=(*site.approvals, approval))
        case SubjectNumberIssued(sequence=sequence):
            return replace(site, issued=sequence)
        case _:
            return site
