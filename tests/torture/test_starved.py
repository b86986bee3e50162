"""The disk is full, the database is gone, the broker is gone: what a caller is told, and what comes afterwards."""

import asyncio

import pytest

from tests.torture.faults import Fault, Kind
from tests.torture.fire import Fire
from tests.torture.load import Fate
from tests.torture.system import BROKER, DATABASE

GROWTH = 100_000_000
"""Bytes by which a service may grow while the broker is gone."""


def told_later(fire: Fire, fault: Fault) -> set[str]:
    """The services that said 503 during the fault. One without Retry-After, or a 500, is a defect of the verdict."""
    return {name for at, name, status in fire.load.later if status == 503 and fault.begun <= at <= fault.ended}


def acknowledged(fire: Fire, fault: Fault) -> list[str]:
    """The services of the requests that were sent and acknowledged during the fault."""
    return [
        request.service
        for request in fire.load.journal
        if request.fate is Fate.ACKNOWLEDGED and fault.begun < request.sent_at < request.answered_at < fault.ended
    ]


async def test_without_a_database_a_command_is_told_to_come_again(fire: Fire) -> None:
    await fire.caught_up()
    fault = await fire.inject(Fault(Kind.GONE, DATABASE, 6.0))
    await fire.caught_up()
    assert told_later(fire, fault) & {"enrolment", "safety"}
    assert not [name for name in acknowledged(fire, fault) if name != "analytics"]
    await fire.holds()


async def test_without_a_broker_commands_are_accepted_and_travel_later(fire: Fire) -> None:
    async def safety_knows_somebody() -> bool:
        return bool(fire.load.known)

    await fire.system.until(safety_knows_somebody, "heard of by safety")
    await fire.caught_up()
    before = fire.watch.samples[-1]
    fault = Fault(Kind.GONE, BROKER, 10.0)
    gone = asyncio.create_task(fire.inject(fault))

    async def some_wait() -> bool:
        return fault.begun > 0 and fire.watch.samples[-1].lag.get("safety", 0) > 5

    await fire.system.until(some_wait, "waiting for the broker")
    await fire.injector.inject(Fault(Kind.KILL, "safety"))  # with messages in hand that nobody has acknowledged
    await gone
    after = fire.watch.samples[-1]
    await fire.caught_up()
    assert {"enrolment", "safety"} <= set(acknowledged(fire, fault))
    assert all(after.memory[name] < before.memory[name] + GROWTH for name in before.status)
    await fire.holds()
    assert max(fire.watch.samples[-1].lag.values()) == 0


async def test_a_full_disk_loses_nothing_and_needs_nobody(fire: Fire) -> None:
    if fire.injector.disk is None:
        pytest.skip("this account may not mount a file system")
    await fire.caught_up()
    fault = await fire.inject(Fault(Kind.DISK_FULL, DATABASE, 6.0))
    await fire.caught_up()
    assert told_later(fire, fault), "the disk was not full"
    await fire.holds()
