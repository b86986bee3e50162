"""The small world of enrolment's tests: one site, one subject, a clock that is set, and assessment's answer."""

import itertools
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from hashlib import sha256
from typing import Any
from uuid import UUID

from contracts.events.catalogue import registry
from contracts.events.envelope import Envelope, Provenance
from contracts.events.fact import Fact
from contracts.protocol.load import load
from contracts.protocol.versions import Versions
from contracts.vocabulary.clinical import DeathCause, RunInExit, Sex, TherapyClass
from contracts.vocabulary.duties import Duty
from contracts.vocabulary.response import Response
from services.chassis.command import Call, CommandId
from services.chassis.facts import Facts, Outcome
from services.chassis.log.memory import MemoryLog
from services.chassis.quarantine.memory import MemoryQuarantine
from services.chassis.sealing.kek import LocalKeks
from services.chassis.sealing.memory import MemorySubjectKeys
from services.chassis.sealing.sealer import Sealer
from services.enrolment.domain.delegations import DelegateDuty, EndDelegation
from services.enrolment.domain.facts import PRIVATE
from services.enrolment.domain.findings import Submission
from services.enrolment.domain.gates import AuthorizeRandomization, IncludeSubject
from services.enrolment.domain.known import ScanEvidence
from services.enrolment.domain.obstacles import Requester
from services.enrolment.domain.opening import ActivateSite, MeetRequirement, PauseSite, ResumeSite
from services.enrolment.domain.state import Subject, evolve, subject_stream
from services.enrolment.domain.subject.cycles import AdministerCycle
from services.enrolment.domain.subject.entry import RecordFindings, ScreenSubject, SignConsent
from services.enrolment.domain.subject.exits import EndRunIn, RecordDeath
from services.enrolment.domain.subject.followup import RecordSurvivalContact, StartNewTherapy
from services.enrolment.handlers import gate, sites, subjects
from services.enrolment.handlers.context import Context

STUDY = "RELUTH"
PROTOCOL = load()
OPENED = date(2022, 1, 10)
SCREENED = date(2022, 2, 1)
CONSENTED = date(2022, 2, 2)
INCLUDED = date(2022, 3, 1)
C1 = date(2022, 3, 8)
C2 = C1 + timedelta(days=56)
SCAN = C2 + timedelta(days=49)
REQUESTED = SCAN + timedelta(days=7)
SCAN_EVENT = UUID("01800000-0000-7000-8000-00000000abcd")

ELIGIBLE: Mapping[str, tuple[object, str | None]] = {
    "histology_on": ("2018-05-03", None),
    "primary_site": ("ILEUM", None),
    "who_grade": ("G2", None),
    "differentiation": ("WELL", None),
    "first_prrt_cycles": (4, None),
    "first_prrt_last_dose_on": ("2019-03-15", None),
    "first_prrt_best_response": ("PR", None),
    "first_prrt_haematological_grade": (2, None),
    "first_prrt_renal_grade": (1, None),
    "first_progression_on": ("2021-12-20", None),
    "progression_types": (["RADIOLOGICAL", "BIOLOGICAL"], None),
    "intercurrent_therapies": (["NONE"], None),
    "unresolved_prior_ae_grade": (0, None),
    "board": (["RENATEN"], None),
    "board_decision": ("RETREAT", None),
    "board_decided_on": ("2022-02-10", None),
    "reimbursed": (True, None),
    "ecog": (1, None),
    "life_expectancy_attested": (True, None),
    "uncontrolled_disease": (False, None),
    "nephrotic_syndrome": (False, None),
    "ebrt_marrow": ("0", "%"),
    "sstr_imaging_on": ("2022-01-20", None),
    "sstr_modality": ("GA68_PET", None),
    "lesions_seen": (10, None),
    "lesions_sstr_positive": (10, None),
    "uptake_reference": ("LIVER", None),
    "uptake_comparison": ("ABOVE", None),
    "ct_mri_modality": ("CT", None),
    "largest_lesion": ("34", "mm"),
    "largest_node": ("0", "mm"),
    "lesions_total": (7, None),
    "haemoglobin": ("12.4", "g/dL"),
    "neutrophils": ("3.2", "10*9/L"),
    "platelets": ("210", "10*9/L"),
    "creatinine": ("80", "umol/L"),
    "alt": ("30", "U/L"),
    "alt_uln": ("40", "U/L"),
    "ast": ("30", "U/L"),
    "ast_uln": ("40", "U/L"),
    "bilirubin": ("10", "umol/L"),
    "bilirubin_uln": ("20", "umol/L"),
    "brain_metastases": ("NEVER", None),
    "other_solid_tumours": (["NONE"], None),
}
OBSERVED = date(2022, 2, 15)


