"""Versions: a site works by the one it has adopted, from a day on; its subjects sign what replaces their consent."""

from collections.abc import Callable
from datetime import date, timedelta

import pytest

from contracts.events.course import AmendmentAdopted, ConsentVersionApproved
from contracts.events.enrolment import ConsentSigned, EligibilityAssessed, SiteActivated, SiteRequirementMet
from contracts.events.fact import Fact
from contracts.protocol.versions import Versions
from contracts.vocabulary.course import WithdrawalScope
from services.chassis.unavailable import Unavailable
from services.enrolment.domain import amendments, refusals
from services.enrolment.domain.amendments import AdoptAmendment, ApproveConsentVersion
from services.enrolment.domain.opening import Unmet, checklist
from services.enrolment.domain.reconsent import ConsentDue, consent_due
from services.enrolment.domain.records import Consent, Death, Withdrawal
from services.enrolment.domain.site import Site, evolve_site
from services.enrolment.domain.state import Subject
from services.enrolment.handlers import sites
from services.enrolment.handlers.context import Context
from tests.unit.given import Given, event_id, given, refused
from tests.unit.protocol.test_versions import version

from .world import CONSENTED, INCLUDED, OPENED, PROTOCOL, SCREENED, STUDY, World, recorded, submissions

DAY = timedelta(days=1)
WHERE = {"study": STUDY, "site": "01"}
ACTIVE = SiteActivated(**WHERE, name="Centre 01", activated_on=OPENED, consent_versions=("1.0", "1.1"))
STRICTER = version(
    "a1",
    "paper-2022",
    ('criteria_version: "1.0"', 'criteria_version: "1.1"'),
    ("right: {number: 8, unit: g/dL}", "right: {number: 13, unit: g/dL}"),
)
LAST = version("a2", "a1")
LINE = Versions((PROTOCOL, STRICTER, LAST))
EFFECTIVE = date(2022, 6, 1)


def approval(of: str, on: date = OPENED) -> SiteRequirementMet:
    return SiteRequirementMet(**WHERE, requirement="ETHICS_APPROVAL", met_on=on, reference="TMF-1", version=of)


def adopted(protocol: str, on: date) -> AmendmentAdopted:
    one = LINE.named(protocol)
    assert one is not None
    return AmendmentAdopted(
        **WHERE,
        protocol_version=protocol,
        criteria_version=one.criteria_version,
        protocol_sha256=one.sha256,
        effective_on=on,
    )


def site(*facts: Fact) -> Given[Site]:
    return given(Site(), evolve_site, *facts)


def adopt(protocol: str = "a1", on: date = EFFECTIVE) -> Callable[[Site], Fact]:
    return lambda where: amendments.adopt(where, LINE, AdoptAmendment(STUDY, "01", protocol, on))


def approve(name: str, on: date = EFFECTIVE, by: date | None = None) -> Callable[[Site], Fact]:
    return lambda where: amendments.approve_consent(where, ApproveConsentVersion(STUDY, "01", name, on, by))


