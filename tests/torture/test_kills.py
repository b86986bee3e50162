"""Every process is killed under load, one after the other: what was acknowledged is there once, everywhere."""

from datetime import UTC, datetime, timedelta
from random import Random

from services.cli.running import inside
from tests.torture.faults import Fault, Kind
from tests.torture.fire import PROCESSES, Fire
from tests.torture.system import BROKER, DATABASE

RECORDERS = PROCESSES[:4]


async def test_every_process_is_killed_and_nothing_is_lost(fire: Fire) -> None:
    """A supervisor starts them again by the same command, and nobody does anything else."""
    chance = Random(f"{fire.seed}/short")
    faults = [
        *(Fault(Kind.KILL, name) for name in PROCESSES),
        Fault(Kind.PAUSE, chance.choice(RECORDERS), 1.0),
        Fault(Kind.RESET, chance.choice(RECORDERS)),
        Fault(Kind.RESET, BROKER),
        Fault(Kind.BACKEND, DATABASE, chance.random()),
    ]
    chance.shuffle(faults)
    await fire.caught_up()
    for fault in faults:
        await fire.inject(fault)
    await fire.started_again()
    await fire.caught_up()
    await fire.holds()


async def test_a_clock_that_jumps_by_a_day_moves_no_fact_back(fire: Fire) -> None:
    """Forward and back again, in each service that records."""
    await fire.caught_up()
    for service in RECORDERS[::3]:
        await fire.inject(Fault(Kind.CLOCK, service, 2.0))
    await fire.caught_up()
    await fire.holds()
    for service in RECORDERS[::3]:
        async with inside(fire.system.where, service) as opened:
            (last,) = await opened.log.read((await opened.log.head()).position - 1, 1)
        ahead = last.recorded_at - datetime.now(UTC)
        assert timedelta(hours=23) < ahead < timedelta(days=1), "the jump was seen, and kept"
