"""The small world of the randomizer's tests: a protocol, subjects, and given / when / then."""

import random
from base64 import b64encode
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import cached_property
from hashlib import sha256
from typing import Any
from uuid import UUID

import pytest

from contracts.events.enrolment import FactorLevel
from contracts.events.envelope import Envelope, Provenance
from contracts.events.fact import Fact
from contracts.events.randomization import ArmAllocated, StratumLevel
from contracts.protocol.load import load
from contracts.protocol.model import Protocol
from contracts.vocabulary.sealed import SealedText
from services.chassis.refusal import Refusal, Refused
from services.randomizer.domain import decide, life
from services.randomizer.domain.commands import (
    ActivateAllocation,
    Authorization,
    ChangeCap,
    DraftAllocation,
    Randomize,
    Revealed,
    SignDraft,
    Stamp,
)
from services.randomizer.domain.configuration import Arm, Configuration, Factor, configuration, stratum_key
from services.randomizer.domain.draws import SEED_BYTES, WORD_BITS, Seed, Words
from services.randomizer.domain.state import GENESIS, INITIAL, Allocation, evolve

RELUTH: Protocol = load()
CONFIGURATION = configuration(RELUTH)
STUDY = "RELUTH"
TODAY = date(2022, 3, 1)
SEED = Seed(bytes(range(32)), bytes(range(32, 64)))
SEALED = SealedText(key_id="allocation/RELUTH", nonce="AAAA", ciphertext="AAAA")
STRATUM = tuple(StratumLevel(factor=factor.id, level=factor.levels[0]) for factor in CONFIGURATION.factors)

SPONSOR, STATISTICIAN, RANDOMIZER = "sponsor-1", "statistician-1", "dr-7"


@dataclass(frozen=True)
class Opening:
    """The next version, drafted by the sponsor, signed by two persons and brought into force."""

    configuration: Configuration
    cap: int


@dataclass(frozen=True)
class By:
    """A command that needs no more than somebody who gives it."""

    what: str
    by: str = SPONSOR


PAUSE, RESUME, CLOSE = By("pause"), By("resume"), By("close")
SIGN_LOCK = (By("sign_lock", SPONSOR), By("sign_lock", STATISTICIAN))

Command = DraftAllocation | SignDraft | ActivateAllocation | Randomize | ChangeCap | By


def small(
    ratio: Sequence[int] = (1, 1), sizes: Sequence[int] = (4, 6), factors: int = 1, study: str = STUDY
) -> Configuration:
    """A configuration with arms A, B, ... in this ratio and this many two-level factors."""
    return Configuration(
        study=study,
        strategy="stratified_permuted_blocks",
        arms=tuple(Arm(code=chr(ord("A") + n), ratio=share) for n, share in enumerate(ratio)),
        factors=tuple(Factor(id=f"F{n + 1}", levels=("LOW", "HIGH")) for n in range(factors)),
        block_sizes=tuple(sizes),
    )


def strata_of(config: Configuration) -> list[tuple[StratumLevel, ...]]:
    """Every stratum of a configuration."""
    strata: list[tuple[StratumLevel, ...]] = [()]
    for factor in config.factors:
        strata = [(*one, StratumLevel(factor=factor.id, level=level)) for one in strata for level in factor.levels]
    return strata


def words_of(config: Configuration, seed: Seed = SEED) -> Words:
    """The draws of a configuration."""
    return seed.words(config.study, config.sha256)


def scripted(bounds: Sequence[int], values: Sequence[int]) -> Words:
    """Words that make the n-th draw that needs one, below `bounds[n]`, come out as `values[n]`."""

    def word(_: str, counter: int) -> int:
        return values[counter] << (WORD_BITS - (bounds[counter] - 1).bit_length())

    return word


def activation(config: Configuration = CONFIGURATION, cap: int = 146) -> Opening:
    return Opening(config, cap)


def drafting(config: Configuration = CONFIGURATION) -> DraftAllocation:
    return DraftAllocation(config, "paper-2022", RELUTH.sha256)