class TestAdoption:
    def test_a_version_is_adopted_from_a_day_on_that_may_lie_ahead(self) -> None:
        for on in (OPENED, EFFECTIVE, date(2099, 1, 1)):
            site(ACTIVE, approval("a1")).when(adopt(on=on)).then(adopted("a1", on))

    def test_its_approval_must_be_on_the_checklist_of_the_site_by_that_day(self) -> None:
        for there, why in (
            ((), Unmet.NOT_RECORDED),
            ((approval("paper-2022"),), Unmet.OTHER_PROTOCOL_VERSION),
            ((approval("a1", EFFECTIVE + DAY),), Unmet.MET_LATER),
        ):
            missing = [{"requirement": "ETHICS_APPROVAL", "why": why}]
            site(ACTIVE, *there).when(adopt()).then_refused(refusals.versions.AMENDMENT_NOT_APPROVED, missing=missing)
        site(ACTIVE, approval("a1", EFFECTIVE)).when(adopt()).then(adopted("a1", EFFECTIVE))

    def test_the_approval_of_a_still_later_version_takes_none_away(self) -> None:
        state = site(ACTIVE, approval("paper-2022"), approval("a1"), approval("a2"))
        state.when(adopt()).then(adopted("a1", EFFECTIVE))
        assert {p.unmet for p in checklist(PROTOCOL, state.state, OPENED) if p.requirement.of_protocol_version} == {
            None
        }

    def test_versions_are_adopted_in_their_order_and_one_may_be_left_out(self) -> None:
        both = (ACTIVE, approval("a1"), approval("a2"))
        site(*both).when(adopt("paper-2022")).then_refused(refusals.versions.NOT_A_LATER_VERSION, later=["a1", "a2"])
        site(*both).when(adopt("a2")).then(adopted("a2", EFFECTIVE))
        for again in ("a1", "a2"):
            site(*both, adopted("a2", EFFECTIVE)).when(adopt(again, EFFECTIVE + DAY)).then_refused(
                refusals.versions.NOT_A_LATER_VERSION, protocol_version="a2", later=[]
            )

    def test_a_version_takes_effect_no_earlier_than_the_one_before_it(self) -> None:
        there = site(ACTIVE, approval("a1"), approval("a2"), adopted("a1", EFFECTIVE))
        there.when(adopt("a2", EFFECTIVE - DAY)).then_refused(refusals.versions.VERSION_OUT_OF_ORDER, since=EFFECTIVE)
        there.when(adopt("a2", EFFECTIVE)).then(adopted("a2", EFFECTIVE))

    def test_what_is_no_version_and_no_site_is_refused(self) -> None:
        site(ACTIVE).when(adopt("a9")).then_refused(
            refusals.versions.UNKNOWN_PROTOCOL_VERSION, versions=["paper-2022", "a1", "a2"]
        )
        site().when(adopt()).then_refused(refusals.common.UNKNOWN_SITE)

    @pytest.mark.parametrize(("day", "in_force"), [
        (EFFECTIVE - DAY, None), (EFFECTIVE, "a1"), (EFFECTIVE + 9 * DAY, "a1"), (EFFECTIVE + 10 * DAY, "a2"),
    ])  # fmt: skip
    def test_the_version_in_force_is_that_of_the_day(self, day: date, in_force: str | None) -> None:
        state = site(ACTIVE, adopted("a1", EFFECTIVE), adopted("a2", EFFECTIVE + 10 * DAY)).state
        assert state.version_on(day) == in_force

    def test_of_two_that_take_effect_on_one_day_the_later_is_in_force(self) -> None:
        assert site(ACTIVE, adopted("a1", EFFECTIVE), adopted("a2", EFFECTIVE)).state.version_on(EFFECTIVE) == "a2"


class TestGates:
    """Hb 12.4 g/dL passes the first version (above 8) and not the amended one (above 13)."""

    @pytest.fixture
    async def world(self) -> World:
        world = World()
        world.ctx = Context(
            world.ctx.facts, {STUDY: LINE}, world.now, world.assessments, world.ctx.sealer, world.ctx.quarantine
        )
        return world

    async def _adopted(self, world: World, on: date) -> str:
        subject = await world.eligible()
        await world.meet("ETHICS_APPROVAL", OPENED, version="a1")
        cmd = AdoptAmendment(STUDY, "01", "a1", on)
        await sites.adopt_amendment(world.ctx, world.call(), cmd)
        return subject

    async def test_gate_1_goes_by_the_version_in_force_on_the_day_of_inclusion(self, world: World) -> None:
        subject = await self._adopted(world, INCLUDED + DAY)
        assert recorded(await world.include(subject, INCLUDED))["criteria_version"] == "1.0"

    async def test_from_its_first_day_on_the_amended_criteria_decide(self, world: World) -> None:
        subject = await self._adopted(world, INCLUDED)
        caught = await refused(world.include(subject, INCLUDED), refusals.gates.NOT_ELIGIBLE)
        assert [row["criterion"] for row in caught.detail["rows"]] == ["I13"]
        (assessed,) = [fact for fact in await world.facts() if isinstance(fact, EligibilityAssessed)]
        assert (assessed.criteria_version, assessed.protocol_sha256) == ("1.1", STRICTER.sha256)

    async def test_another_site_goes_on_with_the_version_that_it_has(self, world: World) -> None:
        await self._adopted(world, INCLUDED)
        await world.activate("02")
        there = await world.screen("02")
        await world.consent(there)
        await world.findings(there, submissions())
        assert recorded(await world.include(there))["criteria_version"] == "1.0"

    async def test_an_inclusion_under_the_first_version_stands_and_gate_2_goes_by_the_second(
        self, world: World
    ) -> None:
        subject = await world.treated()
        await world.meet("ETHICS_APPROVAL", OPENED, version="a1")
        await sites.adopt_amendment(world.ctx, world.call(), AdoptAmendment(STUDY, "01", "a1", world.today))
        authorized = recorded(await world.authorize(subject))
        assert (authorized["criteria_version"], authorized["protocol_sha256"]) == ("1.1", STRICTER.sha256)
        assert authorized["inclusion_assessment"] is not None

    async def test_a_site_whose_version_is_not_loaded_decides_nothing_by_another_one(self, world: World) -> None:
        subject = await self._adopted(world, INCLUDED)
        world.ctx.protocols[STUDY] = Versions.of(PROTOCOL)  # type: ignore[index]
        with pytest.raises(Unavailable, match="version a1"):
            await world.include(subject)

    async def test_a_site_can_be_opened_under_a_later_version(self, world: World) -> None:
        for requirement in PROTOCOL.site_opening.requirements:
            await world.meet(requirement.code, OPENED, version="a1" if requirement.of_protocol_version else None)
        await refused(world.activate_alone(), refusals.sites.SITE_NOT_READY)
        await sites.adopt_amendment(world.ctx, world.call(), AdoptAmendment(STUDY, "01", "a1", OPENED))
        assert recorded(await world.activate_alone())["site"] == "01"


