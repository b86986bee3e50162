"""A site: what must be there before it opens, what its pauses close, whom it entrusts with what and until when."""

from collections.abc import Callable
from datetime import date, timedelta
from uuid import UUID

import pytest
from hypothesis import given as forall
from hypothesis import strategies as st

from contracts.events.enrolment import (
    DelegationEnded,
    DutyDelegated,
    SiteActivated,
    SitePaused,
    SiteRequirementMet,
    SiteResumed,
)
from contracts.events.fact import Fact
from contracts.vocabulary.clinical import Sex
from contracts.vocabulary.duties import Duty
from services.chassis.refusal import Refusal, Refused
from services.enrolment.domain import delegations, opening, refusals
from services.enrolment.domain.delegations import DelegateDuty, EndDelegation
from services.enrolment.domain.opening import ActivateSite, MeetRequirement, PauseSite, ResumeSite, Unmet
from services.enrolment.domain.site import Site, evolve_site
from services.enrolment.domain.subject.entry import ScreenSubject, SignConsent
from services.enrolment.domain.subject.entry import screen as enter
from tests.unit.given import Given, event_id
from tests.unit.given import given as folded

from .test_decide import CONSENT, SCREENING, asked
from .test_decide import given as subject
from .world import OPENED, PROTOCOL, STUDY

TODAY = date(2022, 12, 1)
DAY = timedelta(days=1)
LATER = TODAY + DAY
CODES = ("CONTRACT", "ETHICS_APPROVAL", "TRAINING", "TEST_RANDOMIZATION")
WHERE = {"study": STUDY, "site": "01"}


def site(*facts: Fact) -> Given[Site]:
    return folded(Site(), evolve_site, *facts)


def met(requirement: str, on: date = OPENED, version: str | None = "paper-2022") -> SiteRequirementMet:
    return SiteRequirementMet(**WHERE, requirement=requirement, met_on=on, reference="TMF-1", version=version)


READY = tuple(met(code) for code in CODES)
ACTIVE = SiteActivated(**WHERE, name="Centre 01", activated_on=OPENED, consent_versions=("1.0",))
OPEN = (*READY, ACTIVE)


def activate(on: date = OPENED) -> Callable[[Site], Fact]:
    cmd = ActivateSite(STUDY, "01", "Centre 01", on, ("1.0",))
    return lambda where: opening.activate(where, PROTOCOL, cmd, TODAY)


def meet(requirement: str, on: date = OPENED, version: str | None = "paper-2022") -> Callable[[Site], Fact]:
    cmd = MeetRequirement(STUDY, "01", requirement, on, "TMF-1", version)
    return lambda _: opening.meet(PROTOCOL, cmd, TODAY)


def pause(on: date) -> Callable[[Site], Fact]:
    return lambda where: opening.pause(where, PauseSite(STUDY, "01", on), TODAY)


def resume(on: date) -> Callable[[Site], Fact]:
    return lambda where: opening.resume(where, ResumeSite(STUDY, "01", on), TODAY)


def screen(on: date) -> Callable[[Site], tuple[Fact, ...]]:
    return lambda where: enter(where, ScreenSubject(STUDY, "01", Sex.FEMALE, "1956-04", on), TODAY)


def delegate(
    on: date = OPENED, until: date | None = None, person: str = "acc-1", duty: Duty = Duty.RANDOMIZE
) -> Callable[[Site], Fact]:
    return lambda where: delegations.delegate(where, DelegateDuty(STUDY, "01", person, duty, on, until), TODAY)


def delegated(on: date = OPENED, until: date | None = None, person: str = "acc-1") -> DutyDelegated:
    return DutyDelegated(**WHERE, person=person, duty=Duty.RANDOMIZE, from_on=on, until_on=until)


FIRST = event_id(len(OPEN) + 1)  # the delegation that comes after OPEN


def end(on: date, delegation: UUID = FIRST) -> Callable[[Site], Fact]:
    return lambda where: delegations.end(where, EndDelegation(STUDY, "01", delegation, on), TODAY)


def ended(on: date, delegation: UUID = FIRST) -> DelegationEnded:
    return DelegationEnded(**WHERE, delegation=delegation, ended_on=on)


