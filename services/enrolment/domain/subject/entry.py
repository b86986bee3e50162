"""Into the trial: the screening log, the consent, the findings."""

from dataclasses import dataclass
from datetime import date

from contracts.events.enrolment import ConsentSigned, FindingsRecorded, SubjectScreened
from contracts.vocabulary.clinical import Sex
from contracts.vocabulary.identifiers import subject_id
from services.chassis.refusal import Refused
from services.enrolment.domain import refusals
from services.enrolment.domain.facts import SubjectNumberIssued
from services.enrolment.domain.findings import Fault, Submission, check
from services.enrolment.domain.setting import Setting
from services.enrolment.domain.site import Site
from services.enrolment.domain.state import Subject
from services.enrolment.domain.subject.guards import alive_on, enrolling_on, last_day, not_in_the_future, screened


@dataclass(frozen=True, slots=True)
class ScreenSubject:
    """Enter somebody in the screening log under the site's next number."""

    study: str
    site: str
    sex: Sex
    birth_month: str
    screened_on: date


@dataclass(frozen=True, slots=True)
class SignConsent:
    """Record the signature under one version of the informed consent. `copy_given`: the subject has its copy."""

    study: str
    subject: str
    version: str
    signed_on: date
    copy_given: bool | None = None

    @property
    def occurred_on(self) -> date:
        """The day of the signature."""
        return self.signed_on


@dataclass(frozen=True, slots=True)
class RecordFindings:
    """Record dated values as the site stated them; the dictionary of the protocol file says what may be stated."""

    study: str
    subject: str
    findings: tuple[Submission, ...]

    @property
    def occurred_on(self) -> None:
        """None: each finding has its own day."""
        return None


def screen(site: Site, cmd: ScreenSubject, today: date) -> tuple[SubjectNumberIssued, SubjectScreened]:
    """Issue the site's next number and open the subject. The two facts go to two streams in one append."""
    not_in_the_future(today, screened_on=cmd.screened_on)
    enrolling_on(site, cmd.screened_on)
    if cmd.screened_on.isoformat()[:7] < cmd.birth_month:
        raise Refused(refusals.entry.BEFORE_BIRTH, field="birth_month")
    sequence = site.issued + 1
    subject = subject_id(cmd.site, sequence)
    return (
        SubjectNumberIssued(study=cmd.study, site=cmd.site, subject=subject, sequence=sequence),
        SubjectScreened(
            study=cmd.study,
            subject=subject,
            site=cmd.site,
            sex=cmd.sex,
            birth_month=cmd.birth_month,
            screened_on=cmd.screened_on,
        ),
    )


def sign_consent(subject: Subject, setting: Setting, cmd: SignConsent) -> tuple[ConsentSigned, ...]:
    """Take note of the signature under a version that the subject's own site may use (R-47).

    Signed again it is a later version, on the same or a later day; what was done under the earlier one stands.
    """
    screened(subject)
    not_in_the_future(setting.today, signed_on=cmd.signed_on)
    alive_on(subject, cmd.signed_on)
    if cmd.version in {consent.version for consent in subject.consents}:
        raise Refused(refusals.entry.CONSENT_ALREADY_SIGNED, version=cmd.version)
    # A signature is no new entry: a pause since the screening does not undo what happened at the site.
    site = setting.site
    if not site.activated_by(cmd.signed_on):
        raise Refused(refusals.sites.SITE_NOT_ACTIVE, activated_on=site.activated_on)
    approved = site.consents_on(cmd.signed_on)
    if cmd.version not in approved:
        raise Refused(refusals.entry.CONSENT_VERSION_NOT_APPROVED, approved=approved)
    _follows(subject, site, cmd)
    return (
        ConsentSigned(
            study=cmd.study,
            subject=cmd.subject,
            version=cmd.version,
            signed_on=cmd.signed_on,
            copy_given=cmd.copy_given,
        ),
    )


def _follows(subject: Subject, site: Site, cmd: SignConsent) -> None:
    """A later version, not dated before the last signature. A version that the site never had is no later one."""
    last = subject.consent
    if last is None:
        return
    versions = [one.version for one in site.consents]
    earlier = last.version in versions and versions.index(cmd.version) < versions.index(last.version)
    if earlier or cmd.signed_on < last.signed_on:
        raise Refused(refusals.entry.CONSENT_OUT_OF_ORDER, version=last.version, signed_on=last.signed_on)


def record_findings(subject: Subject, setting: Setting, cmd: RecordFindings) -> tuple[FindingsRecorded, ...]:
    """Record all of them or none; every fault is named at once.

    A finding may be dated before the consent (a histology is) but is recorded only under one (invariant 1).
    """
    screened(subject)
    if subject.consent is None:
        raise Refused(refusals.standing.NO_CONSENT)
    findings, faults = check(setting.protocol, cmd.findings, command=type(cmd).__name__, today=setting.today)
    if (until := last_day(subject)) is not None:
        faults = (*faults, *_after(cmd.findings, until))
    if faults:
        raise Refused(refusals.entry.FINDINGS_NOT_ACCEPTED, errors=[_error(fault) for fault in faults])
    return (FindingsRecorded(study=cmd.study, subject=cmd.subject, findings=findings),)


def _after(submissions: tuple[Submission, ...], last: date) -> list[Fault]:
    """Findings of days after a death, or after the subject was followed last."""
    return [
        Fault(f"findings[{index}].observed_on", f"a day up to {last}, the last one on which the subject was followed")
        for index, submission in enumerate(submissions)
        if submission.observed_on > last
    ]


def _error(fault: Fault) -> dict[str, str]:
    """A fault with its place as a JSON pointer into the request."""
    pointer = "/" + fault.place.replace("[", "/").replace("].", "/").replace("]", "")
    return {"in": "body", "pointer": pointer, "detail": fault.message}
