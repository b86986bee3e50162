"""The course of one subject in pure functions: commands, facts heard, corrections, each as the handlers do it."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from functools import reduce
from types import MappingProxyType
from typing import Final
from uuid import UUID, uuid4

from contracts.events.course import Attempt
from contracts.events.enrolment import DutyDelegated, SiteActivated
from contracts.events.envelope import Envelope
from contracts.events.fact import Fact
from contracts.vocabulary.clinical import DeathCause, RunInExit, TherapyClass
from contracts.vocabulary.course import ContactMeans, TreatmentStop, WithdrawalScope
from contracts.vocabulary.duties import Duty
from contracts.vocabulary.month import add_months
from contracts.vocabulary.response import Response
from services.enrolment.domain import gates
from services.enrolment.domain.deviations import deviations
from services.enrolment.domain.gates import AuthorizeRandomization, IncludeSubject
from services.enrolment.domain.obstacles import Requester
from services.enrolment.domain.setting import Setting, SubjectCommand
from services.enrolment.domain.site import Site, evolve_site
from services.enrolment.domain.state import Subject
from services.enrolment.domain.subject import heard
from services.enrolment.domain.subject.corrections import annulments, consistent
from services.enrolment.domain.subject.cycles import AdministerCycle
from services.enrolment.domain.subject.decisions import decide
from services.enrolment.domain.subject.ending import EndStudy, due_ends
from services.enrolment.domain.subject.entry import RecordFindings, SignConsent
from services.enrolment.domain.subject.exits import EndRunIn, RecordDeath
from services.enrolment.domain.subject.followup import RecordSurvivalContact, StartNewTherapy
from services.enrolment.domain.subject.loss import DeclareLost, FindAgain
from services.enrolment.domain.subject.screening_end import EndScreening
from services.enrolment.domain.subject.treatment import DiscontinueTreatment, StartSurveillance, assigned
from services.enrolment.domain.subject.visits import scheduled_by
from services.enrolment.domain.subject.withdrawal import WithdrawConsent
from services.enrolment.handlers.entries import grown
from tests.unit.given import history

from .test_decide import SCREENING, S
from .world import C1, C2, CONSENTED, INCLUDED, OPENED, PROTOCOL, REQUESTED, SCAN, STUDY, scan, submissions

WHERE: Final = reduce(
    evolve_site,
    history(
        SiteActivated(study=STUDY, site="01", name="Centre 01", activated_on=OPENED, consent_versions=("1.0",)),
        DutyDelegated(study=STUDY, site="01", person="acc-1", duty=Duty.RANDOMIZE, from_on=OPENED),
    ),
    Site(),
)
TODAY: Final = add_months(REQUESTED, 72)
SETTING: Final = Setting(PROTOCOL, WHERE, TODAY)
C3, C4 = REQUESTED + timedelta(days=3), REQUESTED + timedelta(days=66)
M2, M6 = add_months(REQUESTED, 2), add_months(REQUESTED, 6)
Step = Callable[[Subject, Setting], Subject]


def recorded(subject: Subject, setting: Setting, facts: Sequence[Fact]) -> Subject:
    """The subject once facts are recorded with the visits that they schedule and the deviations that they are."""
    more = [(uuid4(), fact) for fact in (*facts, *scheduled_by(subject, setting.protocol, facts))]
    beside = [(uuid4(), fact) for fact in deviations(subject, setting, more)]
    return grown(subject, [*more, *beside])


def told(cmd: SubjectCommand) -> Step:
    """A command."""
    return lambda subject, setting: recorded(subject, setting, decide(subject, setting, cmd))


def scanned(timepoint: str, on: date, response: Response) -> Step:
    """The investigator's reading, as it is heard of."""

    def step(subject: Subject, setting: Setting) -> Subject:
        protocol = setting.protocol
        if timepoint == "POST_C2":
            return recorded(subject, setting, heard.scanned(subject, protocol, timepoint, on, response))
        return recorded(subject, setting, heard.assessed(subject, protocol, timepoint, on, response, UUID(int=7)))

    return step


def include(subject: Subject, setting: Setting, on: date = INCLUDED) -> Subject:
    """Findings of somebody eligible, and the inclusion on its evaluation."""
    if not subject.findings.by_field:
        subject = told(RecordFindings(STUDY, S, submissions()))(subject, setting)
    cmd, event = IncludeSubject(STUDY, S, on), uuid4()
    assessed = gates.pass_first(setting.protocol, subject, setting.site, cmd, setting.today)
    grew = grown(subject, [(event, assessed)])
    return recorded(grew, setting, gates.included(setting.protocol, cmd, event))


