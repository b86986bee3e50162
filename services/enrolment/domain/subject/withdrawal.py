"""What a subject no longer agrees to: treatment, follow-up, or any use of its data (digest T20)."""

from dataclasses import dataclass
from datetime import date
from typing import Final

from contracts.events.course import ConsentWithdrawn, SubjectErased
from contracts.events.enrolment import RunInEnded
from contracts.events.fact import Fact
from contracts.events.treatment import TreatmentConsentWithdrawn
from contracts.vocabulary.clinical import RunInExit
from contracts.vocabulary.course import WithdrawalScope
from contracts.vocabulary.sealed import SealedText
from services.chassis.refusal import Refused
from services.enrolment.domain import refusals
from services.enrolment.domain.setting import Setting
from services.enrolment.domain.state import Subject
from services.enrolment.domain.subject.guards import alive_on, consented_by, not_in_the_future, screened

_WIDTH: Final = tuple(WithdrawalScope)


@dataclass(frozen=True, slots=True)
class WithdrawConsent:
    """Record what a subject withdrew from. The note is sealed already."""

    study: str
    subject: str
    scope: WithdrawalScope
    withdrawn_on: date
    note: SealedText | None = None

    @property
    def occurred_on(self) -> date:
        """The day of the withdrawal."""
        return self.withdrawn_on


def withdraw_consent(subject: Subject, setting: Setting, cmd: WithdrawConsent) -> tuple[Fact, ...]:
    """Take note of a withdrawal, and with it of the end of a run-in: there is no randomization without treatment.

    What was collected until that day is kept (digest Q25), so nothing may be recorded after it already. Who withdraws
    from treatment alone is followed like everybody else, and gets no more of it.
    """
    screened(subject)
    on = cmd.withdrawn_on
    not_in_the_future(setting.today, withdrawn_on=on)
    consented_by(subject, on)
    alive_on(subject, on)
    if subject.end is not None and on > subject.end.ended_on:
        raise Refused(refusals.standing.STUDY_OVER, reason=subject.end.reason, ended_on=subject.end.ended_on)
    for earlier in subject.withdrawals:
        if _WIDTH.index(earlier.scope) >= _WIDTH.index(cmd.scope):
            raise Refused(refusals.course.ALREADY_WITHDRAWN, scope=earlier.scope, withdrawn_on=earlier.withdrawn_on)
    _nothing_after(subject, cmd)
    return (_withdrawn(cmd), *_out_of_the_run_in(subject, cmd), *_erased(setting.today, cmd))


def _withdrawn(cmd: WithdrawConsent) -> Fact:
    """A withdrawal from treatment goes on the treatment's topic: after randomization it could hint at the arm."""
    if cmd.scope is WithdrawalScope.TREATMENT:
        return TreatmentConsentWithdrawn(
            study=cmd.study, subject=cmd.subject, withdrawn_on=cmd.withdrawn_on, note=cmd.note
        )
    return ConsentWithdrawn(
        study=cmd.study, subject=cmd.subject, scope=cmd.scope, withdrawn_on=cmd.withdrawn_on, note=cmd.note
    )


def _out_of_the_run_in(subject: Subject, cmd: WithdrawConsent) -> tuple[RunInEnded, ...]:
    if not subject.in_run_in:
        return ()
    reason = RunInExit.WITHDRAWAL
    return (RunInEnded(study=cmd.study, subject=cmd.subject, reason=reason, ended_on=cmd.withdrawn_on),)


def _erased(today: date, cmd: WithdrawConsent) -> tuple[SubjectErased, ...]:
    """In the same append as the withdrawal: nobody reads the subject between the two, whatever ends meanwhile."""
    if cmd.scope is not WithdrawalScope.DATA_USE:
        return ()
    return (SubjectErased(study=cmd.study, subject=cmd.subject, erased_on=today),)


def _nothing_after(subject: Subject, cmd: WithdrawConsent) -> None:
    """No treatment after a withdrawal from it; nothing at all after one from follow-up."""
    treated = (cycle.given_on for cycle in (*subject.cycles, *subject.treatment))
    last = max(treated, default=None) if cmd.scope is WithdrawalScope.TREATMENT else subject.last_contact_on
    if subject.in_run_in and subject.inclusion is not None:
        last = max(subject.inclusion.included_on, last or subject.inclusion.included_on)
    if last is not None and last > cmd.withdrawn_on:
        raise Refused(refusals.standing.LATER_RECORDS, last_on=last)
