"""What a refusal tells beside its code: who reads it must be able to see what stands in the way."""

import pytest

from services.chassis.refusal import Refused
from services.randomizer.domain.commands import ChangeCap
from services.randomizer.domain.configuration import configuration
from services.randomizer.domain.refusals import ALLOCATION_OVER, CAP_REACHED, DESIGN_UNUSABLE, NOT_ACTIVE

from .test_configuration import LIST, asking
from .world import CLOSE, SIGN_LOCK, STUDY, activation, given, randomize


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
