"""Three consumers of one group, joined, stopped and killed in a loop: each fact once, in order, whoever took it."""

import time
from collections import Counter
from itertools import count

from tests.torture.processes import SECONDS, Worker, say, until
from tests.torture.three import Scene

PLACES = ("transaction", "fetched", "stored", None)
"""Where a member stands still: inside its transaction, with a fetch in hand, right after its transaction, anywhere."""


async def test_members_join_stop_and_die(scene: Scene) -> None:
    """In each turn one stands still, wakes up when its partitions are elsewhere, and another leaves or is killed."""
    await scene.relay()
    members = [await scene.consumer() for _ in range(3)]
    done, start = Counter[str](), time.monotonic()
    async with scene.load():
        await _shared(members)
        for turn in count():
            scene.rng.shuffle(members)
            zombie, other, third = members
            place = PLACES[turn] if turn < 2 else scene.rng.choice(PLACES[1:])
            done[f"stopped: {place}"] += 1
            await _stop(zombie, place)
            if turn % 2:
                await other.end()
            else:
                await other.kill()
            members = [third, await scene.consumer(), await scene.consumer()]
            await _shared(members)
            held = await scene.held()
            await until(lambda: scene.holds(held + 50), 30, "the others go on")  # noqa: B023
            zombie.wake()
            await until(lambda: not zombie.stopped(), 5)  # noqa: B023
            await zombie.end()
            if turn and time.monotonic() - start > SECONDS:
                break
    await scene.caught_up()
    for member in members:
        await member.end()
    await scene.check()
    assert not await scene.offsets_went_back()
    facts = sum(map(len, scene.told.values()))
    say(f"{facts} facts, {turn + 1} killed or left, {dict(done)}, append to visible <= {await scene.slowest():.1f} s")


async def _stop(member: Worker, place: str | None) -> None:
    if place is None:
        member.freeze()
    else:
        member.order({"stop": place})
    await until(member.stopped, 30, f"stopped at {place}")


async def _shared(members: list[Worker]) -> None:
    """Each has partitions, and together they have all."""

    def assigned() -> bool:
        parts = [member.says.get("assigned", ()) for member in members]
        return all(parts) and sum(map(len, parts)) == 6

    await until(assigned, 40, "every member has its partitions")
