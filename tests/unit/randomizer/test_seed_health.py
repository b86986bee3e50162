"""A seed that a person thought up or a broken generator gave is refused; a sound one practically never is."""

import hashlib
import random
from datetime import date, timedelta
from fractions import Fraction
from math import comb

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.randomizer.domain.draws import Seed, SeedTooWeak
from services.randomizer.domain.seed_health import MAX_PERIOD, MAX_REPEATED, MAX_RUN, MIN_ONES, weakness

from .world import CONFIGURATION

SOUND = hashlib.sha256(b"sound").digest()
OTHER = hashlib.sha256(b"other").digest()
SIZE = 32


def test_sound_bytes_are_used():
    assert weakness(SOUND, OTHER) is None
    assert Seed(SOUND, OTHER).checked()


def test_the_same_bytes_are_not_seed_and_nonce():
    assert weakness(SOUND, SOUND) == "seed-is-nonce"


@given(st.integers(0, 255), st.booleans())
def test_equal_bytes_are_refused(byte, as_nonce):
    refused(bytes([byte]) * SIZE, as_nonce)


@given(st.binary(min_size=1, max_size=MAX_PERIOD), st.booleans())
def test_a_repeated_pattern_is_refused(pattern, as_nonce):
    refused((pattern * SIZE)[:SIZE], as_nonce)


@given(
    st.text(st.characters(min_codepoint=0x20, max_codepoint=0x7E), max_size=SIZE),
    st.sampled_from(b"\0 \xff"),
    st.booleans(),
)
def test_text_is_refused_however_it_is_padded(text, filler, as_nonce):
    refused(text.encode().ljust(SIZE, bytes([filler])), as_nonce)
    refused(text.encode().rjust(SIZE, bytes([filler])), as_nonce)


@given(
    st.dates(),
    st.sampled_from(["%Y-%m-%d", "%d.%m.%Y", "%Y%m%d", "%d %B %Y", "ReLUTH-%Y-%m-%d", "%s"]),
    st.integers(1, 4),
)
def test_a_date_is_refused_in_any_writing(day, writing, times):
    refused((day.strftime(writing) * times).encode()[:SIZE].ljust(SIZE, b"\0"))


@given(st.integers(0, 2**64 - 1), st.sampled_from(["big", "little"]))
def test_a_number_is_refused_as_64_bits_with_padding(number, order):
    refused(number.to_bytes(SIZE, order))
    refused(number.to_bytes(8, order) * 4)


@given(st.integers(0, 255), st.integers(0, 255))
def test_counting_is_refused(start, step):
    refused(bytes((start + n * step) % 256 for n in range(SIZE)))


@given(st.binary(min_size=1, max_size=MAX_REPEATED), st.randoms(use_true_random=False))
def test_few_values_are_refused_in_any_order(values, order):
    refused(bytes(order.choices(values, k=SIZE)))


@given(st.binary(min_size=SIZE - MAX_RUN - 1, max_size=SIZE - MAX_RUN - 1), st.integers(0, 255), st.integers(0, SIZE))
def test_a_gap_that_was_never_filled_is_refused(rest, filler, at):
    refused(rest[:at] + bytes([filler]) * (MAX_RUN + 1) + rest[at:])


@given(st.integers(0, 7), st.booleans(), st.binary(min_size=64, max_size=64))
def test_a_bit_that_never_changes_is_refused(bit, value, both):
    stuck = bytes(byte | 1 << bit if value else byte & ~(1 << bit) for byte in both)
    assert weakness(stuck[:SIZE], stuck[SIZE:]) is not None


@pytest.mark.parametrize("ones", [MIN_ONES - 1, 256 - MIN_ONES + 1])
def test_too_few_or_too_many_ones_are_refused_for_that(ones):
    order = random.Random(7)
    bits = order.sample(range(256), ones)
    data = sum(1 << bit for bit in bits).to_bytes(SIZE, "big")
    assert weakness(data, OTHER) == "unbalanced"


def test_each_criterion_decides_alone():
    """Each of these is caught by one criterion and by no other: without it the bytes would be used."""
    sound = bytearray(SOUND)
    assert weakness(b"f3b4c1 d2Q9xZ-85ab/7e6kLm2(w0pG)"[:SIZE], OTHER) == "text"
    few = bytes(SOUND[index] for index in random.Random(1).choices(range(MAX_REPEATED), k=SIZE))
    assert weakness(few, OTHER) == "few-values"
    steps = random.Random(2).choices([SOUND[n] for n in range(MAX_REPEATED)], k=SIZE - 1)
    walk = [77]
    for step in steps:
        walk.append((walk[-1] + step) % 256)
    assert weakness(bytes(walk), OTHER) == "few-differences"
    assert weakness(bytes(sound[:22]) + b"\xa5" * 10, OTHER) == "run"
    assert weakness(bytes(sound[:23]) + bytes(sound[:9]), OTHER) == "pattern"
    assert weakness(bytes(byte & 0x7F for byte in SOUND), bytes(byte & 0x7F for byte in OTHER)) == "stuck-bit"
    assert weakness(bytes(byte | 1 for byte in SOUND), bytes(byte | 1 for byte in OTHER)) == "stuck-bit"


