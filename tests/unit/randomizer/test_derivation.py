"""An inspector with the archive, the revealed seed and Python's standard library derives every arm again.

Written from docs/adr/0009-allocation.md alone: nothing of the randomizer is called.
"""

import hashlib
import hmac
import json
from itertools import count

from hypothesis import given as for_all
from hypothesis import settings
from hypothesis import strategies as st

from contracts.events.catalogue import registry
from services.randomizer.domain.draws import Seed
from services.randomizer.domain.facts import PRIVATE

from .world import CONFIGURATION, activation, given, randomize, small, strata_of, subject


class Stratum:
    """The draws of one stratum, one after the other, and the places left in its block."""

    def __init__(self, secret: bytes, configuration: dict, sha256: str, name: str) -> None:
        self.secret, self.configuration, self.sha256, self.name = secret, configuration, sha256, name
        self.counter, self.left = count(), []

    def number_below(self, n: int) -> int:
        bits = (n - 1).bit_length()
        while bits:
            said = ["reluth/draw/1", self.configuration["study"], self.sha256, self.name, next(self.counter)]
            message = json.dumps(said, separators=(",", ":")).encode()
            word = int(hmac.new(self.secret, message, hashlib.sha256).hexdigest(), 16)
            if (number := word >> (256 - bits)) < n:
                return number
        return 0

    def next_arm(self) -> str:
        if not self.left:
            arms, sizes = self.configuration["arms"], self.configuration["block_sizes"]
            size = sizes[self.number_below(len(sizes))]
            copies = size // sum(arm["ratio"] for arm in arms)
            self.left = [arm["code"] for arm in arms for _ in range(copies * arm["ratio"])]
        return self.left.pop(self.number_below(len(self.left)))


def derive(archive: list[tuple[str, dict]], secret: bytes) -> dict[str, str]:
    """Subject to arm."""
    configuration, strata, arms = {}, {}, {}
    for name, fact in archive:
        if name == "randomizer.allocation-configured":
            configuration = fact["configuration"]
            document = json.dumps(configuration, sort_keys=True, separators=(",", ":")).encode()
            sha256 = hashlib.sha256(document).hexdigest()
        elif name == "randomization.subject-randomized":
            assert fact["configuration_sha256"] == sha256
            key = ",".join(f"{level['factor']}={level['level']}" for level in fact["stratum"])
            stratum = strata.setdefault(key, Stratum(secret, configuration, sha256, key))
            arms[fact["subject"]] = stratum.next_arm()
    return arms


@settings(deadline=None)
@for_all(
    st.sampled_from([CONFIGURATION, small(), small((2, 1), (3, 6)), small((3, 2, 1), (6, 12), factors=2)]),
    st.lists(st.integers(0, 15), min_size=1, max_size=50),
    st.binary(min_size=32, max_size=32),
)
def test_every_arm_is_derived_again_from_the_archive_and_the_seed_alone(config, order, secret):
    strata, seed = strata_of(config), Seed(secret, bytes(32))
    story = given(activation(config), words=seed.words(config.study, config.sha256))
    for n, place in enumerate(order, start=1):
        story = story.and_then(randomize(subject(n), strata[place % len(strata)]))
    registered = registry(*PRIVATE)
    archive = [(e.fact.type_name, json.loads(registered.encode(e.fact))) for e in story.envelopes]
    assert derive(archive, secret) == story.arms


def test_an_exchanged_order_or_another_seed_is_found():
    story = given(activation(), *(randomize(subject(n)) for n in range(1, 13)))
    registered = registry(*PRIVATE)
    archive = [(e.fact.type_name, json.loads(registered.encode(e.fact))) for e in story.envelopes]
    assert derive(archive, bytes(32)) != story.arms
    arms = list(story.arms.values())
    first = next(n for n in range(11) if arms[n] != arms[n + 1])
    at = len(given(activation()).envelopes) + 4 * first  # four facts a subject
    exchanged = [*archive[:at], *archive[at + 4 : at + 8], *archive[at : at + 4], *archive[at + 8 :]]
    assert derive(exchanged, bytes(range(32))) != story.arms
