"""Draws: uniform by construction, keyed by everything that tells them apart, from a seed that cannot be seen."""

import copy
import hashlib
import hmac
import json
import pickle
import traceback

import pytest
from hypothesis import given as for_all
from hypothesis import settings
from hypothesis import strategies as st

from services.randomizer.domain.draws import WORD_BITS, Seed, below

from .world import CONFIGURATION, SEED, small, words_of


@pytest.mark.parametrize("bound", range(1, 66))
def test_each_value_is_reached_by_exactly_one_bit_pattern_and_the_others_are_drawn_again(bound):
    bits = (bound - 1).bit_length()
    reached = []
    for pattern in range(1 << bits):
        value, counter = below(
            lambda _, n, pattern=pattern: (pattern if n == 7 else 0) << (WORD_BITS - bits), "s", 7, bound
        )
        if counter == 8 or bound == 1:
            reached.append(value)
        else:
            assert (value, counter) == (0, 9), "a pattern that is too large costs one counter and the next one decides"
    assert reached == list(range(bound))


def test_a_single_possibility_needs_no_randomness():
    assert below(lambda *_: pytest.fail("nothing to draw"), "s", 3, 1) == (0, 3)


@pytest.mark.parametrize("bound", [0, -1, (1 << WORD_BITS) + 1])
def test_a_bound_without_a_whole_number_below_it_is_refused(bound):
    with pytest.raises(ValueError, match="below"):
        below(lambda *_: 0, "s", 0, bound)


def test_a_draw_is_the_hmac_that_the_decision_record_describes():
    sha = CONFIGURATION.sha256
    message = json.dumps(["reluth/draw/1", "RELUTH", sha, "F1=LT18", 5], separators=(",", ":")).encode()
    expected = hmac.new(bytes(range(32)), message, hashlib.sha256).hexdigest()
    assert f"{SEED.words('RELUTH', sha)('F1=LT18', 5):064x}" == expected


def test_a_draw_is_the_same_on_every_machine():
    """Made with `openssl dgst -sha256 -mac HMAC`, not with this program."""
    assert f"{SEED.words('RELUTH', '0' * 64)('F1=LT18', 0):064x}" == (
        "db46e5d3a44185e336446c233a3c6a842086c68839484fdb4db34de1209bc905"
    )


@settings(deadline=None)
@for_all(st.lists(st.tuples(st.integers(0, 3), st.integers(0, 3), st.integers(0, 3)), unique=True, min_size=2))
def test_study_configuration_stratum_and_counter_each_make_another_draw(places):
    configurations = ["0" * 64, "1" * 64, small().sha256, CONFIGURATION.sha256]
    words = {SEED.words("RELUTH", configurations[c])(f"F1={s}", n) for c, s, n in places}
    assert len(words) == len(places)
    assert words.isdisjoint({SEED.words("OTHER", configurations[c])(f"F1={s}", n) for c, s, n in places})


@pytest.mark.parametrize(
    "changed", [small((2, 1), (6,)), small(sizes=(4,)), small(sizes=(6, 4)), small(factors=2), small(study="OTHER")]
)
def test_a_changed_configuration_never_repeats_draws(changed):
    assert changed.sha256 != small().sha256
    before = {words_of(small())("F1=LOW", n) for n in range(500)}
    assert before.isdisjoint({words_of(changed)("F1=LOW", n) for n in range(500)})


def test_the_commitment_is_the_hash_of_nonce_seed_and_configuration():
    sha = CONFIGURATION.sha256
    expected = hashlib.sha256(bytes(range(32, 64)) + bytes(range(32)) + bytes.fromhex(sha)).hexdigest()
    assert SEED.commitment(sha) == expected
    assert SEED.commitment(small().sha256) != expected


def test_a_seed_that_somebody_thought_up_is_not_found_by_trying_because_of_its_nonce():
    thought_up, nonce = b"ReLUTH-2021-09-14".ljust(32, b"\0"), bytes(range(32))
    commitment = Seed(thought_up, nonce).commitment(CONFIGURATION.sha256)
    guesses = [thought_up, thought_up + bytes(32), bytes(32) + thought_up]
    for guess in guesses:
        for tail in (b"", bytes.fromhex(CONFIGURATION.sha256), CONFIGURATION.sha256.encode()):
            assert hashlib.sha256(guess + tail).hexdigest() != commitment
    assert Seed(thought_up, bytes(range(1, 33))).commitment(CONFIGURATION.sha256) != commitment


def test_what_is_exposed_to_be_sealed_comes_back_as_the_same_seed():
    again = Seed.revealed(SEED.exposed())
    assert again.commitment("0" * 64) == SEED.commitment("0" * 64)
    assert again.words("RELUTH", "0" * 64)("s", 1) == SEED.words("RELUTH", "0" * 64)("s", 1)


@pytest.mark.parametrize("length", [0, 31, 63, 65, 128])
def test_a_seed_of_another_length_is_refused_without_showing_it(length):
    with pytest.raises(ValueError, match="32 bytes each") as caught:
        Seed.revealed(b"\xaa" * length)
    assert "aa" not in str(caught.value)


def test_a_seed_is_never_shown():
    traces = []
    try:
        seed = SEED
        assert seed
        raise RuntimeError("something went wrong")
    except RuntimeError as error:
        traces = list(traceback.TracebackException.from_exception(error, capture_locals=True).format())
    shown = [repr(SEED), str(SEED), f"{SEED}", f"{SEED!r:>80}", repr([SEED]), repr({"seed": SEED}), *traces]
    for text in shown:
        assert bytes(range(32)).hex() not in text
        assert repr(bytes(range(32)))[2:-1] not in text
    assert repr(SEED) == "<Seed: sealed>"
    assert any("<Seed: sealed>" in text for text in traces)


@pytest.mark.parametrize("wrong", [lambda: Seed.revealed(b"\xaa" * 63), lambda: Seed(b"\xaa" * 31, b"\xbb" * 32)])
def test_a_traceback_with_its_variables_does_not_show_what_was_no_seed(wrong):
    try:
        wrong()
    except ValueError as error:
        shown = "".join(traceback.TracebackException.from_exception(error, capture_locals=True).format())
    assert "32 bytes each" in shown
    assert "aaaa" not in shown
    assert "\\xaa\\xaa" not in shown.replace('b"\\xaa" * 63', "").replace('b"\\xaa" * 31', "")


@pytest.mark.parametrize("protocol", range(pickle.HIGHEST_PROTOCOL + 1))
def test_a_seed_is_not_pickled(protocol):
    with pytest.raises(TypeError, match="neither copied nor pickled"):
        pickle.dumps(SEED, protocol)


def test_a_seed_is_not_copied_or_made_into_json():
    for attempt in (copy.copy, copy.deepcopy, json.dumps, vars):
        with pytest.raises(TypeError):
            attempt(SEED)
