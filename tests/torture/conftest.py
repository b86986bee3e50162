"""One secured cluster of three nodes for the session; each scenario has its topic and its databases."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from services.cli.cluster.cluster import SecuredKafka
from services.cli.embedded import State
from tests.conftest import Server
from tests.torture.three import Scene, Three, staged


@pytest.fixture(scope="session")
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
