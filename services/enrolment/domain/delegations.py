"""The delegation log of a site: who may do what for its investigator, from when to when."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from contracts.events.enrolment import DelegationEnded, DutyDelegated
from contracts.vocabulary.duties import Duty
from services.chassis.refusal import Refused
from services.enrolment.domain import refusals
from services.enrolment.domain.site import Site
from services.enrolment.domain.subject.guards import not_in_the_future


@dataclass(frozen=True, slots=True)
class DelegateDuty:
    """Entrust an account with a duty. `until_on` is the last day (None: until it is ended)."""

    study: str
    site: str
    person: str
    duty: Duty
    from_on: date
    until_on: date | None


@dataclass(frozen=True, slots=True)
class EndDelegation:
    """Take a duty back. `ended_on` is the first day on which the person no longer has it."""

    study: str
    site: str
    delegation: UUID
    ended_on: date


def delegate(site: Site, cmd: DelegateDuty, today: date) -> DutyDelegated:
    """Entrust somebody, from today or an earlier day.

    The past is allowed: the log on paper may be ahead of this one, and a gate asks what is recorded when it decides.
    Two delegations of one duty to one person at a time are not: the one would outlast the end of the other.
    """
    if not site.known:
        raise Refused(refusals.common.UNKNOWN_SITE)
    not_in_the_future(today, from_on=cmd.from_on)
    if cmd.until_on is not None and cmd.until_on < cmd.from_on:
        raise Refused(refusals.delegations.DELEGATION_REVERSED, from_on=cmd.from_on, until_on=cmd.until_on)
    for held in site.delegations:
        if held.person == cmd.person and held.duty is cmd.duty and held.meets(cmd.from_on, cmd.until_on):
            raise Refused(refusals.delegations.ALREADY_DELEGATED, delegation=held.event_id)
    return DutyDelegated(
        study=cmd.study,
        site=cmd.site,
        person=cmd.person,
        duty=cmd.duty,
        from_on=cmd.from_on,
        until_on=cmd.until_on,
    )


def end(site: Site, cmd: EndDelegation, today: date) -> DelegationEnded:
    """Take it back, once, as of today or an earlier day of its period."""
    if not site.known:
        raise Refused(refusals.common.UNKNOWN_SITE)
    not_in_the_future(today, ended_on=cmd.ended_on)
    held = next((d for d in site.delegations if d.event_id == cmd.delegation), None)
    if held is None:
        raise Refused(refusals.delegations.UNKNOWN_DELEGATION)
    if held.ended_on is not None:
        raise Refused(refusals.delegations.DELEGATION_OVER, ended_on=held.ended_on)
    if held.over_on(cmd.ended_on):
        raise Refused(refusals.delegations.DELEGATION_OVER, until_on=held.until_on)
    if cmd.ended_on < held.from_on:
        raise Refused(refusals.delegations.END_BEFORE_START, from_on=held.from_on)
    return DelegationEnded(study=cmd.study, site=cmd.site, delegation=cmd.delegation, ended_on=cmd.ended_on)
