"""The small world of the randomizer's tests: a protocol, subjects, and given / when / then."""

import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

import pytest

from contracts.events.envelope import Envelope, Provenance
from contracts.events.fact import Fact
from contracts.events.randomization import ArmAllocated, StratumLevel
from contracts.protocol.load import load
from contracts.protocol.model import Protocol
from contracts.vocabulary.sealed import SealedText
from services.chassis.refusal import Refusal, Refused
from services.randomizer.domain import decide
from services.randomizer.domain.commands import ActivateAllocation, Authorization, ChangeCap, Randomize
from services.randomizer.domain.configuration import Arm, Configuration, Factor, configuration, stratum_key
from services.randomizer.domain.draws import WORD_BITS, Seed, Words
from services.randomizer.domain.state import INITIAL, Allocation, evolve

RELUTH: Protocol = load()
CONFIGURATION = configuration(RELUTH)
STUDY = "RELUTH"
TODAY = date(2022, 3, 1)
SEED = Seed(bytes(range(32)), bytes(range(32, 64)))
SEALED = SealedText(key_id="allocation/RELUTH", nonce="AAAA", ciphertext="AAAA")
STRATUM = tuple(StratumLevel(factor=factor.id, level=factor.levels[0]) for factor in CONFIGURATION.factors)

Command = ActivateAllocation | Randomize | ChangeCap


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


def activation(config: Configuration = CONFIGURATION, cap: int = 146) -> ActivateAllocation:
    return ActivateAllocation(
        study=config.study,
        configuration=config,
        protocol_version="paper-2022",
        protocol_sha256=RELUTH.sha256,
        cap=cap,
        sealed=SEALED,
        commitment=SEED.commitment(config.sha256),
        today=TODAY,
    )


def authorization(subject: str, stratum: Sequence[StratumLevel] = STRATUM, **changed: Any) -> Authorization:
    values: dict[str, Any] = {
        "event_id": UUID(int=random.Random(subject).getrandbits(128)),
        "study": STUDY,
        "subject": subject,
        "authorized_on": TODAY,
        "criteria_version": RELUTH.criteria_version,
        "strata": tuple(stratum),
    }
    return Authorization(**{**values, **changed})


def randomize(subject: str, stratum: Sequence[StratumLevel] = STRATUM, **changed: Any) -> Randomize:
    study = changed.get("study", STUDY)
    return Randomize(
        study=study,
        subject=subject,
        authorization=authorization(subject, stratum, **changed),
        criteria_version=RELUTH.criteria_version,
        today=TODAY,
    )


def subject(n: int, site: int = 1) -> str:
    return f"{site:02d}-{n:03d}"


@dataclass(frozen=True)
class Story:
    """An allocation and what happened to it."""

    envelopes: tuple[Envelope[Fact], ...] = ()
    words: Words | None = None

    @property
    def state(self) -> Allocation:
        state = INITIAL
        for envelope in self.envelopes:
            state = evolve(state, envelope)
        return state

    @property
    def arms(self) -> dict[str, str]:
        return {e.fact.subject: e.fact.arm for e in self.envelopes if isinstance(e.fact, ArmAllocated)}

    def decided(self, command: Command) -> list[Fact]:
        match command:
            case ActivateAllocation():
                return list(decide.activate(self.state, command))
            case ChangeCap():
                return [decide.change_cap(self.state, command)]
            case Randomize():
                config = self.state.configuration or CONFIGURATION
                return list(decide.randomize(self.state, command, self.words or words_of(config)))

    def and_then(self, command: Command) -> "Story":
        """The story once this command was accepted."""
        first = len(self.envelopes) + 1
        return Story(
            (*self.envelopes, *(recorded(fact, first + n) for n, fact in enumerate(self.decided(command)))), self.words
        )

    def when(self, command: Command) -> "Then":
        return Then(lambda: self.decided(command))


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


def recorded(fact: Fact, position: int) -> Envelope[Fact]:
    return Envelope(
        fact=fact,
        event_id=UUID(int=position),
        source="randomizer",
        stream="allocation-RELUTH",
        version=position,
        position=position,
        recorded_at=datetime(2022, 3, 1, 9, tzinfo=UTC),
        chain="0" * 64,
        provenance=Provenance(actor="dr-7"),
    )


def given(*commands: Command, words: Words | None = None) -> Story:
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