class TestOpening:
    def test_the_protocol_file_says_what_a_site_needs(self) -> None:
        assert tuple(needed.code for needed in PROTOCOL.site_opening.requirements) == CODES
        of_version = [needed.code for needed in PROTOCOL.site_opening.requirements if needed.of_protocol_version]
        assert of_version == ["ETHICS_APPROVAL"]

    def test_a_site_that_has_everything_is_activated_once(self) -> None:
        site(*READY).when(activate()).then(ACTIVE)
        site(*OPEN).when(activate()).then_refused(refusals.sites.SITE_ALREADY_ACTIVE, activated_on=OPENED)

    def test_a_site_is_not_activated_in_the_future(self) -> None:
        site(*READY).when(activate(LATER)).then_refused(refusals.common.IN_THE_FUTURE, field="activated_on")

    @pytest.mark.parametrize("lacking", CODES)
    def test_each_requirement_that_was_not_recorded_keeps_the_site_closed_and_is_named(self, lacking: str) -> None:
        there = [fact for fact in READY if fact.requirement != lacking]
        missing = [{"requirement": lacking, "why": Unmet.NOT_RECORDED}]
        site(*there).when(activate()).then_refused(refusals.sites.SITE_NOT_READY, missing=missing)

    def test_all_that_is_missing_is_named_at_once_with_its_reason(self) -> None:
        late, other = met("TRAINING", OPENED + DAY), met("ETHICS_APPROVAL", version="paper-2021")
        site(met("CONTRACT"), late, other).when(activate()).then_refused(
            refusals.sites.SITE_NOT_READY,
            missing=[
                {"requirement": "ETHICS_APPROVAL", "why": Unmet.OTHER_PROTOCOL_VERSION},
                {"requirement": "TRAINING", "why": Unmet.MET_LATER},
                {"requirement": "TEST_RANDOMIZATION", "why": Unmet.NOT_RECORDED},
            ],
        )

    @pytest.mark.parametrize("code", CODES)
    def test_a_requirement_met_on_the_day_of_the_activation_counts_and_a_day_later_does_not(self, code: str) -> None:
        site(*READY, met(code, OPENED)).when(activate()).then(ACTIVE)
        site(*READY, met(code, OPENED + DAY)).when(activate()).then_refused(
            refusals.sites.SITE_NOT_READY, missing=[{"requirement": code, "why": Unmet.MET_LATER}]
        )
        assert site(*READY, met(code, OPENED + DAY)).when(activate(OPENED + DAY)).facts

    def test_the_latest_record_of_a_requirement_counts_whichever_way_it_corrects(self) -> None:
        wrong = met("ETHICS_APPROVAL", version="paper-2021")
        site(*READY, wrong).when(activate()).then_refused(refusals.sites.SITE_NOT_READY)
        site(wrong, *READY).when(activate()).then(ACTIVE)

    def test_an_approval_without_a_version_is_not_taken(self) -> None:
        site().when(meet("ETHICS_APPROVAL", version=None)).then_refused(
            refusals.sites.VERSION_NEEDED, protocol_version=PROTOCOL.protocol_version
        )
        site().when(meet("CONTRACT", version=None)).then(met("CONTRACT", version=None))

    def test_what_the_checklist_does_not_list_cannot_be_ticked_off(self) -> None:
        site().when(meet("GOODWILL")).then_refused(refusals.sites.UNKNOWN_REQUIREMENT, requirements=list(CODES))

    def test_nothing_is_met_tomorrow(self) -> None:
        site().when(meet("CONTRACT", TODAY)).then(met("CONTRACT", TODAY))
        site().when(meet("CONTRACT", LATER)).then_refused(refusals.common.IN_THE_FUTURE, field="met_on")

    def test_a_site_activated_before_there_was_a_checklist_is_open(self) -> None:
        before = SiteActivated.model_validate_json(
            '{"study": "RELUTH", "site": "01", "name": "C", "activated_on": "2022-01-10", "consent_versions": ["1.0"]}'
        )
        assert site(before).state.open_on(OPENED)
        points = opening.checklist(PROTOCOL, site(before).state, OPENED)
        assert {point.unmet for point in points} == {Unmet.NOT_RECORDED}


