"""The whole system on real PostgreSQL and real Kafka, in this process, and people to use it."""

from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from datetime import date

import httpx
import pytest

from services.cli.clock import TurnableClock
from services.cli.demo.show import Tokens
from services.cli.demo.site_system import Api
from services.cli.system import Options, System


@dataclass(frozen=True)
class Whole:
    """A running system. `set_day` turns the calendar of its services; it is back at the real day after each test."""

    system: System
    api: Api
    set_day: Callable[[date], None]


@pytest.fixture(scope="session")
async def _running(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[tuple[System, TurnableClock]]:
    clock = TurnableClock()
    async with System(Options(tmp_path_factory.mktemp("system")), clock=clock) as system:
        yield system, clock


@pytest.fixture
async def whole(_running: tuple[System, TurnableClock]) -> AsyncIterator[Whole]:
    """The system of the session, with a client of its own."""
    system, clock = _running
    async with httpx.AsyncClient(timeout=30, limits=httpx.Limits(max_connections=250)) as client:
        yield Whole(system, Api(system.urls, Tokens(system), client), clock.set_day)
    clock.release()
