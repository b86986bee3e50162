"""Once for the session: a secured cluster of three nodes, on which each scenario has its topic and its databases;
and a whole system under fire.
"""

import os
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from services.cli.cluster.cluster import SecuredKafka
from services.cli.embedded import State
from tests.conftest import Server
from tests.torture.fire import Fire, firing
from tests.torture.three import Scene, Three, staged


@pytest.fixture(scope="package")
async def three(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Three]:
    state = State.acquire(tmp_path_factory.mktemp("three"))
    cluster = SecuredKafka(state, 3)
    try:
        await cluster.start()
        yield Three(cluster)
    finally:
        await cluster.stop()
        state.release()


@pytest.fixture
async def scene(
    three: Three, postgres_server: Server, tmp_path: Path, request: pytest.FixtureRequest
) -> AsyncIterator[Scene]:
    async with staged(three, postgres_server, tmp_path, request.node.name) as scene:
        yield scene


@pytest.fixture(scope="package")
async def _fire(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Fire]:
    seed = int(os.environ.get("RELUTH_TORTURE_SEED", "1"))
    async with firing(tmp_path_factory.mktemp("fire"), seed, courses=40, megabytes=600) as fire:
        yield fire


@pytest.fixture
async def fire(_fire: Fire) -> AsyncIterator[Fire]:
    """The whole system of the session, each part a process, under load until the test asks what came of it."""
    _fire.load.go()
    yield _fire
    await _fire.load.stop()