def test_what_lies_just_beyond_a_criterion_is_used():
    """The thresholds are what the chances below are computed for, and no stricter."""
    order = random.Random(3)
    values = [*SOUND[: MAX_REPEATED + 1], *(SOUND[n] for n in order.choices(range(MAX_REPEATED + 1), k=SIZE))][:SIZE]
    balanced = sum(1 << bit for bit in order.sample(range(256), MIN_ONES)).to_bytes(SIZE, "big")
    steps = [*range(1, MAX_REPEATED + 2), *order.choices(range(1, MAX_REPEATED + 2), k=SIZE)][: SIZE - 1]
    walk = [200]
    for step in steps:
        walk.append((walk[-1] + step) % 256)
    for data in (
        bytes(values),
        bytes(walk),
        SOUND[: SIZE - MAX_RUN] + bytes([0xA5]) * MAX_RUN,
        bytes([0xA5]) * MAX_RUN + SOUND[: SIZE - MAX_RUN],
        (SOUND[: MAX_PERIOD + 1] * 2)[:SIZE],
        balanced,
        bytes(byte ^ 255 for byte in balanced),
        b"f3b4c1 d2Q9xZ-85ab/7e6kLm2(w0pG\x80",
    ):
        assert weakness(data, OTHER) is None


def refused(data: bytes, as_nonce: bool = False) -> None:
    pair = (OTHER, data) if as_nonce else (data, OTHER)
    assert weakness(*pair) is not None
    with pytest.raises(SeedTooWeak) as caught:
        Seed(*pair).checked()
    assert data.hex() not in str(caught.value)
    assert caught.value.fault == weakness(*pair)


# --- how often sound bytes are refused, exactly


def surjections(places: int, values: int) -> int:
    return sum((-1) ** left * comb(values, left) * (values - left) ** places for left in range(values + 1))


def few_values(places: int) -> Fraction:
    """At most MAX_REPEATED different ones among that many uniform bytes."""
    ways = sum(comb(256, values) * surjections(places, values) for values in range(1, MAX_REPEATED + 1))
    return Fraction(ways, 256**places)


def long_run() -> Fraction:
    """A run beyond MAX_RUN: all sequences less those that are put together from shorter runs."""
    without = [1]
    for length in range(1, SIZE + 1):
        lasts = range(1, min(MAX_RUN, length) + 1)
        without.append(sum((256 if length == last else 255) * without[length - last] for last in lasts))
    return 1 - Fraction(without[SIZE], 256**SIZE)


CHANCES = {
    "text": Fraction(97, 256) ** SIZE,
    "few-values": few_values(SIZE),
    "few-differences": few_values(SIZE - 1),  # differences of independent uniform bytes are independent and uniform
    "run": long_run(),
    "pattern": sum(Fraction(1, 256) ** (SIZE - period) for period in range(1, MAX_PERIOD + 1)),
    "unbalanced": Fraction(2 * sum(comb(256, ones) for ones in range(MIN_ONES)), 2**256),
}
PAIR = {"stuck-bit": 16 * Fraction(1, 2) ** 64, "seed-is-nonce": Fraction(1, 256) ** SIZE}


def test_sound_bytes_are_refused_less_than_once_in_2_to_the_43_pairs():
    """Of this process nobody will see a false alarm; if one comes, repeating the request mends it."""
    assert 2 * sum(CHANCES.values()) + sum(PAIR.values()) < Fraction(1, 2**43)
    assert all(chance < Fraction(1, 2**64) for name, chance in CHANCES.items() if name != "text")
    assert all(chance < Fraction(1, 2**59) for chance in PAIR.values())


def test_the_counts_behind_these_chances_are_right_where_all_cases_can_be_listed():
    """The same formulas for three places and a small alphabet, against every sequence there is."""
    assert sum(surjections(3, values) * comb(4, values) for values in range(1, 4)) == 4**3
    assert [surjections(4, values) for values in (1, 2, 3, 4)] == [1, 14, 36, 24]


@settings(max_examples=200)
@given(st.binary(min_size=16, max_size=16))
def test_what_a_hash_gives_is_used(material):
    """Hashes stand for a sound generator here, so that this test is the same on every run."""
    seed, nonce = (hashlib.sha256(material + end).digest() for end in (b"s", b"n"))
    assert weakness(seed, nonce) is None


# --- the seed that somebody thought up, and the nonce that keeps it from being found


def dates() -> list[bytes]:
    """Every day of 2015 to 2030 as people write it, alone and with the trial's name."""
    writings = (
        "%Y-%m-%d",
        "%d.%m.%Y",
        "%d/%m/%Y",
        "%m/%d/%Y",
        "%Y%m%d",
        "%d%m%Y",
        "ReLUTH-%Y-%m-%d",
        "ReLUTH %d.%m.%Y",
    )
    days = [date(2015, 1, 1) + timedelta(days=n) for n in range((date(2030, 12, 31) - date(2015, 1, 1)).days + 1)]
    return [day.strftime(writing).encode() for day in days for writing in writings]


def test_a_date_as_a_seed_is_found_from_a_hash_without_nonce_and_not_from_the_commitment():
    """What another system's commitment gave away in a tenth of a second. Ours would not, even for such a seed."""
    configuration = bytes.fromhex(CONFIGURATION.sha256)
    secret = b"ReLUTH-2021-09-14".ljust(SIZE, b"\0")
    nonce = OTHER
    unsalted = hashlib.sha256(secret + configuration).hexdigest()
    commitment = Seed(secret, nonce).commitment(CONFIGURATION.sha256)

    def found(target: str, tried: list[bytes]) -> set[bytes]:
        """Every date in every construction that somebody without the nonce can try."""
        hits = set()
        for guess in tried:
            padded = guess.ljust(SIZE, b"\0")
            for text in (
                padded + configuration,
                padded,
                guess,
                configuration + padded,
                bytes(SIZE) + padded + configuration,
            ):
                if hashlib.sha256(text).hexdigest() == target:
                    hits.add(padded)
        return hits

    tried = dates()
    assert len(tried) == 8 * 5844
    assert found(unsalted, tried) == {secret}, "the search works: without a nonce it finds the seed"
    assert found(commitment, tried) == set()
    assert hashlib.sha256(nonce + secret + configuration).hexdigest() == commitment, "who has the nonce can check it"