class TestConsentVersions:
    def test_a_version_is_approved_once_and_in_order(self) -> None:
        approved = ConsentVersionApproved(**WHERE, version="2.0", approved_from=EFFECTIVE, reconsent_by=EFFECTIVE + DAY)
        site(ACTIVE).when(approve("2.0", by=EFFECTIVE + DAY)).then(approved)
        site(ACTIVE).when(approve("1.1")).then_refused(refusals.versions.CONSENT_VERSION_KNOWN)
        site(ACTIVE, approved).when(approve("2.0")).then_refused(refusals.versions.CONSENT_VERSION_KNOWN)
        site(ACTIVE, approved).when(approve("2.1", EFFECTIVE - DAY)).then_refused(
            refusals.versions.VERSION_OUT_OF_ORDER, since=EFFECTIVE
        )
        site(ACTIVE).when(approve("2.0", OPENED - DAY)).then_refused(
            refusals.versions.VERSION_OUT_OF_ORDER, since=OPENED
        )
        site(ACTIVE).when(approve("2.0", by=EFFECTIVE - DAY)).then_refused(refusals.versions.RECONSENT_REVERSED)
        site(approval("a1")).when(approve("2.0")).then_refused(refusals.common.UNKNOWN_SITE)

    def test_one_that_replaces_the_others_is_the_only_one_that_is_signed_from_then_on(self) -> None:
        beside = ConsentVersionApproved(**WHERE, version="2.0", approved_from=EFFECTIVE)
        instead = ConsentVersionApproved(
            **WHERE, version="3.0", approved_from=EFFECTIVE + 9 * DAY, reconsent_by=EFFECTIVE + 99 * DAY
        )
        state = site(ACTIVE, beside, instead).state
        assert state.consents_on(OPENED - DAY) == ()
        assert state.consents_on(EFFECTIVE - DAY) == ("1.0", "1.1")
        assert state.consents_on(EFFECTIVE) == ("1.0", "1.1", "2.0")
        assert state.consents_on(EFFECTIVE + 9 * DAY) == ("3.0",)


