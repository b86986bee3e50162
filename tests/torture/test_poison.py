"""A fact that the fold cannot take: its subject waits, the others go on, and the mended program applies it in order."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from services.chassis.inbox.conformance import BROKEN, STUDY
from tests.conftest import Server
from tests.torture.processes import say, until
from tests.torture.three import Scene, Three, folded, staged

SICK, WELL = "01-001", "01-002"
KEY = f"{STUDY}/{SICK}"


@pytest.fixture
async def scene(three: Three, postgres_server: Server, tmp_path: Path) -> AsyncIterator[Scene]:
    """This process is the mended program."""
    async with staged(three, postgres_server, tmp_path, "poison", forgiving=True) as scene:
        yield scene


async def test_a_poisoned_subject_waits_and_is_requeued(scene: Scene) -> None:
    await scene.relay()
    broken = await scene.consumer()
    for _ in range(3):
        await scene.tell(SICK)
    await scene.tell(SICK, BROKEN)
    async with scene.load():
        await until(lambda: _parked(scene), 40, "parked")
        held = await scene.held()
        await until(lambda: scene.holds(held + 200), 40, "the others go on")
    await scene.caught_up()
    await broken.end()
    numbers, others = scene.told[SICK], scene.told[WELL]
    rows = await scene.rows()
    assert rows[KEY] == folded(numbers[:3])
    assert rows[f"{STUDY}/{WELL}"] == folded(others)
    (parked,) = await scene.service.parking.list()
    waiting = (await scene.service.parking.show(parked.follower, KEY)).waiting
    assert len(waiting) == len(numbers) - 3
    assert "ZeroDivisionError in the fold of test.told" in parked.reason
    requeue = ("parked", "requeue", parked.follower, KEY)
    status, says = await scene.reluth(*requeue, program="broken")
    assert (status, says.startswith(f"{KEY} is parked still")) == (1, True), says

    mended = await scene.consumer(forgiving=True)
    async with scene.load():
        held = await scene.held()
        await until(lambda: scene.holds(held + 50), 40, "the mended program goes on")
        assert (await scene.rows())[KEY] == folded(numbers[:3]), "it waits until somebody asks for it"
        assert await scene.reluth(*requeue) == (0, f"{KEY} is applied.\n")
        held = await scene.held()
        await until(lambda: scene.holds(held + 50), 40, "facts go on")
    await scene.caught_up()
    await mended.end()
    assert await scene.service.parking.list() == []
    await scene.check()
    say(f"{await scene.held()} facts, {len(waiting)} and more of the subject had waited")


async def _parked(scene: Scene) -> bool:
    return bool(await scene.service.parking.list())