def submissions(day: date = OBSERVED, without: tuple[str, ...] = (), **changed: object) -> tuple[Submission, ...]:
    """The findings of somebody eligible, less some, with some changed."""
    made = {name: value for name, value in ELIGIBLE.items() if name not in without}
    made |= {name: (value, ELIGIBLE[name][1]) for name, value in changed.items()}
    return tuple(Submission(name, value, day, unit) for name, (value, unit) in made.items())


def scan(response: Response = Response.SD, on: date = SCAN) -> ScanEvidence:
    """What assessment answers."""
    return ScanEvidence(SCAN_EVENT, 7, on, response)


@dataclass
class Assessments:
    """Assessment as far as enrolment asks it."""

    answer: ScanEvidence | None = None
    asked: int = 0

    async def standing(
        self, study: str, subject: str, timepoint: str, *, as_of: datetime | None = None
    ) -> ScanEvidence | None:
        assert timepoint == "POST_C2"
        self.asked += 1
        return self.answer


@dataclass
class World:
    """Enrolment over a log in memory."""

    today: date = REQUESTED
    assessments: Assessments = field(default_factory=Assessments)
    by: Provenance = field(default_factory=lambda: Provenance(actor="acc-1"))
    keys: str = "key"
    delegation: UUID = field(init=False)

    def __post_init__(self) -> None:
        self._keys = itertools.count(1)
        self.log = MemoryLog(self.now)
        facts = Facts(self.log, registry(*PRIVATE), "enrolment")
        sealer = Sealer(MemorySubjectKeys(), LocalKeks([bytes(range(32))]), clock=self.now)
        self.ctx = Context(
            facts, {STUDY: Versions.of(PROTOCOL)}, self.now, self.assessments, sealer, MemoryQuarantine()
        )

    def now(self) -> datetime:
        return datetime.combine(self.today, time(12), UTC)

    def call(self, key: str | None = None, if_match: int | None = None, request: str = "") -> Call:
        key = key or f"{self.keys}-{next(self._keys)}"
        return Call(CommandId(key, sha256(request.encode()).digest()), self.by, if_match)

    async def facts(self) -> list[Fact]:
        """Everything recorded, in order."""
        return [self.ctx.facts.envelope(event).fact for event in await self.log.read(0, 100_000)]

    async def history(self, subject: str) -> list[Envelope[Fact]]:
        return await self.ctx.facts.history(subject_stream(STUDY, subject))

    async def subject(self, subject: str) -> Subject:
        return (await self.ctx.facts.load(subject_stream(STUDY, subject), Subject(), evolve)).state

    async def activate(self, site: str = "01", on: date = OPENED) -> Outcome:
        for requirement in PROTOCOL.site_opening.requirements:
            await self.meet(requirement.code, on, site)
        return await self.activate_alone(site, on)

    async def activate_alone(self, site: str = "01", on: date = OPENED) -> Outcome:
        """On whatever is on the checklist."""
        cmd = ActivateSite(STUDY, site, "Centre 01", on, ("1.0", "1.1"))
        return await sites.activate_site(self.ctx, self.call(), cmd)

    async def meet(
        self, requirement: str, on: date, site: str = "01", version: str | None = PROTOCOL.protocol_version
    ) -> Outcome:
        cmd = MeetRequirement(STUDY, site, requirement, on, f"TMF-{requirement}", version)
        return await sites.meet_requirement(self.ctx, self.call(), cmd)

    async def pause(self, on: date, site: str = "01") -> Outcome:
        return await sites.pause(self.ctx, self.call(), PauseSite(STUDY, site, on), "the camera is out of order")

    async def resume(self, on: date, site: str = "01") -> Outcome:
        return await sites.resume(self.ctx, self.call(), ResumeSite(STUDY, site, on), "the camera is repaired")

    async def delegate(
        self,
        person: str = "acc-1",
        duty: Duty = Duty.RANDOMIZE,
        where: str = "01",
        on: date = OPENED,
        until: date | None = None,
    ) -> Outcome:
        """Entrust somebody with something. `delegation` is the last one."""
        cmd = DelegateDuty(STUDY, where, person, duty, on, until)
        outcome = await sites.delegate(self.ctx, self.call(), cmd)
        self.delegation = UUID(outcome.answer.body["recorded"][0]["event_id"])
        return outcome

    async def end_delegation(self, delegation: UUID, on: date) -> Outcome:
        return await sites.end_delegation(self.ctx, self.call(), EndDelegation(STUDY, "01", delegation, on))

    async def screen(self, site: str = "01", on: date = SCREENED, born: str = "1956-04", key: str | None = None) -> str:
        """The number that was issued."""
        cmd = ScreenSubject(STUDY, site, Sex.FEMALE, born, on)
        return subject_in(await subjects.screen(self.ctx, self.call(key), cmd))

    async def consent(self, subject: str, on: date = CONSENTED, version: str = "1.0") -> Outcome:
        cmd = SignConsent(STUDY, subject, version, on)
        return await subjects.record(self.ctx, self.call(), cmd)

    async def findings(self, subject: str, given: tuple[Submission, ...] | None = None) -> Outcome:
        cmd = RecordFindings(STUDY, subject, submissions() if given is None else given)
        return await subjects.record(self.ctx, self.call(), cmd)

    async def include(self, subject: str, on: date = INCLUDED, call: Call | None = None) -> Outcome:
        return await subjects.include(self.ctx, call or self.call(), IncludeSubject(STUDY, subject, on))

    async def cycle(self, subject: str, number: int, on: date, mbq: str = "7400", prescribed: str = "7400") -> Outcome:
        cmd = AdministerCycle(STUDY, subject, number, on, Decimal(prescribed), Decimal(mbq))
        return await subjects.administer_cycle(self.ctx, self.call(), cmd)

    async def end_run_in(self, subject: str, reason: RunInExit = RunInExit.TOXICITY, on: date = SCAN) -> Outcome:
        return await subjects.record(self.ctx, self.call(), EndRunIn(STUDY, subject, reason, on))

    async def alive(self, subject: str, on: date) -> Outcome:
        cmd = RecordSurvivalContact(STUDY, subject, on)
        return await subjects.record(self.ctx, self.call(), cmd)

    async def death(self, subject: str, on: date = REQUESTED) -> Outcome:
        cmd = RecordDeath(STUDY, subject, on, DeathCause.TUMOUR)
        return await subjects.record(self.ctx, self.call(), cmd)

    async def therapy(self, subject: str, on: date = REQUESTED) -> Outcome:
        cmd = StartNewTherapy(STUDY, subject, on, TherapyClass.EVEROLIMUS)
        return await subjects.record(self.ctx, self.call(), cmd)

    async def authorize(
        self, subject: str, call: Call | None = None, roles: tuple[str, ...] = ("randomizer",)
    ) -> Outcome:
        cmd = AuthorizeRandomization(STUDY, subject, Requester(self.by.actor, roles))
        return await gate.authorize_randomization(self.ctx, call or self.call(), cmd)

    async def screened(self) -> str:
        await self.activate()
        await self.delegate()
        return await self.screen()

    async def consented(self) -> str:
        subject = await self.screened()
        await self.consent(subject)
        return subject

    async def eligible(self) -> str:
        subject = await self.consented()
        await self.findings(subject)
        return subject

    async def included(self) -> str:
        subject = await self.eligible()
        await self.include(subject)
        return subject

    async def treated(self, response: Response | None = Response.SD) -> str:
        """Included, both cycles given, and assessment has this response."""
        subject = await self.included()
        await self.cycle(subject, 1, C1)
        await self.cycle(subject, 2, C2)
        self.assessments.answer = scan(response) if response else None
        return subject


def recorded(outcome: Outcome, index: int = 0) -> dict[str, Any]:
    """One of the facts in an answer."""
    fact: dict[str, Any] = outcome.answer.body["recorded"][index]["fact"]
    return fact


def subject_in(outcome: Outcome) -> str:
    """The subject that an answer is about."""
    number: str = recorded(outcome)["subject"]
    return number