def signing(version: int = 1, config: Configuration = CONFIGURATION, by: str = SPONSOR, **changed: Any) -> SignDraft:
    return SignDraft(config.study, version, **{"configuration_sha256": config.sha256, "by": by, **changed})


def activating(
    version: int = 1, config: Configuration = CONFIGURATION, cap: int = 146, seed: Seed = SEED
) -> ActivateAllocation:
    commitment = seed.commitment(config.sha256)
    return ActivateAllocation(config.study, version, cap, RELUTH.sha256, SEALED, commitment, stamped(commitment), TODAY)


def stamped(commitment: str, at: datetime = datetime(2022, 3, 1, 8, tzinfo=UTC)) -> Stamp:
    """What the witness of the tests answers."""
    return Stamp("witness.test", False, at, b64encode(f"seen {commitment}".encode()).decode())


def steps(opening: Opening, version: int) -> tuple[Command, ...]:
    """What an opening consists of, once these versions were drafted."""
    config = opening.configuration
    return (
        drafting(config),
        signing(version, config, SPONSOR),
        signing(version, config, STATISTICIAN),
        activating(version, config, opening.cap, seed_of(version)),
    )


def seed_of(version: int) -> Seed:
    """The seed of a version, each another one: `SEED` for the first."""
    if version == 1:
        return SEED
    return Seed(*(sha256(f"{what} of version {version}".encode()).digest() for what in ("seed", "nonce")))


def authorization(subject: str, stratum: Sequence[StratumLevel] = STRATUM, **changed: Any) -> Authorization:
    ids = random.Random(subject)
    evidence = ("event_id", "consent", "inclusion_assessment", "tumour_assessment", "site_activation", "delegation")
    values: dict[str, Any] = {
        **{name: UUID(int=ids.getrandbits(128)) for name in evidence},
        "study": STUDY,
        "subject": subject,
        "authorized_on": TODAY,
        "criteria_version": RELUTH.criteria_version,
        "protocol_sha256": RELUTH.sha256,
        "strata": tuple(FactorLevel(factor=one.factor, level=one.level, inputs=()) for one in stratum),
        "requested_by": RANDOMIZER,
    }
    return Authorization(**{**values, **changed})


def randomize(subject: str, stratum: Sequence[StratumLevel] = STRATUM, **changed: Any) -> Randomize:
    study = changed.get("study", STUDY)
    return Randomize(
        study=study,
        subject=subject,
        authorization=authorization(subject, stratum, **changed),
        criteria_version=RELUTH.criteria_version,
        protocol_sha256=RELUTH.sha256,
        by=RANDOMIZER,
        today=TODAY,
    )


def subject(n: int, site: int = 1) -> str:
    return f"{site:02d}-{n:03d}"