class TestReconsent:
    async def _with(self, name: str, on: date, by: date | None, world: World) -> str:
        subject = await world.consented()
        await sites.approve_consent(world.ctx, world.call(), ApproveConsentVersion(STUDY, "01", name, on, by))
        return subject

    async def test_a_later_version_is_signed_beside_the_earlier_one_which_stands(self) -> None:
        world = World()
        subject = await self._with("2.0", INCLUDED, None, world)
        await world.consent(subject, INCLUDED, "2.0")
        signed = [fact for fact in await world.facts() if isinstance(fact, ConsentSigned)]
        assert [(one.version, one.signed_on) for one in signed] == [("1.0", CONSENTED), ("2.0", INCLUDED)]
        await world.findings(subject)
        await world.include(subject, INCLUDED - DAY)  # under the consent of that day
        assert (await world.subject(subject)).consent_on(INCLUDED - DAY) == (await world.subject(subject)).consents[0]

    async def test_no_version_is_signed_twice_before_its_day_or_back_in_order(self) -> None:
        world = World()
        subject = await self._with("2.0", INCLUDED, None, world)
        await refused(world.consent(subject, INCLUDED, "1.0"), refusals.entry.CONSENT_ALREADY_SIGNED)
        await refused(world.consent(subject, INCLUDED - DAY, "2.0"), refusals.entry.CONSENT_VERSION_NOT_APPROVED)
        await world.consent(subject, INCLUDED, "2.0")
        await refused(world.consent(subject, INCLUDED + DAY, "1.1"), refusals.entry.CONSENT_OUT_OF_ORDER)

    async def test_a_signature_is_not_dated_before_the_last_one(self) -> None:
        world = World()
        subject = await world.screened()
        await world.consent(subject, CONSENTED + DAY, "1.0")
        await refused(world.consent(subject, CONSENTED, "1.1"), refusals.entry.CONSENT_OUT_OF_ORDER)
        await world.consent(subject, CONSENTED + DAY, "1.1")

    async def test_nobody_enters_under_a_version_that_was_replaced(self) -> None:
        world = World()
        await world.activate()
        await sites.approve_consent(
            world.ctx, world.call(), ApproveConsentVersion(STUDY, "01", "2.0", SCREENED, SCREENED + 30 * DAY)
        )
        subject = await world.screen()
        caught = await refused(world.consent(subject, SCREENED, "1.0"), refusals.entry.CONSENT_VERSION_NOT_APPROVED)
        assert caught.detail["approved"] == ["2.0"]
        await world.consent(subject, SCREENED, "2.0")


SIGNED = Consent("1.0", CONSENTED, event_id(1))


class TestWhoSignsAgain:
    STATE = site(
        ACTIVE,
        ConsentVersionApproved(**WHERE, version="2.0", approved_from=EFFECTIVE, reconsent_by=EFFECTIVE + 30 * DAY),
        ConsentVersionApproved(
            **WHERE, version="3.0", approved_from=EFFECTIVE + 20 * DAY, reconsent_by=EFFECTIVE + 60 * DAY
        ),
    ).state

    @pytest.mark.parametrize(("days", "due"), [
        (-1, None),
        (0, ("2.0", 30, False)),
        (19, ("2.0", 30, False)),
        (20, ("3.0", 30, False)),  # the later version moves no deadline
        (30, ("3.0", 30, False)),
        (31, ("3.0", 30, True)),
    ])  # fmt: skip
    def test_the_newest_version_by_the_earliest_of_the_days(self, days: int, due: tuple[str, int, bool] | None) -> None:
        found = consent_due(Subject(consents=(SIGNED,)), self.STATE, EFFECTIVE + days * DAY)
        assert found == (ConsentDue(SIGNED, due[0], EFFECTIVE + due[1] * DAY, due[2]) if due else None)

    def test_whoever_has_signed_it_is_done_from_that_day_on(self) -> None:
        again = Consent("2.0", EFFECTIVE + 5 * DAY, event_id(2))
        subject = Subject(consents=(SIGNED, again))
        assert consent_due(subject, self.STATE, EFFECTIVE + 4 * DAY) is not None
        assert consent_due(subject, self.STATE, EFFECTIVE + 5 * DAY) is None
        third = consent_due(subject, self.STATE, EFFECTIVE + 20 * DAY)
        assert third is not None
        assert (third.version, third.due_by) == ("3.0", EFFECTIVE + 60 * DAY)

    def test_nothing_is_due_of_who_has_signed_nothing_died_or_withdrew_from_follow_up(self) -> None:
        on = EFFECTIVE + DAY
        gone = (
            Subject(),
            Subject(consents=(SIGNED,), death=Death(on, None)),  # type: ignore[arg-type]
            Subject(consents=(SIGNED,), not_included_on=on),
            Subject(consents=(SIGNED,), withdrawals=(Withdrawal(WithdrawalScope.FOLLOW_UP, on, event_id(3)),)),
        )
        assert [consent_due(subject, self.STATE, on) for subject in gone] == [None] * len(gone)
        still = Subject(consents=(SIGNED,), withdrawals=(Withdrawal(WithdrawalScope.TREATMENT, on, event_id(3)),))
        assert consent_due(still, self.STATE, on) is not None
