"""An inspector derives the arms of coins and lists again from the archive, the revealed seed and the standard library.

Written from docs/adr/0009-allocation.md alone: nothing of the randomizer is called to derive, and the arms that it gave
once are kept here in clear, so that the two cannot change together.
"""

import hashlib
import hmac
import json
from collections.abc import Sequence
from dataclasses import replace
from decimal import Context, Decimal
from fractions import Fraction
from math import gcd, lcm
from random import Random

import pytest

from contracts.events.catalogue import registry
from contracts.events.fact import Fact
from contracts.events.randomization import StratumLevel
from services.randomizer.domain.configuration import Configuration
from services.randomizer.domain.facts import PRIVATE, ListSealed

from .exact import COINS, design
from .test_derivation import derive as derive_blocks
from .test_exact import MEASURES
from .world import SEALED, STUDY, Story, activation, given, randomize, small, strata_of, subject

METHODS = ("stratified_permuted_blocks", *COINS)
SECRET = bytes(range(32))
"""That of the seed of the tests' world."""

DIGITS, TIE = Context(prec=60), Decimal(10) ** -40


class Inspector:
    """Counts and draws, from what `configuration` says."""

    def __init__(self, configuration: dict, secret: bytes) -> None:
        self.said, self.secret = configuration, secret
        document = json.dumps(configuration, sort_keys=True, separators=(",", ":")).encode()
        self.sha256 = hashlib.sha256(document).hexdigest()
        self.slots = [arm["code"] for arm in configuration["arms"] for _ in range(arm["ratio"])]
        self.seen: list[tuple[str, int]] = []
        self.used: dict[str, int] = {}

    def below(self, stratum: str, n: int) -> int:
        bits = (n - 1).bit_length()
        while bits:
            counter = self.used.get(stratum, 0)
            self.used[stratum] = counter + 1
            said = ["reluth/draw/1", self.said["study"], self.sha256, stratum, counter]
            word = hmac.digest(self.secret, json.dumps(said, separators=(",", ":")).encode(), "sha256")
            if (number := int.from_bytes(word, "big") >> (256 - bits)) < n:
                return number
        return 0

    def tickets(self, stratum: str) -> list[int]:
        of, method = range(len(self.slots)), self.said["strategy"]
        given = [1] * len(of)
        if method in ("minimization", "two_stage"):
            p, g = Fraction(self.said["probability"]), [self.imbalance(stratum, k) for k in of]
            best = [k for k in of if DIGITS.subtract(g[k], min(g)) < TIE]
            rest = len(of) - len(best)
            if rest:
                pair = [p.numerator * rest, (p.denominator - p.numerator) * len(best)]
                given = [pair[k not in best] // gcd(*pair) for k in of]
        if method in ("stratified_big_stick", "two_stage"):
            here = [sum(one == (stratum, k) for one in self.seen) for k in of]
            given = [n if here[k] < min(here) + self.said["mti"] else 0 for k, n in enumerate(given)]
        return given

    def imbalance(self, stratum: str, candidate: int) -> Decimal:
        weights, total = [Fraction(one["weight"]) for one in self.said["weights"]], Decimal(0)
        whole = lcm(*(weight.denominator for weight in weights))
        for level, weight in zip(stratum.split(","), weights, strict=True):
            counts = [int(k == candidate) for k in range(len(self.slots))]
            for other, k in self.seen:
                counts[k] += level in other.split(",")
            spread = max(counts) - min(counts)
            if self.said["measure"] != "range":
                spread = len(counts) * sum(n * n for n in counts) - sum(counts) ** 2
            part = DIGITS.sqrt(spread) if self.said["measure"] == "standard_deviation" else Decimal(spread)
            total = DIGITS.add(total, DIGITS.multiply(part, int(weight * whole)))
        return total

    def next(self, stratum: str) -> str:
        tickets = self.tickets(stratum)
        number = self.below(stratum, sum(tickets))
        slot = next(k for k in range(len(tickets)) if number < sum(tickets[: k + 1]))
        self.seen.append((stratum, slot))
        return self.slots[slot]


def derive(archive: list[tuple[str, dict]], secret: bytes) -> dict[str, str]:
    """Subject to arm."""
    arms, inspector = {}, None
    for name, fact in archive:
        if name == "randomizer.allocation-configured":
            inspector = Inspector(fact["configuration"], secret)
        elif name == "randomization.subject-randomized":
            assert inspector is not None
            assert fact["configuration_sha256"] == inspector.sha256
            arms[fact["subject"]] = inspector.next(
                ",".join(f"{one['factor']}={one['level']}" for one in fact["stratum"])
            )
    return arms


def told(story: Story) -> list[tuple[str, dict]]:
    """The archive: every fact as the log keeps it."""
    registered = registry(*PRIVATE)
    return [(e.fact.type_name, json.loads(registered.encode(e.fact))) for e in story.envelopes]


def subjects_of(config: Configuration, n: int) -> list[tuple[str, tuple[StratumLevel, ...]]]:
    """So many subjects, in strata in an order without a pattern: 2 generates the numbers below 101."""
    strata = strata_of(config)
    return [(subject(k), strata[pow(2, k, 101) % len(strata)]) for k in range(1, n + 1)]


def allocated(story: Story, subjects: Sequence[tuple[str, tuple[StratumLevel, ...]]]) -> Story:
    for code, stratum in subjects:
        story = story.and_then(randomize(code, stratum))
    return story


@pytest.mark.parametrize("measure", MEASURES)
@pytest.mark.parametrize("ratio", [(1, 1), (2, 1), (1, 1, 1)])
@pytest.mark.parametrize("method", COINS)
def test_every_arm_of_a_coin_is_derived_again_from_the_archive_and_the_seed_alone(method, ratio, measure):
    config = design(method, ratio, (2, 3), measure=measure)
    story = allocated(given(activation(config)), subjects_of(config, 40))
    assert derive(told(story), SECRET) == story.arms
    assert derive(told(story), bytes(32)) != story.arms


# --- arms that were given once


GOLDEN = {
    "complete": "ABBBAAAABABBAABBABAABABABBBBBBBAABBBBABB",
    "stratified_big_stick": "AAABBABAABBAABBAAAABABABBBBABBBAABBABBAB",
    "minimization": "BBBBAAAABAABBBBBAABBBBAAAAABAAAABBABABAA",
    "two_stage": "AABBABBABBABABAABBAAAAABABBBBABAABABBBBB",
}


@pytest.mark.parametrize("method", COINS)
def test_the_arms_of_this_seed_and_order_are_these_for_ever(method):
    """Found by the inspector above. Another arm is another scheme, and needs another name (`SCHEMES`)."""
    config = design(method, (1, 1), (2, 2))
    inspector = Inspector(json.loads(config.model_dump_json()), SECRET)
    strata = [stratum for _, stratum in subjects_of(config, 40)]
    arms = "".join(inspector.next(key(stratum)) for stratum in strata)
    assert arms == GOLDEN[method]
    assert "".join(allocated(given(activation(config)), subjects_of(config, 40)).arms.values()) == GOLDEN[method]


def test_the_arms_of_blocks_of_this_seed_and_order_are_these_for_ever():
    """Found by the inspector of `test_derivation.py`."""
    config = small(factors=2)
    story = allocated(given(activation(config)), subjects_of(config, 40))
    arms = "ABABABBAABABABBABBAAABABBAABBABAABBBBBAA"
    assert "".join(derive_blocks(told(story), SECRET).values()) == arms
    assert "".join(story.arms.values()) == arms


# --- a log that is read again


LIST = "5" * 64
ROWS = [Random(n).choices([0, 1], k=40) for n in range(4)]


def opened(method: str) -> tuple[Configuration, Story]:
    """An allocation of this method that is open, by a list if there is no seed to draw from."""
    if method != "list_import":
        config = design(method, (1, 1), (2, 2))
        return config, given(activation(config))
    plain = design("complete", (1, 1), (2, 2))
    config = Configuration(
        study=STUDY, strategy="list_import", arms=plain.arms, factors=plain.factors, list_sha256=LIST
    )
    rows = dict(zip(map(key, strata_of(config)), ROWS, strict=True))
    story = Story(words=lambda stratum, n: rows[stratum][n])
    sealed = ListSealed(study=STUDY, list_sha256=LIST, rows=160, sealed=SEALED)
    return config, story.followed_by([sealed]).and_then(activation(config))


def key(stratum: Sequence[StratumLevel]) -> str:
    return ",".join(f"{one.factor}={one.level}" for one in stratum)


def read_again(story: Story) -> Story:
    """The same from the bytes of its facts alone: nothing that was in memory is left."""
    registered = registry(*PRIVATE)

    def again(fact: Fact) -> Fact:
        return registered.decode(fact.type_name, fact.type_version, registered.encode(fact))

    return Story(tuple(replace(e, fact=again(e.fact)) for e in story.envelopes), story.words)


@pytest.mark.parametrize("method", [*METHODS, "list_import"])
def test_a_log_that_is_read_again_goes_on_with_the_same_arms(method):
    """Broken off after any number of subjects and folded from its bytes: state, facts and arms to come are the same."""
    config, story = opened(method)
    subjects = subjects_of(config, 16)
    whole = allocated(story, subjects)
    for n in range(len(subjects)):
        broken = read_again(allocated(story, subjects[:n]))
        assert broken.state == allocated(story, subjects[:n]).state
        assert allocated(broken, subjects[n:]).facts == whole.facts


def test_a_list_gives_its_rows_in_order_to_each_stratum():
    config, story = opened("list_import")
    subjects = subjects_of(config, 40)
    arms = allocated(story, subjects).arms
    for stratum, rows in zip(strata_of(config), ROWS, strict=True):
        mine = [arms[code] for code, at in subjects if at == stratum]
        assert mine == ["AB"[row] for row in rows[: len(mine)]]
        assert len(mine) > 3