@dataclass(frozen=True)
class Story:
    """An allocation and what happened to it. Without `words` each version draws from its own seed (`seed_of`)."""

    envelopes: tuple[Envelope[Fact], ...] = ()
    words: Words | None = None

    @cached_property
    def state(self) -> Allocation:
        state = INITIAL
        for envelope in self.envelopes:
            state = evolve(state, envelope)
        return state

    @property
    def facts(self) -> list[Fact]:
        return [envelope.fact for envelope in self.envelopes]

    @property
    def arms(self) -> dict[str, str]:
        return {e.fact.subject: e.fact.arm for e in self.envelopes if isinstance(e.fact, ArmAllocated)}

    @property
    def next_version(self) -> int:
        return max(self.state.drafts, default=0) + 1

    def decided(self, command: Command) -> list[Fact]:
        state = self.state
        match command:
            case DraftAllocation():
                return [life.draft(state, command)]
            case SignDraft():
                return [life.sign(state, command)]
            case ActivateAllocation():
                return list(life.activate(state, command))
            case ChangeCap():
                return [decide.change_cap(state, command)]
            case Randomize():
                return list(decide.randomize(state, command, self.draw(state)))
            case By(what="sign_lock"):
                revealed = revelations(state) if life.lockable(state, command.by) else ()
                return life.sign_lock(state, STUDY, command.by, TODAY, revealed)
            case By():
                return [getattr(life, command.what)(state, STUDY, TODAY)]

    def draw(self, state: Allocation) -> Words:
        config = state.configuration or CONFIGURATION
        seed = seed_of(state.activation.version) if state.activation is not None else SEED
        return self.words or words_of(config, seed)

    def and_then(self, command: Command | Opening) -> "Story":
        """The story once this command was accepted."""
        if isinstance(command, Opening):
            story = self
            for step in steps(command, self.next_version):
                story = story.and_then(step)
            return story
        return self.followed_by(self.decided(command), actor(command))

    def followed_by(self, facts: Sequence[Fact], by: str = RANDOMIZER) -> "Story":
        """The story with these facts at its end."""
        envelopes, state = self.envelopes, self.state
        for fact in facts:
            chain = envelopes[-1].chain if envelopes else GENESIS
            envelopes = (*envelopes, recorded(fact, len(envelopes) + 1, by, chain))
            state = evolve(state, envelopes[-1])
        story = Story(envelopes, self.words)
        vars(story)["state"] = state  # what it would fold from the start: long stories are told often
        return story

    def when(self, command: Command) -> "Then":
        return Then(lambda: self.decided(command))


def actor(command: Command) -> str:
    """Who gives a command: the sponsor where it does not say."""
    return command.by if isinstance(command, SignDraft | Randomize | By) else SPONSOR


def revelations(state: Allocation) -> list[Revealed]:
    """What the custodian opens for the lock."""
    told = []
    for one in state.activations:
        material = seed_of(one.version).exposed()
        told.append(
            Revealed(one.version, one.fact.commitment, material[:SEED_BYTES].hex(), material[SEED_BYTES:].hex())
        )
    return told


@dataclass(frozen=True)
class Then:
    """What a command leads to."""

    decide: Callable[[], list[Fact]]

    def then(self, *types: type[Fact]) -> list[Fact]:
        facts = self.decide()
        assert [type(fact) for fact in facts] == list(types)
        return facts

    def then_refused(self, refusal: Refusal, **detail: Any) -> None:
        with pytest.raises(Refused) as caught:
            self.decide()
        assert caught.value.refusal == refusal
        assert dict(caught.value.detail) == {**dict(caught.value.detail), **detail}


def recorded(fact: Fact, position: int, by: str = RANDOMIZER, chain: str = GENESIS) -> Envelope[Fact]:
    """A fact as the log keeps it: its hash goes on from `chain`, that of the fact before."""
    return Envelope(
        fact=fact,
        event_id=UUID(int=position),
        source="randomizer",
        stream="allocation-RELUTH",
        version=position,
        position=position,
        recorded_at=datetime(2022, 3, 1, 9, tzinfo=UTC) + timedelta(seconds=position),
        chain=sha256(f"{chain} {position} {fact.type_name} {fact.model_dump_json()}".encode()).hexdigest(),
        provenance=Provenance(actor=by),
    )


def given(*commands: Command | Opening, words: Words | None = None) -> Story:
    """A story so far, told in the commands that were accepted."""
    story = Story(words=words)
    for command in commands:
        story = story.and_then(command)
    return story


def trial(config: Configuration, order: Sequence[tuple[StratumLevel, ...]], words: Words | None = None) -> Story:
    """Subjects of these strata, randomized in this order."""
    story = given(activation(config, cap=10_000), words=words)
    for n, stratum in enumerate(order, start=1):
        story = story.and_then(randomize(subject(n), stratum, study=config.study))
    return story


def counts(story: Story, upto: int | None = None) -> dict[str, dict[str, int]]:
    """Subjects per stratum and arm after the first `upto` of them."""
    state, result = story.state, {}
    for one in list(state.randomized.values())[:upto]:
        cell = result.setdefault(stratum_key(one.stratum), {})
        cell[str(one.arm)] = cell.get(str(one.arm), 0) + 1
    return result