class TestPauses:
    PAUSED = SitePaused(**WHERE, paused_on=OPENED + 10 * DAY)
    RESUMED = SiteResumed(**WHERE, resumed_on=OPENED + 20 * DAY)

    def test_a_site_is_paused_and_resumed(self) -> None:
        site(*OPEN).when(pause(OPENED + 10 * DAY)).then(self.PAUSED)
        site(*OPEN, self.PAUSED).when(resume(OPENED + 20 * DAY)).then(self.RESUMED)

    @pytest.mark.parametrize(
        ("facts", "command", "refusal"),
        [
            ((), pause(TODAY), refusals.common.UNKNOWN_SITE),
            (READY, pause(TODAY), refusals.common.UNKNOWN_SITE),
            (OPEN, pause(LATER), refusals.common.IN_THE_FUTURE),
            (OPEN, pause(OPENED - DAY), refusals.sites.PAUSE_OUT_OF_ORDER),
            ((*OPEN, PAUSED), pause(TODAY), refusals.sites.SITE_PAUSED),
            ((*OPEN, PAUSED, RESUMED), pause(OPENED + 19 * DAY), refusals.sites.PAUSE_OUT_OF_ORDER),
            ((), resume(TODAY), refusals.common.UNKNOWN_SITE),
            (OPEN, resume(TODAY), refusals.sites.SITE_NOT_PAUSED),
            ((*OPEN, PAUSED, RESUMED), resume(TODAY), refusals.sites.SITE_NOT_PAUSED),
            ((*OPEN, PAUSED), resume(LATER), refusals.common.IN_THE_FUTURE),
            ((*OPEN, PAUSED), resume(OPENED + 9 * DAY), refusals.sites.PAUSE_OUT_OF_ORDER),
        ],
    )
    def test_what_is_no_pause_and_no_resumption(
        self, facts: tuple[Fact, ...], command: Callable[[Site], Fact], refusal: Refusal
    ) -> None:
        site(*facts).when(command).then_refused(refusal)

    def test_a_pause_closes_the_days_from_its_first_up_to_the_one_before_the_resumption(self) -> None:
        paused, both = site(*OPEN, self.PAUSED), site(*OPEN, self.PAUSED, self.RESUMED)
        for days, in_pause, afterwards in ((9, True, True), (10, False, False), (19, False, False), (20, False, True)):
            on = OPENED + days * DAY
            assert paused.state.open_on(on) is in_pause, days
            assert both.state.open_on(on) is afterwards, days
            assert (both.when(screen(on)).refused is None) is afterwards
        paused.when(screen(OPENED + 10 * DAY)).then_refused(refusals.sites.SITE_PAUSED, paused_on=OPENED + 10 * DAY)

    def test_a_second_pause_leaves_the_first_closed(self) -> None:
        again = SitePaused(**WHERE, paused_on=OPENED + 20 * DAY)
        state = site(*OPEN, self.PAUSED, self.RESUMED, again).state
        assert [state.open_on(OPENED + n * DAY) for n in (9, 10, 20, 30)] == [True, False, False, False]
        assert state.paused_since == OPENED + 20 * DAY

    def test_who_was_screened_before_a_pause_may_still_sign(self) -> None:
        paused = site(*OPEN, SitePaused(**WHERE, paused_on=OPENED)).state
        cmd = SignConsent(STUDY, "01-001", "1.0", CONSENT.signed_on)
        subject(SCREENING).when(asked(cmd, paused)).then(CONSENT)


