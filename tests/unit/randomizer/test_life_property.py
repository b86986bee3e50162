"""Whatever is asked in whatever order by whomever: what may never happen with an allocation does not."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from hypothesis import event, settings
from hypothesis import given as for_all
from hypothesis import strategies as st

from contracts.events.fact import Fact
from contracts.events.randomization import (
    AllocationActivated,
    AllocationClosed,
    AllocationLocked,
    ArmAllocated,
    CapChanged,
    CommitmentStamped,
    RecruitmentPaused,
    RecruitmentResumed,
    SubjectRandomized,
)
from services.chassis.refusal import Refused
from services.randomizer.domain import decide, life
from services.randomizer.domain.commands import ChangeCap
from services.randomizer.domain.configuration import Configuration, Weight
from services.randomizer.domain.draws import Words
from services.randomizer.domain.facts import AllocationDrafted, AllocationSigned, LockSigned, SeedRevealed
from services.randomizer.domain.state import GENESIS, INITIAL, Allocation, evolve

from .world import (
    SPONSOR,
    STATISTICIAN,
    STUDY,
    TODAY,
    activating,
    drafting,
    randomize,
    recorded,
    revelations,
    seed_of,
    signing,
    small,
    strata_of,
    subject,
    words_of,
)

PERSONS = (SPONSOR, STATISTICIAN, "sponsor-2")
BLOCKS = small()
COIN = {"study": STUDY, "arms": BLOCKS.arms, "factors": BLOCKS.factors}
HALF = {"measure": "range", "probability": "4/5", "weights": (Weight(factor="F1", weight="1"),)}
DESIGNS: Sequence[Configuration] = (
    BLOCKS,
    small(sizes=(2,)),
    Configuration(**COIN, strategy="stratified_big_stick", mti=2),
    Configuration(**COIN, strategy="minimization", **HALF),
    Configuration(**COIN, strategy="two_stage", mti=3, **HALF),
    Configuration(**COIN, strategy="complete"),
    small((2, 1), (3, 6)),
    small(factors=2),
)
STRATA = {config.sha256: strata_of(config) for config in DESIGNS}

Step = tuple[str, int, int]
"""What is asked, and two whole numbers that say by whom, for whom, under which design or text."""

ATOMS = ("draft", "sign", "activate", "cap", "pause", "resume", "close", "lock", "randomize")
STEPS = st.tuples(st.sampled_from((*ATOMS, "open", "open", *["randomize"] * 9)), st.integers(0, 40), st.integers(0, 7))


def opening(n: int, m: int) -> list[Step]:
    """The four steps that bring design `m` into force, which seldom come by chance; in some, something is wrong."""
    draft, one, two, activate = ("draft", 0, m), ("sign", 0, 9), ("sign", 1, 9), ("activate", 0, 1)
    match n % 8:
        case 0:
            return [draft, one, one, activate]  # one person alone
        case 1:
            return [draft, one, ("sign", 1, 2), activate]  # the second person read another text
        case 2:
            return [draft, one, draft, two, activate]  # they signed two versions
        case _:
            return [draft, one, two, activate]


@dataclass
class Run:
    """An allocation, its log by append, and every draw that was taken: whose commitment, which stratum, which one."""

    state: Allocation = INITIAL
    appends: list[tuple[str, list[Fact]]] = field(default_factory=list)
    drawn: list[tuple[str, str, int]] = field(default_factory=list)
    position: int = 0
    chain: str = GENESIS

    @property
    def log(self) -> list[Fact]:
        return [fact for _, facts in self.appends for fact in facts]

    def ask(self, step: Step) -> None:
        what, n, m = step
        if what == "open":
            for one in opening(n, m):
                self.ask(one)
            return
        person, taken = PERSONS[n % 3], []
        try:
            facts = self._decided(what, n, m, person, taken)
        except Refused:
            return
        for fact in facts:
            self.position += 1
            envelope = recorded(fact, self.position, person, self.chain)
            self.state, self.chain = evolve(self.state, envelope), envelope.chain
        self.appends.append((person, list(facts)))
        self.drawn += taken

    def _decided(self, what: str, n: int, m: int, person: str, taken: list) -> Sequence[Fact]:
        state, newest = self.state, max(self.state.drafts, default=1)
        match what:
            case "draft":
                return [life.draft(state, drafting(DESIGNS[m % len(DESIGNS)]))]
            case "sign":
                version = newest if m > 1 else newest - 1  # now and then an older one
                text = state.drafts[newest].configuration if newest in state.drafts and m != 2 else DESIGNS[0]
                return [life.sign(state, signing(version, text, person))]
            case "activate":
                version = newest if m > 0 or n < 20 else newest - 1
                text = state.drafts[version].configuration if version in state.drafts else BLOCKS
                return life.activate(state, activating(version, text, cap=12, seed=seed_of(version)))
            case "cap":
                return [decide.change_cap(state, ChangeCap(STUDY, 1 + n))]
            case "pause" | "resume" | "close":
                return [getattr(life, what)(state, STUDY, TODAY)]
            case "lock":
                revealed = revelations(state) if life.lockable(state, person) else ()
                return life.sign_lock(state, STUDY, person, TODAY, revealed)
            case _:
                config = state.configuration or BLOCKS
                strata = STRATA[config.sha256]
                asked = randomize(subject(1 + n), strata[m % len(strata)])
                return decide.randomize(state, asked, self._watched(config, taken))

    def _watched(self, config: Configuration, taken: list) -> Words:
        if self.state.activation is None:
            return words_of(config)
        activation = self.state.activation
        words = words_of(config, seed_of(activation.version))

        def word(stratum: str, counter: int) -> int:
            taken.append((activation.fact.commitment, stratum, counter))
            return words(stratum, counter)

        return word


@settings(deadline=None, max_examples=150)
@for_all(st.lists(STEPS, min_size=20, max_size=70))
def test_no_order_of_commands_breaks_what_holds_for_every_allocation(steps: list[Step]) -> None:
    run = Run()
    arms: dict[str, str] = {}
    for step in steps:
        run.ask(step)
        now = {one.subject: one.arm for one in run.state.randomized.values()}
        assert arms.items() <= now.items(), "nobody's arm changes, nobody is taken back"
        assert len(now) <= run.state.cap
        arms = now
    event(f"{len(arms) // 5 * 5} and more randomized under {len(run.state.activations)} versions")
    every_allocation_rests_on_two_persons_and_a_stamp(run)
    no_draw_is_taken_twice(run)
    the_cap_is_the_sponsors(run)
    closed_is_closed(run)
    seeds_are_told_at_the_lock_alone(run)
    told = {fact.subject: fact.arm for fact in run.log if isinstance(fact, ArmAllocated)}
    assert told == arms, "as told, so kept"


def every_allocation_rests_on_two_persons_and_a_stamp(run: Run) -> None:
    """Read from the log alone, with nothing of the state: who signed what, and what was in force."""
    texts: dict[int, str] = {}
    signed: dict[tuple[int, str], set[str]] = {}
    in_force = stamped = None
    numbers = 0
    for person, facts in run.appends:
        for fact in facts:
            match fact:
                case AllocationDrafted():
                    assert fact.version not in texts
                    texts[fact.version] = fact.configuration.sha256
                case AllocationSigned():
                    signed.setdefault((fact.version, fact.configuration_sha256), set()).add(person)
                case AllocationActivated():
                    assert len(signed[fact.version, fact.configuration_sha256]) >= 2
                    assert texts[fact.version] == fact.configuration_sha256
                    in_force, stamped = fact, None
                case CommitmentStamped():
                    assert in_force is not None
                    assert fact.commitment == in_force.commitment
                    stamped = fact
                case SubjectRandomized():
                    numbers += 1
                    assert in_force is not None
                    assert stamped is not None, "the stamp is there before the first subject"
                    assert fact.configuration_sha256 == in_force.configuration_sha256
                    assert fact.randomization_number == numbers


def no_draw_is_taken_twice(run: Run) -> None:
    assert len(run.drawn) == len(set(run.drawn))


def the_cap_is_the_sponsors(run: Run) -> None:
    cap = 0
    for fact in run.log:
        if isinstance(fact, AllocationActivated):
            assert fact.cap == (cap or 12), "an amendment takes over what was"
            cap = fact.cap
        elif isinstance(fact, CapChanged):
            cap = fact.cap
    assert run.state.cap == cap


def closed_is_closed(run: Run) -> None:
    last = (
        AllocationActivated,
        SubjectRandomized,
        CapChanged,
        RecruitmentPaused,
        RecruitmentResumed,
        AllocationDrafted,
    )
    closed = [n for n, fact in enumerate(run.log) if isinstance(fact, AllocationClosed)]
    assert len(closed) <= 1
    open_until = run.log[: closed[0]] if closed else run.log
    assert not [fact for fact in open_until if isinstance(fact, LockSigned | AllocationLocked)]
    if closed:
        assert not [fact for fact in run.log[closed[0] :] if isinstance(fact, last)]


def seeds_are_told_at_the_lock_alone(run: Run) -> None:
    hidden = [seed_of(one.version).exposed()[:32].hex() for one in run.state.activations]
    lockers: list[str] = []
    for person, facts in run.appends:
        if any(isinstance(fact, SeedRevealed) for fact in facts):
            assert isinstance(facts[-1], AllocationLocked)
        elif not any(isinstance(fact, AllocationLocked) for fact in facts):
            assert not any(seed in fact.model_dump_json() for fact in facts for seed in hidden)
        if any(isinstance(fact, LockSigned) for fact in facts):
            lockers.append(person)
    assert len(set(lockers)) == len(lockers) <= 2
    assert any(isinstance(fact, AllocationLocked) for fact in run.log) is (len(lockers) == 2)


def test_versions_and_their_facts_come_in_order() -> None:
    run = Run()
    for step in [("open", 7, 0), ("randomize", 0, 0), ("open", 7, 2), ("randomize", 1, 0), ("open", 7, 3)]:
        run.ask(step)
    assert [one.version for one in run.state.activations] == [1, 2, 3]
    assert all(before.fact.commitment != after.fact.commitment for before, after in pairwise(run.state.activations))
    by_seed = {commitment: [n for seed, _, n in run.drawn if seed == commitment] for commitment, _, _ in run.drawn}
    assert len(by_seed) == 2
    assert all(counters == list(range(len(counters))) for counters in by_seed.values()), "each from its first draw on"
