"""A client that costs little: raw HTTP/1.1 on kept connections, in a process of its own.

Reads a plan (JSON) from the standard input and writes what it saw (JSON) to the standard output. Without a rate each
connection sends its next request as soon as it has the last answer; with one, requests fall due evenly, and latency is
counted from when a request was due: a slow answer also delays what waits behind it.
"""

import asyncio
import itertools
import json
import sys
import time
from collections import Counter, deque
from collections.abc import Iterator
from typing import Any


class Connection(asyncio.Protocol):
    """One kept connection with at most one request under way."""

    def __init__(self, load: "Load") -> None:
        self._load, self._due, self._received = load, 0.0, b""

    def connection_made(self, transport: Any) -> None:
        """Ready for work."""
        self._transport = transport
        self._load.idle(self)

    def send(self, request: bytes, due: float) -> None:
        """Send one request that was due at that time."""
        self._due = due
        self._transport.write(request)

    def data_received(self, data: bytes) -> None:
        """Take the answer; when it is whole, ask for more work."""
        self._received += data
        end = self._received.find(b"\r\n\r\n")
        if end < 0:
            return
        head = self._received[:end].lower()
        at = head.index(b"content-length:") + 15
        length = int(head[at : (head + b"\r").index(b"\r", at)])
        if len(self._received) < end + 4 + length:
            return
        status, body = int(head[9:12]), self._received[end + 4 :]
        self._received = b""
        self._load.answered(status, body, time.perf_counter() - self._due)
        self._load.idle(self)

    def connection_lost(self, error: Exception | None) -> None:
        """The service closed: its answer, if one was due, never came."""
        self._load.lost += 1


class Load:
    """The requests of one run, and what became of them."""

    def __init__(self, plan: dict[str, Any]) -> None:
        self.statuses: Counter[int] = Counter()
        self.latencies: list[float] = []
        self.lost = 0
        self.sample = b""
        self._plan, self._requests = plan, _requests(plan)
        self._free: deque[Connection] = deque()
        self._waiting: deque[float] = deque()
        self._over = False

    async def run(self) -> dict[str, Any]:
        """Send for so many seconds, wait for the last answers, and say what was seen."""
        loop, plan = asyncio.get_running_loop(), self._plan
        begun = time.perf_counter()
        for _ in range(plan["connections"]):
            await loop.create_connection(lambda: Connection(self), plan["host"], plan["port"])
        if plan["rate"]:
            await self._arrivals(begun, plan["rate"])
        else:
            await asyncio.sleep(plan["seconds"])
        self._over = True
        spent = time.perf_counter() - begun
        seen = sum(self.statuses.values())
        while len(self._free) < plan["connections"] - self.lost:
            await asyncio.sleep(0.01)
        ordered = sorted(self.latencies) or [0.0]
        return {
            "requests": sum(self.statuses.values()),
            "per_second": seen / spent,
            "statuses": dict(self.statuses),
            "lost": self.lost,
            "p50_ms": 1000 * ordered[len(ordered) // 2],
            "p99_ms": 1000 * ordered[len(ordered) * 99 // 100],
            "max_ms": 1000 * ordered[-1],
            "client_cpu": time.process_time() / spent,
            "refused": self.sample.decode(errors="replace"),
        }

    async def _arrivals(self, begun: float, rate: float) -> None:
        sent = 0
        while (now := time.perf_counter()) < begun + self._plan["seconds"]:
            while begun + sent / rate <= now:
                self._waiting.append(begun + sent / rate)
                sent += 1
            while self._waiting and self._free:
                self._free.popleft().send(next(self._requests), self._waiting.popleft())
            await asyncio.sleep(max(begun + sent / rate - time.perf_counter(), 0))

    def idle(self, connection: Connection) -> None:
        """Give a connection its next request, or keep it until one is due."""
        if self._waiting:
            connection.send(next(self._requests), self._waiting.popleft())
        elif self._over or self._plan["rate"]:
            self._free.append(connection)
        else:
            connection.send(next(self._requests), time.perf_counter())

    def answered(self, status: int, body: bytes, seconds: float) -> None:
        """Note one answer."""
        self.statuses[status] += 1
        self.latencies.append(seconds)
        if status >= 300 and not self.sample:
            self.sample = body


def _requests(plan: dict[str, Any]) -> Iterator[bytes]:
    """The plan's requests in turn, each time under a new idempotency key."""
    parts = [
        (
            f"POST {r['path']} HTTP/1.1\r\nHost: {plan['host']}\r\nAuthorization: Bearer {r['token']}\r\n"
            f"Content-Type: application/json\r\nContent-Length: {len(r['body'])}\r\nIdempotency-Key: {plan['run']}-",
            f"\r\n\r\n{r['body']}",
        )
        for r in plan["requests"]
    ]
    for number, (before, after) in enumerate(itertools.cycle(parts)):
        yield f"{before}{number}{after}".encode()


if __name__ == "__main__":
    json.dump(asyncio.run(Load(json.load(sys.stdin)).run()), sys.stdout)
