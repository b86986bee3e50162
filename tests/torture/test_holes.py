"""A consumer says that it holds exactly 1..n of its source; a hole made by hand in Kafka is named, never skipped."""

import json
import socket
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from datetime import timedelta

import httpx
import pytest
from aiokafka import AIOKafkaProducer, TopicPartition
from aiokafka.admin import AIOKafkaAdminClient, RecordsToDelete

from contracts.events.wire import Message, to_headers
from services.chassis.inbox import inbox
from services.chassis.inbox.conformance import STUDY
from services.chassis.relay.render import render
from services.chassis.settings import settings_of
from services.cli.cluster.acls import ADMIN
from services.cli.serving import serving
from tests.torture.processes import until
from tests.torture.three import PARTITIONS, Scene, folded
from tests.torture.workers import reader

PATIENCE = 3.0


@pytest.fixture(autouse=True)
def patience(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(inbox, "PATIENCE", timedelta(seconds=PATIENCE))


class Shown:
    """The listening service as people see it."""

    def __init__(self, scene: Scene, url: str, client: httpx.AsyncClient) -> None:
        self._scene, self.url, self._client = scene, url, client

    async def holds(self) -> tuple[int, str]:
        """Status and words of /health/consistency."""
        answer = await self._client.get(f"{self.url}/health/consistency")
        page = answer.json()
        page = page.get("context", page)
        return answer.status_code, page["checks"]["inbox"].get(self._scene.topic, "")

    async def says(self, status: int, words: str) -> bool:
        return await self.holds() == (status, words)

    async def command(self) -> tuple[str, str]:
        """What `reluth status` makes of it."""
        urls = json.dumps({"analytics": self.url})
        _, output = await self._scene.reluth("status", "--json", RELUTH_UPSTREAM_URLS=urls)
        found = json.loads(output[output.index("{") :])["analytics"]["consistency"]
        return found["status"], found["checks"]["inbox"][self._scene.topic]


@asynccontextmanager
async def shown(scene: Scene) -> AsyncIterator[Shown]:
    """The service behind HTTP, in this process."""
    given = scene.settings["analytics"]
    settings = settings_of("analytics", **given, oidc_issuer="http://127.0.0.1:9", log_file=scene.room / "service.log")
    listener = socket.create_server(("127.0.0.1", 0))
    async with serving("analytics", reader().create(settings), listener), httpx.AsyncClient(timeout=10) as client:
        yield Shown(scene, f"http://127.0.0.1:{listener.getsockname()[1]}", client)


async def tell(scene: Scene, count: int, subjects: int = 10) -> None:
    for n in range(count):
        await scene.tell(f"01-{n % subjects + 1:03d}")


async def test_a_record_left_out_is_named_and_holds_up_its_subject_alone(scene: Scene) -> None:
    await tell(scene, 60)
    outbox = [render(stored, "enrolment") for stored in await scene.source.log.read_outbox(0, 100)]
    lost = outbox[scene.rng.randrange(5, 45)]
    async with shown(scene) as service:
        await _produce(scene, [message for message in outbox if message is not lost])
        hole = f"{lost.topic_pos} of 1..60"
        await until(lambda: service.says(200, f"waiting for {hole}"), 40)
        since = time.monotonic()
        await until(lambda: service.says(503, f"missing {hole}"), 30)
        assert time.monotonic() - since > PATIENCE / 2, "a moment is no failure"
        assert await service.command() == ("failed", f"missing {hole}")
        subject = lost.key.removeprefix(f"{STUDY}/")
        expected = {f"{STUDY}/{s}": folded(numbers) for s, numbers in scene.told.items()}
        expected[lost.key] = folded(scene.told[subject][: lost.key_seq - 1])
        assert await scene.rows() == {key: trail for key, trail in expected.items() if trail.count}
        (parked,) = await scene.service.parking.list()
        assert parked.key == f"{scene.topic} {lost.key}"
        await _produce(scene, [lost])
        await until(lambda: service.says(200, "exactly 1..60"), 30)
        assert await service.command() == ("ok", "exactly 1..60")
    await scene.check()


async def _records_deleted(scene: Scene, admin: AIOKafkaAdminClient) -> None:
    everything = RecordsToDelete(before_offset=-1)
    await admin.delete_records({TopicPartition(scene.topic, n): everything for n in range(PARTITIONS)})


async def _topic_recreated(scene: Scene, admin: AIOKafkaAdminClient) -> None:
    await admin.delete_topics([scene.topic])
    await until(lambda: _gone(scene, admin), 30, "the topic is gone")
    await scene.three.furnish()


async def _gone(scene: Scene, admin: AIOKafkaAdminClient) -> bool:
    return scene.topic not in await admin.list_topics()


@pytest.mark.parametrize("lose", [_records_deleted, _topic_recreated])
async def test_what_the_broker_lost_is_named_and_comes_back(
    scene: Scene, lose: Callable[[Scene, AIOKafkaAdminClient], Awaitable[None]]
) -> None:
    """The consumer holds 1..20 and is away while 21..50 are published and lost."""
    relay = await scene.relay()
    await tell(scene, 20)
    async with shown(scene) as service:
        await until(lambda: service.says(200, "exactly 1..20"), 40)
    await tell(scene, 30)
    await until(lambda: _published(scene, 50), 30)
    admin = AIOKafkaAdminClient(**scene.three.cluster.connection(ADMIN).options())
    await admin.start()
    try:
        await lose(scene, admin)
    finally:
        await admin.close()
    await tell(scene, 10)
    await until(lambda: _published(scene, 60), 40)
    async with shown(scene) as service:
        await until(lambda: service.says(503, "missing 21 to 50 of 1..60"), 40)
        assert await scene.held() == 20
        await relay.end()
        await scene.publish_again()
        await scene.relay()
        await until(lambda: service.says(200, "exactly 1..60"), 40)
    await scene.check()


async def _published(scene: Scene, count: int) -> bool:
    return await scene.acknowledged() == count


async def _produce(scene: Scene, messages: Sequence[Message]) -> None:
    """As a relay would, by hand."""
    producer = AIOKafkaProducer(**scene.three.cluster.connection("enrolment").options(), acks="all")
    await producer.start()
    try:
        for m in messages:
            await producer.send_and_wait(m.topic, m.value, m.key.encode(), headers=to_headers(m))
    finally:
        await producer.stop()
