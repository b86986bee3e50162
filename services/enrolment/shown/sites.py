"""What enrolment shows of sites, their checklist and their delegation log."""

from collections.abc import Sequence
from datetime import date
from typing import Self
from uuid import UUID

from pydantic import BaseModel, Field

from contracts.protocol.model import Protocol
from contracts.vocabulary.duties import Duty
from contracts.vocabulary.identifiers import SiteId
from services.enrolment.domain.opening import Point, Unmet
from services.enrolment.domain.site import Delegation, Site
from services.enrolment.shown.versions import ConsentVersionView, VersionView


class SiteView(BaseModel):
    """A site in the list. One that is still being prepared has only its checklist, and is not listed."""

    site: SiteId
    name: str
    activated_on: date | None = Field(description="null while it is being prepared")
    paused_on: date | None = Field(description="it takes nobody in since this day")
    consent_versions: list[str]
    screened: int = Field(description="subject numbers issued so far")


class PointView(BaseModel):
    """A point of the opening checklist, as last recorded."""

    requirement: str
    text: str
    unmet: Unmet | None = Field(description="why it does not count; null if it does")
    met_on: date | None
    reference: str | None
    version: str | None

    @classmethod
    def of(cls, point: Point) -> Self:
        """The point with the words of the protocol file."""
        met = point.met
        return cls(
            requirement=point.requirement.code,
            text=point.requirement.text,
            unmet=point.unmet,
            met_on=met.met_on if met else None,
            reference=met.reference if met else None,
            version=met.version if met else None,
        )


class SiteDetail(SiteView):
    """A site with its opening checklist: for the day of its activation, before that for today."""

    checklist: list[PointView]
    ready: bool = Field(description="whether every point of the checklist counts")
    protocol_version: str = Field(description="in force at the site on the day of this answer")
    protocol_versions: list[VersionView] = Field(description="oldest first; the last that is effective is in force")
    consents: list[ConsentVersionView] = Field(description="oldest first")

    @classmethod
    def of(cls, number: str, site: Site, points: Sequence[Point], first: Protocol, in_force: Protocol) -> Self:
        """The view of a site."""
        return cls(
            site=number,
            name=site.name,
            activated_on=site.activated_on,
            paused_on=site.paused_since,
            consent_versions=list(site.consent_versions),
            screened=site.issued,
            checklist=[PointView.of(point) for point in points],
            ready=all(point.unmet is None for point in points),
            protocol_version=in_force.protocol_version,
            protocol_versions=[
                VersionView(protocol_version=first.protocol_version, effective_on=None),
                *(VersionView.model_validate(one, from_attributes=True) for one in site.adoptions),
            ],
            consents=[ConsentVersionView.model_validate(one, from_attributes=True) for one in site.consents],
        )


class DelegationView(BaseModel):
    """A delegation, and whether it is in force today."""

    delegation: UUID = Field(description="the event that recorded it")
    person: str
    duty: Duty
    from_on: date
    until_on: date | None = Field(description="its last day, if that was agreed when it was given")
    ended_on: date | None = Field(description="the first day on which it is no longer in force, if it was ended")
    in_force: bool

    @classmethod
    def of(cls, held: Delegation, today: date) -> Self:
        """The view of a delegation."""
        return cls(
            delegation=held.event_id,
            person=held.person,
            duty=held.duty,
            from_on=held.from_on,
            until_on=held.until_on,
            ended_on=held.ended_on,
            in_force=held.in_force_on(today),
        )


class DelegationsView(BaseModel):
    """The delegation log of a site."""

    site: SiteId
    delegations: list[DelegationView]

    @classmethod
    def of(cls, number: str, site: Site, today: date) -> Self:
        """Every delegation, oldest first."""
        return cls(site=number, delegations=[DelegationView.of(held, today) for held in site.delegations])
