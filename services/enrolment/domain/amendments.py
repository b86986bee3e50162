"""By which versions a site works: of the protocol, which it adopts, and of the consent, which are approved for it."""

from dataclasses import dataclass
from datetime import date

from contracts.events.course import AmendmentAdopted, ConsentVersionApproved
from contracts.protocol.model import Protocol
from contracts.protocol.versions import Versions
from services.chassis.refusal import Refused
from services.enrolment.domain import refusals
from services.enrolment.domain.opening import Unmet
from services.enrolment.domain.site import Site


@dataclass(frozen=True, slots=True)
class AdoptAmendment:
    """Let a site work by a later version of the protocol from a day on, which may lie ahead."""

    study: str
    site: str
    protocol_version: str
    effective_on: date


@dataclass(frozen=True, slots=True)
class ApproveConsentVersion:
    """Let a site use a version of the consent from a day on, which may lie ahead. `reconsent_by`: for everybody."""

    study: str
    site: str
    version: str
    approved_from: date
    reconsent_by: date | None


def adopt(site: Site, versions: Versions, cmd: AdoptAmendment) -> AmendmentAdopted:
    """Adopt a later version than the last, once its approval is on the site's checklist. What was decided stands."""
    if not site.known:
        raise Refused(refusals.common.UNKNOWN_SITE)
    version = versions.named(cmd.protocol_version)
    if version is None:
        raise Refused(refusals.versions.UNKNOWN_PROTOCOL_VERSION, versions=versions.names)
    last = site.adoptions[-1] if site.adoptions else None
    at_last = last.protocol_version if last else versions.first.protocol_version
    later = versions.names[versions.names.index(at_last) + 1 :] if at_last in versions.names else ()
    if cmd.protocol_version not in later:
        raise Refused(refusals.versions.NOT_A_LATER_VERSION, protocol_version=at_last, later=later)
    if last is not None and cmd.effective_on < last.effective_on:
        raise Refused(refusals.versions.VERSION_OUT_OF_ORDER, since=last.effective_on)
    if missing := _unapproved(site, version, cmd.effective_on):
        raise Refused(refusals.versions.AMENDMENT_NOT_APPROVED, site=cmd.site, missing=missing)
    return AmendmentAdopted(
        study=cmd.study,
        site=cmd.site,
        protocol_version=version.protocol_version,
        criteria_version=version.criteria_version,
        protocol_sha256=version.sha256,
        effective_on=cmd.effective_on,
    )


def approve_consent(site: Site, cmd: ApproveConsentVersion) -> ConsentVersionApproved:
    """Add a version of the consent to those that an activated site may use. Later approved means later version."""
    if site.activated_on is None:
        raise Refused(refusals.common.UNKNOWN_SITE)
    if cmd.version in {one.version for one in site.consents}:
        raise Refused(refusals.versions.CONSENT_VERSION_KNOWN, version=cmd.version)
    last = site.consents[-1].approved_from if site.consents else site.activated_on
    if cmd.approved_from < last:
        raise Refused(refusals.versions.VERSION_OUT_OF_ORDER, since=last)
    if cmd.reconsent_by is not None and cmd.reconsent_by < cmd.approved_from:
        raise Refused(refusals.versions.RECONSENT_REVERSED, approved_from=cmd.approved_from)
    return ConsentVersionApproved(
        study=cmd.study,
        site=cmd.site,
        version=cmd.version,
        approved_from=cmd.approved_from,
        reconsent_by=cmd.reconsent_by,
    )


def _unapproved(site: Site, version: Protocol, on: date) -> list[dict[str, object]]:
    """The points of the checklist that are met for one version of the protocol, and are not for this one by a day."""
    missing: list[dict[str, object]] = []
    for requirement in version.site_opening.requirements:
        if not requirement.of_protocol_version:
            continue
        met = site.met(requirement.code, version.protocol_version)
        if met is None or met.version != version.protocol_version:
            why = Unmet.NOT_RECORDED if met is None else Unmet.OTHER_PROTOCOL_VERSION
            missing.append({"requirement": requirement.code, "why": why})
        elif met.met_on > on:
            missing.append({"requirement": requirement.code, "why": Unmet.MET_LATER})
    return missing
