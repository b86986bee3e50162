"""What a refusal tells beside its code: who reads it must be able to see what stands in the way."""

import pytest

from services.chassis.refusal import Refused
from services.randomizer.domain import life, refusals
from services.randomizer.domain.commands import ChangeCap, Revealed
from services.randomizer.domain.configuration import configuration
from services.randomizer.domain.facts import AllocationDrafted, ListSealed, SeedRevealed
from services.randomizer.domain.refusals import ALLOCATION_OVER, CAP_REACHED, DESIGN_UNUSABLE, NOT_ACTIVE

from .test_configuration import LIST, asking
from .test_exact_tallies import of
from .world import (
    CLOSE,
    CONFIGURATION,
    PAUSE,
    RESUME,
    SEALED,
    SIGN_LOCK,
    STUDY,
    TODAY,
    activating,
    activation,
    drafting,
    given,
    randomize,
    signing,
)


def told(story, command) -> dict:
    with pytest.raises(Refused) as caught:
        story.decided(command)
    return {"refusal": caught.value.refusal, **caught.value.detail}


@pytest.mark.parametrize("command", [randomize("01-001"), ChangeCap(STUDY, 150)])
def test_an_allocation_that_is_not_open_says_what_it_is(command):
    closed = given(activation(), CLOSE)
    assert told(given(), command) == {"refusal": NOT_ACTIVE, "status": "not-activated"}
    assert told(closed, command) == {"refusal": ALLOCATION_OVER, "status": "closed"}
    locked = closed.and_then(SIGN_LOCK[0]).and_then(SIGN_LOCK[1])
    assert told(locked, command) == {"refusal": ALLOCATION_OVER, "status": "locked"}


def test_a_cap_that_is_reached_is_told():
    full = given(activation(cap=1), randomize("01-001"))
    assert told(full, randomize("01-002")) == {"refusal": CAP_REACHED, "cap": 1}


def test_a_method_and_a_list_that_do_not_fit_name_the_method():
    for method, listed, fault in (
        ("list_import", None, "method-needs-a-list"),
        ("complete", LIST, "method-takes-no-list"),
    ):
        with pytest.raises(Refused) as caught:
            configuration(asking(method), listed)
        assert caught.value.refusal == DESIGN_UNUSABLE
        assert dict(caught.value.detail) == {"fault": fault, "method": method}


# --- the life of an allocation

LISTED = of("list_import")


def test_a_draft_by_a_list_that_nobody_imported_is_refused():
    assert told(given(), drafting(LISTED)) == {"refusal": refusals.LIST_UNKNOWN, "list_sha256": LIST}
    sealed = ListSealed(study=STUDY, list_sha256=LIST, rows=12, sealed=SEALED)
    given().followed_by([sealed]).when(drafting(LISTED)).then(AllocationDrafted)


def test_what_cannot_happen_now_says_what_the_allocation_is():
    opened, closed = given(activation()), given(activation(), CLOSE)
    for story, command, refusal, status in (
        (given(), PAUSE, NOT_ACTIVE, "not-activated"),
        (opened, RESUME, refusals.NOT_PAUSED, "active"),
        (opened, SIGN_LOCK[0], refusals.NOT_CLOSED, "active"),
        (closed, drafting(), ALLOCATION_OVER, "closed"),
        (closed, PAUSE, ALLOCATION_OVER, "closed"),
    ):
        assert told(story, command) == {"refusal": refusal, "status": status}


def test_who_signs_another_text_is_told_which_one_it_is():
    drafted = given(drafting())
    known = {"version": 1, "configuration_sha256": CONFIGURATION.sha256}
    assert told(drafted, signing(configuration_sha256="0" * 64)) == {"refusal": refusals.OTHER_TEXT, **known}


def test_signatures_that_are_missing_are_counted():
    once = given(drafting(), signing())
    counted = {"version": 1, "signed": 1, "needed": 2}
    assert told(once, activating()) == {"refusal": refusals.SIGNATURES_MISSING, **counted}


def test_one_person_cannot_sign_the_lock_twice_and_the_second_reveals_the_list_with_the_seed():
    once = given(activation(), CLOSE, SIGN_LOCK[0]).state
    seed = Revealed(1, once.activations[0].fact.commitment, "1" * 64, "2" * 64, list_nonce="3" * 64, rows="A,B")
    with pytest.raises(Refused):
        life.sign_lock(once, STUDY, SIGN_LOCK[0].by, TODAY, [seed])
    facts = life.sign_lock(once, STUDY, SIGN_LOCK[1].by, TODAY, [seed])
    (revealed,) = [fact for fact in facts if isinstance(fact, SeedRevealed)]
    assert (revealed.version, revealed.list_nonce, revealed.rows) == (1, "3" * 64, "A,B")
    assert (revealed.seed, revealed.nonce) == ("1" * 64, "2" * 64)
    assert not any(secret in f"{revealed!r} {revealed}" for secret in ("1" * 64, "2" * 64, "3" * 64, "A,B"))
