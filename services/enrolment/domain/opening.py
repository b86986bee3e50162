"""Whether a site enrols: its opening checklist, its activation, its pauses."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from contracts.events.enrolment import SiteActivated, SitePaused, SiteRequirementMet, SiteResumed
from contracts.protocol.model import Protocol
from contracts.protocol.study import SiteRequirement
from services.chassis.refusal import Refused
from services.enrolment.domain import refusals
from services.enrolment.domain.site import Met, Site
from services.enrolment.domain.subject.guards import not_in_the_future


@dataclass(frozen=True, slots=True)
class MeetRequirement:
    """Record that a point of the checklist was met. `reference` finds the document in the trial master file."""

    study: str
    site: str
    requirement: str
    met_on: date
    reference: str
    version: str | None


@dataclass(frozen=True, slots=True)
class ActivateSite:
    """Open a site for screening, with the consent versions that its ethics approval names."""

    study: str
    site: str
    name: str
    activated_on: date
    consent_versions: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class PauseSite:
    """Let the site enrol nobody from a day on."""

    study: str
    site: str
    paused_on: date


@dataclass(frozen=True, slots=True)
class ResumeSite:
    """Let the site enrol again from a day on."""

    study: str
    site: str
    resumed_on: date


class Unmet(StrEnum):
    """Why a point of the checklist does not count for an activation on a day."""

    NOT_RECORDED = "NOT_RECORDED"
    MET_LATER = "MET_LATER"
    OTHER_PROTOCOL_VERSION = "OTHER_PROTOCOL_VERSION"


@dataclass(frozen=True, slots=True)
class Point:
    """A point of the checklist as it stands for an activation on a day. `unmet` is None where it counts."""

    requirement: SiteRequirement
    met: Met | None
    unmet: Unmet | None


def checklist(protocol: Protocol, site: Site, on: date) -> tuple[Point, ...]:
    """Every point that the protocol file lists, in its order."""
    return tuple(_points(protocol, site, on))


def _points(protocol: Protocol, site: Site, on: date) -> Iterator[Point]:
    for requirement in protocol.site_opening.requirements:
        # Once a site is open, the approval of a later version takes away nothing of what it was opened on.
        opened = site.activated_on is not None and requirement.of_protocol_version
        met = site.met(requirement.code, protocol.protocol_version if opened else None)
        yield Point(requirement, met, _unmet(protocol, requirement, met, on))


def _unmet(protocol: Protocol, requirement: SiteRequirement, met: Met | None, on: date) -> Unmet | None:
    if met is None:
        return Unmet.NOT_RECORDED
    if requirement.of_protocol_version and met.version != protocol.protocol_version:
        return Unmet.OTHER_PROTOCOL_VERSION
    return Unmet.MET_LATER if met.met_on > on else None


def meet(protocol: Protocol, cmd: MeetRequirement, today: date) -> SiteRequirementMet:
    """Record it, again if what was recorded was wrong. An activation that rested on an earlier record stands.

    `protocol` is the version that the record is about.
    """
    not_in_the_future(today, met_on=cmd.met_on)
    listed = {requirement.code: requirement for requirement in protocol.site_opening.requirements}
    if cmd.requirement not in listed:
        raise Refused(refusals.sites.UNKNOWN_REQUIREMENT, requirements=tuple(listed))
    if listed[cmd.requirement].of_protocol_version and cmd.version is None:
        raise Refused(refusals.sites.VERSION_NEEDED, protocol_version=protocol.protocol_version)
    return SiteRequirementMet(
        study=cmd.study,
        site=cmd.site,
        requirement=cmd.requirement,
        met_on=cmd.met_on,
        reference=cmd.reference,
        version=cmd.version,
    )


def activate(site: Site, protocol: Protocol, cmd: ActivateSite, today: date) -> SiteActivated:
    """Open a site, once, when every point of the checklist was met on or before that day."""
    not_in_the_future(today, activated_on=cmd.activated_on)
    if site.activated_on is not None:
        raise Refused(refusals.sites.SITE_ALREADY_ACTIVE, site=cmd.site, activated_on=site.activated_on)
    open_points = [point for point in checklist(protocol, site, cmd.activated_on) if point.unmet is not None]
    if open_points:
        missing = [{"requirement": p.requirement.code, "why": p.unmet} for p in open_points]
        raise Refused(refusals.sites.SITE_NOT_READY, site=cmd.site, missing=missing)
    return SiteActivated(
        study=cmd.study,
        site=cmd.site,
        name=cmd.name,
        activated_on=cmd.activated_on,
        consent_versions=cmd.consent_versions,
    )


def pause(site: Site, cmd: PauseSite, today: date) -> SitePaused:
    """Close the site to new subjects. A day in the past is what it is: who came in since then stays in."""
    not_in_the_future(today, paused_on=cmd.paused_on)
    if site.activated_on is None:
        raise Refused(refusals.common.UNKNOWN_SITE)
    if site.paused_since is not None:
        raise Refused(refusals.sites.SITE_PAUSED, paused_on=site.paused_since)
    open_since = site.pauses[-1].resumed_on if site.pauses else site.activated_on
    if open_since is not None and cmd.paused_on < open_since:
        raise Refused(refusals.sites.PAUSE_OUT_OF_ORDER, open_since=open_since)
    return SitePaused(study=cmd.study, site=cmd.site, paused_on=cmd.paused_on)


def resume(site: Site, cmd: ResumeSite, today: date) -> SiteResumed:
    """Open the site again. The days from the pause up to this one stay closed."""
    not_in_the_future(today, resumed_on=cmd.resumed_on)
    if site.activated_on is None:
        raise Refused(refusals.common.UNKNOWN_SITE)
    if site.paused_since is None:
        raise Refused(refusals.sites.SITE_NOT_PAUSED)
    if cmd.resumed_on < site.paused_since:
        raise Refused(refusals.sites.PAUSE_OUT_OF_ORDER, paused_on=site.paused_since)
    return SiteResumed(study=cmd.study, site=cmd.site, resumed_on=cmd.resumed_on)
