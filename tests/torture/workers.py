"""Replicas of a source and of a consuming service as processes, so that SIGSTOP and kill -9 mean something.

Their parts are those that the assembly puts together for a service; facts, names and a few durations are the test's.
Orders come as lines of JSON: the first says what to be, later ones where to stop (SIGSTOP); when there are no more, the
process ends cleanly. It writes a line whenever what it would tell a health page has changed.
"""

import asyncio
import json
import os
import random
import signal
import sys
from collections.abc import Sequence
from contextlib import AsyncExitStack
from dataclasses import asdict, dataclass, replace
from typing import Any

from contracts.events.enrolment import TOPIC
from contracts.events.registry import Registry
from contracts.events.wire import Message
from services.chassis import assembly, pool
from services.chassis.assembly import Opened, ServiceSpec, opened
from services.chassis.auth.outgoing import NobodyToAsk
from services.chassis.auth.policy import Policy
from services.chassis.background import Backoff
from services.chassis.clock import system_clock
from services.chassis.inbox.conformance import Noted, Trails
from services.chassis.inbox.kafka import KafkaConsumer
from services.chassis.relay.port import Producer
from services.chassis.relay.relay import Relay
from services.chassis.settings import Settings, settings_of
from services.cli import catalogue


class Told(Noted, name="test.told", version=1, topic=TOPIC):
    """A number about a subject, told on a topic that the contracts know."""


REGISTRY = Registry([Told])
SOURCE: ServiceSpec[None] = ServiceSpec("enrolment", "tells", REGISTRY, Policy({}), (), lambda parts: None)


def trails(forgiving: bool = False) -> Trails:
    """The read model. `forgiving`: as the mended program folds it."""
    return Trails(handles=(Told,), forgiving=forgiving)


def reader(forgiving: bool = False) -> ServiceSpec[None]:
    """The service that listens."""
    return ServiceSpec(
        "analytics",
        "listens",
        REGISTRY,
        Policy({}),
        (),
        lambda parts: None,
        subscriptions=(TOPIC,),
        projections=lambda: (trails(forgiving),),
    )


@dataclass(slots=True)
class Stops:
    """The place at which the process is to stop itself next."""

    place: str | None = None

    def here(self, place: str) -> None:
        """Stop, if this is the place; goes on when somebody sends SIGCONT."""
        if self.place == place:
            self.place = None
            os.kill(os.getpid(), signal.SIGSTOP)


class Stoppable:
    """A producer whose process can stop before, in the middle of and after a send, and half-way in its announcement."""

    def __init__(self, producer: Producer, stops: Stops, rng: random.Random) -> None:
        self._producer, self._stops, self._rng = producer, stops, rng

    def __getattr__(self, name: str) -> Any:
        return getattr(self._producer, name)

    async def mark(self, *given: Any) -> Any:
        result = await self._producer.mark(*given)
        self._stops.here("marked")
        return result

    async def send(self, messages: Sequence[Message]) -> None:
        self._stops.here("before")
        sending = asyncio.ensure_future(self._producer.send(messages))
        if self._stops.place == "in":
            for _ in range(self._rng.randrange(40)):  # as far as it comes in so many turns of the loop
                await asyncio.sleep(0)
            if not sending.done():
                self._stops.here("in")
        await sending
        self._stops.here("after")


def relay(service: Opened[None], loop: Relay, order: dict[str, Any], stops: Stops) -> Relay:
    """The relay of a source."""
    start, rng = loop.producer, random.Random(order["seed"])
    loop.producer = lambda: Stoppable(start(), stops, rng)  # type: ignore[assignment,return-value]
    loop.settings = replace(loop.settings, lease=order["lease"], cluster_check=0.5, batch=50)
    return loop


def consumer(service: Opened[None], loop: KafkaConsumer, order: dict[str, Any], stops: Stops) -> KafkaConsumer:
    """The consumer of a listening service. It can stop with a fetch in hand, in its transaction, and right after it."""
    receive, apply = service.inbox.receive, service.projections.apply

    async def stoppable_receive(*arguments: Any) -> Any:
        stops.here("fetched")
        result = await receive(*arguments)
        stops.here("stored")
        return result

    async def stoppable_apply(*arguments: Any) -> Any:
        result = await apply(*arguments)
        stops.here("transaction")
        return result

    service.inbox.receive = stoppable_receive  # type: ignore[method-assign]
    service.projections.apply = stoppable_apply  # type: ignore[method-assign]
    loop.settings = replace(loop.settings, session=order["session"], batch=50, poll=0.1, cluster_check=0.5)
    return loop


def _state(service: Opened[None], loop: Relay | KafkaConsumer) -> dict[str, Any]:
    inbox = service.inbox.status
    return asdict(loop.status) | {"stored": inbox.stored, "duplicates": inbox.duplicates}


async def _report(service: Opened[None], loop: Relay | KafkaConsumer) -> None:
    said: dict[str, Any] = {}
    while True:
        if (state := _state(service, loop)) != said:
            said = state
            sys.stdout.write(json.dumps(state, default=str) + "\n")
            sys.stdout.flush()
        await asyncio.sleep(0.02)


async def _orders() -> asyncio.StreamReader:
    lines = asyncio.StreamReader()
    await asyncio.get_running_loop().connect_read_pipe(lambda: asyncio.StreamReaderProtocol(lines), sys.stdin)
    return lines


async def work() -> None:
    """Be what the first order says until there are no more orders."""
    lines = await _orders()
    order = json.loads(await lines.readline())
    relays = order["role"] == "relay"
    spec = SOURCE if relays else reader(order["forgiving"])
    settings: Settings = settings_of(spec.name, **order["settings"])
    stops, pool.PAUSE_SECONDS = Stops(), order["pause"]
    async with AsyncExitStack() as stack:
        service = await stack.enter_async_context(opened(spec, settings, system_clock, NobodyToAsk))
        loops: Any = assembly._loops(spec, settings, service)
        if relays:
            loop = relay(service, loops["relay"], order, stops)
        else:
            await service.projections.start()
            loop = consumer(service, loops["inbox"], order, stops)
        loop.backoff = Backoff(0.02, 0.5)
        reporting = asyncio.create_task(_report(service, loop))
        running = asyncio.create_task(loop.run())
        await asyncio.sleep(0)  # a stop before the start would be forgotten
        while line := await lines.readline():
            stops.place = json.loads(line)["stop"]
        loop.stop()
        await running
        reporting.cancel()


def command(program: str, arguments: list[str]) -> None:
    """`reluth`, where the listening service is the one of these tests, broken or mended."""
    catalogue.spec = lambda name: SOURCE if name == SOURCE.name else reader(forgiving=program == "mended")
    from services.cli.__main__ import main

    sys.argv = ["reluth", *arguments]
    main()


if __name__ == "__main__":
    if sys.argv[1:]:
        command(sys.argv[1], sys.argv[2:])
    else:
        asyncio.run(work())