class TestDelegations:
    def test_a_duty_is_entrusted_and_taken_back(self) -> None:
        site(*OPEN).when(delegate()).then(delegated())
        site(*OPEN, delegated()).when(end(TODAY)).then(ended(TODAY))

    @pytest.mark.parametrize(
        ("facts", "command", "refusal"),
        [
            ((), delegate(), refusals.common.UNKNOWN_SITE),
            (OPEN, delegate(LATER), refusals.common.IN_THE_FUTURE),
            (OPEN, delegate(TODAY, TODAY - DAY), refusals.delegations.DELEGATION_REVERSED),
            ((*OPEN, delegated()), delegate(TODAY), refusals.delegations.ALREADY_DELEGATED),
            ((*OPEN, delegated(TODAY)), delegate(OPENED), refusals.delegations.ALREADY_DELEGATED),
            ((*OPEN, delegated(TODAY)), delegate(OPENED, TODAY), refusals.delegations.ALREADY_DELEGATED),
            ((*OPEN, delegated(OPENED, TODAY)), delegate(TODAY), refusals.delegations.ALREADY_DELEGATED),
            ((), end(TODAY), refusals.common.UNKNOWN_SITE),
            (OPEN, end(TODAY), refusals.delegations.UNKNOWN_DELEGATION),
            ((*OPEN, delegated()), end(TODAY, event_id(1)), refusals.delegations.UNKNOWN_DELEGATION),
            ((*OPEN, delegated()), end(LATER), refusals.common.IN_THE_FUTURE),
            ((*OPEN, delegated()), end(OPENED - DAY), refusals.delegations.END_BEFORE_START),
            ((*OPEN, delegated(), ended(TODAY)), end(TODAY), refusals.delegations.DELEGATION_OVER),
            ((*OPEN, delegated(), ended(TODAY)), end(OPENED), refusals.delegations.DELEGATION_OVER),
            ((*OPEN, delegated(OPENED, TODAY - DAY)), end(TODAY), refusals.delegations.DELEGATION_OVER),
        ],
    )
    def test_what_is_no_delegation_and_no_end_of_one(
        self, facts: tuple[Fact, ...], command: Callable[[Site], Fact], refusal: Refusal
    ) -> None:
        site(*facts).when(command).then_refused(refusal)

    @pytest.mark.parametrize(
        ("facts", "command"),
        [
            (READY, delegate()),  # a site in preparation names its staff
            (OPEN, delegate(OPENED - 400 * DAY, OPENED)),  # the log on paper was first
            (OPEN, delegate(TODAY, TODAY)),
            (OPEN, delegate(TODAY, LATER)),
            ((*OPEN, delegated()), delegate(TODAY, person="acc-2")),
            ((*OPEN, delegated()), delegate(TODAY, duty=Duty.ENTER_DATA)),
            ((*OPEN, delegated(OPENED, TODAY - DAY)), delegate(TODAY)),
            ((*OPEN, delegated(TODAY)), delegate(OPENED, TODAY - DAY)),
            ((*OPEN, delegated(), ended(TODAY)), delegate(TODAY)),
            ((*OPEN, delegated(OPENED), ended(OPENED)), delegate(OPENED)),
            ((*OPEN, delegated(OPENED), ended(OPENED)), delegate(OPENED - DAY)),  # it was in force on no day
            ((*OPEN, delegated()), end(OPENED)),
            ((*OPEN, delegated(OPENED, TODAY)), end(TODAY)),
        ],
    )
    def test_what_is(self, facts: tuple[Fact, ...], command: Callable[[Site], Fact]) -> None:
        assert site(*facts).when(command).refused is None

    @pytest.mark.parametrize(
        ("facts", "days"),
        [
            ((delegated(OPENED + 2 * DAY),), {2, 3, 4, 5, 6}),
            ((delegated(OPENED + 2 * DAY, OPENED + 4 * DAY),), {2, 3, 4}),
            ((delegated(OPENED + 2 * DAY), ended(OPENED + 4 * DAY)), {2, 3}),
            ((delegated(OPENED + 2 * DAY), ended(OPENED + 2 * DAY)), set()),
            ((delegated(person="acc-2"),), set()),
        ],
    )
    def test_it_is_in_force_from_its_first_to_its_last_day_and_not_on_the_day_it_is_ended(
        self, facts: tuple[Fact, ...], days: set[int]
    ) -> None:
        state = site(*OPEN, *facts).state
        assert {n for n in range(7) if state.delegation("acc-1", Duty.RANDOMIZE, OPENED + n * DAY)} == days
        assert state.delegation("acc-1", Duty.ENTER_DATA, OPENED + 3 * DAY) is None

    @forall(st.data())
    def test_nobody_ever_has_one_duty_twice_on_a_day_and_what_is_ended_stays_ended(self, data: st.DataObject) -> None:
        """Whatever is asked for in whatever order: else the one would outlast the end of the other."""
        span = st.integers(0, 12)
        facts: list[Fact] = list(OPEN)
        for _ in range(data.draw(st.integers(1, 8))):
            known = site(*facts).state.delegations
            if known and data.draw(st.booleans()):
                command = end(OPENED + data.draw(span) * DAY, data.draw(st.sampled_from(known)).event_id)
            else:
                until = data.draw(st.none() | span)
                command = delegate(OPENED + data.draw(span) * DAY, None if until is None else OPENED + until * DAY)
            try:
                facts.append(command(site(*facts).state))
            except Refused:
                continue
        held = site(*facts).state.delegations
        for n in range(14):
            assert sum(one.in_force_on(OPENED + n * DAY) for one in held) <= 1
        for fact in facts:
            if isinstance(fact, DelegationEnded):
                (one,) = (d for d in held if d.event_id == fact.delegation)
                assert not any(one.in_force_on(fact.ended_on + n * DAY) for n in range(14))
