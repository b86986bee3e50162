"""Two relays of one service at once: one stands still for longer than its lease and wakes up as a zombie."""

import time
from collections import Counter, defaultdict
from itertools import count

from aiokafka import AIOKafkaConsumer, TopicPartition

from contracts.events.wire import from_headers
from tests.torture.processes import SECONDS, Worker, say, until
from tests.torture.three import PARTITIONS, Scene
from tests.torture.workers import Told

PLACES = ("in", "marked", "before", "after", None)
"""Where the relay stands still: in the middle of a send, half-way in the announcement of its term, before a send, after
it and before the cursor moves, anywhere."""
BATCH = 50


async def test_a_relay_that_wakes_up_too_late_is_fenced(scene: Scene) -> None:
    relays = [await scene.relay(lease=1.5) for _ in range(2)]
    consumer = await scene.consumer()
    await until(lambda: all(worker.says for worker in (*relays, consumer)), 30, "all have started")
    done, start = Counter[str](), time.monotonic()
    async with scene.acknowledgements() as acknowledged, scene.load():
        for turn in count():
            place = PLACES[turn] if turn < 2 else scene.rng.choice(PLACES[2:])
            done[f"stopped: {place}"] += 1
            await until(lambda: any(map(_leads, relays)), 30, "somebody leads")
            leading, standby = sorted(relays, key=_leads, reverse=True)
            zombie, other = (standby, leading) if place == "marked" else (leading, standby)
            fenced = zombie.says["fenced"]
            await _stop(zombie, place, other)
            await until(lambda: _leads(other), 30, "the other leads")  # noqa: B023
            more = other.says["published"] + scene.rng.randrange(10, 200)
            await until(lambda: other.says["published"] >= more, 30, "the other publishes")  # noqa: B023
            zombie.wake()
            await until(lambda: zombie.says["fenced"] > fenced, 30, "the zombie is fenced")  # noqa: B023
            assert consumer.says["state"] == "consuming", consumer.says
            if turn >= 2 and time.monotonic() - start > SECONDS:
                break
    await scene.caught_up()
    for worker in (*relays, consumer):
        await worker.end()
    await scene.check()
    assert not acknowledged.went_back
    doubled, ends = await _doubled(scene), sum(relay.says["fenced"] + relay.says["failures"] for relay in relays)
    assert doubled <= BATCH * ends, "who is fenced sends what it has in hand, no more"
    assert consumer.says["duplicates"] == doubled
    say(
        f"{await scene.held()} facts, {dict(done)}, {doubled} sent twice, longest between acknowledgements"
        f" {acknowledged.longest:.1f} s, append to visible <= {await scene.slowest():.1f} s"
    )


async def _stop(zombie: Worker, place: str | None, other: Worker) -> None:
    """It stands still, and the other takes over. Half-way in its announcement: it had just taken over itself."""
    if place is None:
        zombie.freeze()
    else:
        zombie.order({"stop": place})
    if place == "marked":
        other.freeze()
    await until(zombie.stopped, 30, f"stopped at {place}")
    if place == "marked":
        fenced = other.says["fenced"]
        other.wake()
        await until(lambda: other.says["fenced"] > fenced, 30, "the one before is fenced as well")
    else:
        epoch = zombie.says["epoch"]
        await until(lambda: other.says["epoch"] > epoch, 30, "the other has taken over")


def _leads(relay: Worker) -> bool:
    return relay.says.get("state") == "leading"


async def _doubled(scene: Scene) -> int:
    """How many records repeat an earlier one; no place has two facts, and first copies are in order by key."""
    consumer = AIOKafkaConsumer(**scene.three.cluster.connection("analytics").options(), auto_offset_reset="earliest")
    await consumer.start()
    try:
        partitions = [TopicPartition(scene.topic, n) for n in range(PARTITIONS)]
        consumer.assign(partitions)
        ends = await consumer.end_offsets(partitions)
        facts: dict[int, str] = {}
        last: dict[str, int] = defaultdict(int)
        doubled = 0
        while any([await consumer.position(tp) < end for tp, end in ends.items()]):
            for records in (await consumer.getmany(timeout_ms=200)).values():
                for record in records:
                    if dict(record.headers)["ce_type"] != Told.type_name.encode():
                        continue  # a relay's announcement of itself
                    message = from_headers(record.topic, record.key, record.headers, record.value)
                    if message.topic_pos in facts:
                        assert facts[message.topic_pos] == message.chain
                        doubled += 1
                        continue
                    facts[message.topic_pos] = message.chain
                    assert message.key_seq == last[message.key] + 1
                    last[message.key] = message.key_seq
        assert sorted(facts) == list(range(1, await scene.held() + 1))
        return doubled
    finally:
        await consumer.stop()
