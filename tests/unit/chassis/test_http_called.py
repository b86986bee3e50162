"""A precondition is never silently ignored."""

import pytest

from contracts.events.envelope import Provenance
from services.chassis.command import Call, CommandId
from services.chassis.http.called import called
from services.chassis.http.conditional import IfMatch
from services.chassis.refusal import Refused

COMMAND, ORIGIN = CommandId("k", b"h" * 32), Provenance(actor="a")


async def test_one_version_is_handed_on_and_none_stays_none() -> None:
    assert await called(COMMAND, ORIGIN, IfMatch(frozenset({3}))) == Call(COMMAND, ORIGIN, 3)
    assert await called(COMMAND, ORIGIN, IfMatch()) == Call(COMMAND, ORIGIN)


async def test_several_versions_are_refused_since_a_subject_has_one() -> None:
    with pytest.raises(Refused) as caught:
        await called(COMMAND, ORIGIN, IfMatch(frozenset({3, 4})))
    assert caught.value.refusal.status == 412
