"""A broker that leads is killed under load; then all of them are lost and an empty cluster has their addresses."""

import time
from itertools import count
from typing import Any

from aiokafka.admin import AIOKafkaAdminClient
from aiokafka.errors import KafkaError

from services.chassis.kafka import ClusterWatch
from services.cli.cluster.acls import ADMIN
from tests.torture.processes import SECONDS, Worker, say, until
from tests.torture.three import PARTITIONS, Scene


async def test_leaders_die_and_nothing_is_lost(scene: Scene) -> None:
    """The node that leads most partitions, with SIGKILL, and the relay that waits for its answer; both come back."""
    relays = [await scene.relay() for _ in range(2)]
    consumers = [await scene.consumer() for _ in range(2)]
    start = time.monotonic()
    connection = scene.three.cluster.connection("enrolment")
    async with scene.acknowledgements() as acknowledged, scene.load(), ClusterWatch(connection) as watch:
        await until(lambda: scene.holds(300), 40)
        for killed in count(1):  # noqa: B007 - reported
            leaders = [partition["leader"] for partition in await _partitions(scene)]
            node = max(set(leaders), key=leaders.count)
            await scene.three.cluster.kill(node)
            waiting, standby = sorted(relays, key=lambda relay: relay.says.get("state") == "leading", reverse=True)
            await waiting.kill()
            relays = [standby, await scene.relay()]
            assert len({await watch.cluster_id() for _ in range(20)}) == 1, "one node less is no other cluster"
            await until(lambda: _led_by_others(scene, node), 40, "new leaders")  # noqa: B023
            held = await scene.held()
            await until(lambda: scene.holds(held + 300), 40, "facts go on")  # noqa: B023
            await scene.three.cluster.restart(node)
            await until(lambda: _whole(scene), 60, "three copies again")
            if time.monotonic() - start > SECONDS:
                break
    await scene.caught_up()
    await _end(consumers)
    await scene.check()
    assert not acknowledged.went_back
    say(
        f"{await scene.held()} facts, {killed} leaders killed, longest between acknowledgements"
        f" {acknowledged.longest:.1f} s, append to visible <= {await scene.slowest():.1f} s"
    )


async def test_an_empty_cluster_at_the_same_addresses_gets_everything_again(scene: Scene) -> None:
    relay, consumers = await scene.relay(), [await scene.consumer() for _ in range(2)]
    async with scene.load(rate=400):
        await until(lambda: scene.holds(800), 40)
    await scene.caught_up()
    before, said = await scene.checksum(), await scene.held()
    first = relay.says["cluster_id"]
    lost = time.monotonic()
    await scene.three.cluster.destroy()
    await scene.three.cluster.start()
    await scene.three.furnish()
    back = time.monotonic()

    async def read_again() -> bool:
        return sum(consumer.says["duplicates"] for consumer in consumers) >= said

    await until(read_again, 60, "everything was published and read again")
    republished = time.monotonic()
    assert relay.says["cluster_id"] != first
    assert relay.says["republished"] == 1
    assert await scene.checksum() == before
    async with scene.load():
        await until(lambda: scene.holds(said + 200), 40, "facts go on")
    await scene.caught_up()
    await _end(consumers)
    await scene.check()
    say(f"{said} facts, cluster away for {back - lost:.1f} s, all of it again within {republished - back:.1f} s")


async def _end(consumers: list[Worker]) -> None:
    for consumer in consumers:
        await consumer.end()


async def _partitions(scene: Scene) -> list[dict[str, Any]]:
    """What the cluster says of them; nothing while it does not answer."""
    admin = AIOKafkaAdminClient(**scene.three.cluster.connection(ADMIN).options())
    try:
        await admin.start()
        (topic,) = await admin.describe_topics([scene.topic])
        return list(topic["partitions"])
    except (KafkaError, OSError):
        return []
    finally:
        await admin.close()


async def _led_by_others(scene: Scene, node: int) -> bool:
    leaders = {partition["leader"] for partition in await _partitions(scene)}
    return bool(leaders) and not leaders & {node, -1}


async def _whole(scene: Scene) -> bool:
    partitions = await _partitions(scene)
    return len(partitions) == PARTITIONS and all(len(partition["isr"]) == 3 for partition in partitions)
