"""The whole system on real PostgreSQL and real Kafka, in this process, and people to use it."""

from collections.abc import AsyncIterator, Callable, Iterator
from dataclasses import dataclass
from datetime import date

import httpx
import pytest

from services.cli.clock import TurnableClock
from services.cli.demo.show import Tokens
from services.cli.demo.site_system import Api
from services.cli.system import Options, System
from tests.e2e.collector import Collector, collecting
from tests.e2e.trial import Trial, played


@dataclass(frozen=True)
class Whole:
    """A running system. `set_day` turns the calendar of its services; it is back at the real day after each test."""

    system: System
    api: Api
    set_day: Callable[[date], None]


@pytest.fixture(scope="package")
def collector() -> Iterator[Collector]:
    """Where the services of the session send their spans."""
    with collecting() as collector:
        yield collector


@pytest.fixture(scope="package")
async def _running(
    tmp_path_factory: pytest.TempPathFactory, collector: Collector
) -> AsyncIterator[tuple[System, TurnableClock]]:
    clock = TurnableClock()
    with pytest.MonkeyPatch.context() as environment:
        environment.setenv("RELUTH_OTEL_ENDPOINT", collector.url)
        environment.setenv("OTEL_BSP_SCHEDULE_DELAY", "100")  # milliseconds; spans are sent in batches
        # What time alone makes so would be recorded between the requests of tests that compare logs, and in the middle
        # of those that stop this loop: enrolment's own tests look at it.
        environment.setenv("RELUTH_TIMER_SECONDS", "3600")
        system = await System(Options(tmp_path_factory.mktemp("system")), clock=clock).__aenter__()
    try:
        yield system, clock
    finally:
        await system.__aexit__(None, None, None)


@pytest.fixture(scope="package")
async def trial(_running: tuple[System, TurnableClock]) -> Trial:
    """Twins whose arms are known to the tests, played once for all that look at what is told of them."""
    system, clock = _running
    try:
        return await played(system, clock.set_day)
    finally:
        clock.release()


@pytest.fixture
async def whole(_running: tuple[System, TurnableClock]) -> AsyncIterator[Whole]:
    """The system of the session, with a client of its own."""
    system, clock = _running
    async with httpx.AsyncClient(timeout=30, limits=httpx.Limits(max_connections=250)) as client:
        yield Whole(system, Api(system.urls, Tokens(system), client), clock.set_day)
    clock.release()
