"""How a command was sent, from the headers of its request: for every route that changes something by version."""

from typing import Annotated

from fastapi import Depends

from services.chassis.command import Call
from services.chassis.http.conditional import Conditional
from services.chassis.http.idempotency import Command
from services.chassis.http.provenance import Origin
from services.chassis.http.refusals import PRECONDITION_FAILED
from services.chassis.refusal import Refused


async def called(command: Command, origin: Origin, when: Conditional) -> Call:
    """Under which key, by whom, and on which version of the subject. A subject has one version, not one of several."""
    if when.versions is not None and when.expected is None:
        raise Refused(PRECONDITION_FAILED)
    return Call(command, origin, when.expected)


async def called_for_new(command: Command, origin: Origin) -> Call:
    """Under which key and by whom. What does not exist yet has no version to be changed from."""
    return Call(command, origin)


Called = Annotated[Call, Depends(called)]
CalledForNew = Annotated[Call, Depends(called_for_new)]