def authorize(subject: Subject, setting: Setting) -> Subject:
    """Gate 2 on the day of the request, with the scan that assessment has."""
    cmd = AuthorizeRandomization(STUDY, S, Requester("acc-1", ("randomizer",)))
    fact = gates.authorize(setting.protocol, subject, setting.site, scan(), cmd, REQUESTED)
    return recorded(subject, setting, [fact])


def randomize(subject: Subject, setting: Setting) -> Subject:
    """Word of the randomization. Without an authorization there is none."""
    facts = heard.randomized(subject, setting.protocol, REQUESTED) if subject.authorizations else ()
    return recorded(subject, setting, facts)


def allocate(arm: str) -> Step:
    """Word of the arm, of a randomized subject."""

    def step(subject: Subject, setting: Setting) -> Subject:
        facts = assigned(subject, setting.protocol, arm, REQUESTED) if subject.randomized_on else ()
        return recorded(subject, setting, facts)

    return step


def passing(subject: Subject, setting: Setting) -> Subject:
    """What comes by itself, as the timer records it."""
    return recorded(subject, setting, due_ends(subject, setting))


def correct(event_id: UUID, *entries: SubjectCommand) -> Step:
    """A correction, as its handler makes it."""

    def step(before: Subject, setting: Setting) -> Subject:
        after = grown(before, [(uuid4(), fact) for fact in annulments(before, event_id)])
        for entry in entries:
            after = told(entry)(after, setting)
        consistent(before, after, setting)
        return after

    return step


def cycle(number: int, on: date, mbq: str = "7400") -> Step:
    return told(AdministerCycle(STUDY, S, number, on, Decimal(7400), Decimal(mbq)))


def lose(on: date) -> Step:
    days = (add_months(on, -4), add_months(on, -2), add_months(on, -1))
    attempts = tuple(Attempt(on=day, means=ContactMeans.PHONE) for day in days)
    return told(DeclareLost(STUDY, S, on, attempts))


def after(*steps: Step, start: Subject | None = None, setting: Setting = SETTING) -> Subject:
    """The subject after these steps."""
    return reduce(lambda subject, step: step(subject, setting), steps, start or screened())


def screened() -> Subject:
    return grown(Subject(), [(UUID(int=1), SCREENING)])


def last(subject: Subject, of: type[Fact]) -> Envelope[Fact]:
    return [one for one in subject.history if isinstance(one.fact, of)][-1]


CONSENT: Final = told(SignConsent(STUDY, S, "1.0", CONSENTED))
IN_RUN_IN: Final = (CONSENT, include, cycle(1, C1), cycle(2, C2))
RANDOMIZED: Final = (*IN_RUN_IN, authorize, randomize)
LATE: Final = add_months(REQUESTED, 12)
LETTERS: Final[Mapping[str, Step]] = MappingProxyType(
    {
        "sign consent": CONSENT,
        "end screening": told(EndScreening(STUDY, S, CONSENTED)),
        "include": include,
        "cycle 1": cycle(1, C1),
        "cycle 2": cycle(2, C2),
        "reading POST_C2 SD": scanned("POST_C2", SCAN, Response.SD),
        "reading POST_C2 PD": scanned("POST_C2", SCAN, Response.PD),
        "end run-in": told(EndRunIn(STUDY, S, RunInExit.TOXICITY, SCAN)),
        "authorize": authorize,
        "hear randomization": randomize,
        "hear arm A": allocate("A"),
        "hear arm B": allocate("B"),
        "cycle 3": cycle(3, C3),
        "cycle 4": cycle(4, C4),
        "stop treatment": told(DiscontinueTreatment(STUDY, S, C4, TreatmentStop.TOXICITY)),
        "start surveillance": told(StartSurveillance(STUDY, S, C3)),
        "reading M2 PD": scanned("M2", M2, Response.PD),
        "reading M2 SD": scanned("M2", M2, Response.SD),
        "reading M6 SD": scanned("M6", M6, Response.SD),
        "new therapy": told(StartNewTherapy(STUDY, S, M6, TherapyClass.RADIOLIGAND_OFF_PROTOCOL)),
        "survival contact": told(RecordSurvivalContact(STUDY, S, M6)),
        "withdraw from treatment": told(WithdrawConsent(STUDY, S, WithdrawalScope.TREATMENT, M6)),
        "withdraw from follow-up": told(WithdrawConsent(STUDY, S, WithdrawalScope.FOLLOW_UP, LATE)),
        "declare lost": lose(LATE),
        "find again": told(FindAgain(STUDY, S, LATE + timedelta(days=9))),
        "record death": told(RecordDeath(STUDY, S, LATE + timedelta(days=30), DeathCause.TUMOUR)),
        "close the study": told(EndStudy(STUDY, S, LATE + timedelta(days=60))),
        "time passes": passing,
    }
)
"""An alphabet of what can happen to a subject, each on a day of its own."""


def at(setting: Setting, today: date) -> Setting:
    return replace(setting, today=today)
