"""Processes that can be stopped, woken and killed, and what scenarios need to wait, to choose and to report."""

import asyncio
import json
import os
import random
import signal
import sys
import time
from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

import psutil

ROOT = Path(__file__).parents[2]
SECONDS = float(os.environ.get("RELUTH_TORTURE_SECONDS", "0"))
"""How long a scenario goes on at least; without it, as briefly as it can be and still mean something."""


def seeded(name: str) -> random.Random:
    """The chances of a scenario, the same again with RELUTH_TORTURE_SEED; the seed is printed."""
    seed = os.environ.get("RELUTH_TORTURE_SEED") or random.randrange(10**6)
    say(f"{name}: RELUTH_TORTURE_SEED={seed}")
    return random.Random(f"{seed} {name}")


def say(text: str) -> None:
    """To the terminal of somebody who looks (`-s`), and into the report of a failure."""
    sys.stdout.write(f"\n  {text}")
    sys.stdout.flush()


async def until(condition: Callable[[], Awaitable[bool] | bool], seconds: float = 30.0, what: str = "") -> None:
    """Wait until it is so; fail after a while, saying what did not come about."""
    deadline = time.monotonic() + seconds
    while not (found if isinstance(found := condition(), bool) else await found):
        assert time.monotonic() < deadline, f"not within {seconds:g} s: {what or condition}"
        await asyncio.sleep(0.02)


class Worker:
    """A process of `tests.torture.workers`. `says` is the last line that it wrote."""

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        self._process, self.says = process, dict[str, Any]()
        self._listening = asyncio.create_task(self._listen())

    @classmethod
    async def start(cls, order: Mapping[str, Any], log: Path) -> "Worker":
        with log.open("ab") as errors:
            process = await asyncio.create_subprocess_exec(
                *(sys.executable, "-m", "tests.torture.workers"),
                cwd=ROOT,
                stdin=asyncio.subprocess.PIPE,
                stdout=asyncio.subprocess.PIPE,
                stderr=errors,
            )
        worker = cls(process)
        worker.order(order)
        return worker

    async def _listen(self) -> None:
        assert self._process.stdout is not None
        async for line in self._process.stdout:
            self.says = json.loads(line)

    def order(self, order: Mapping[str, Any]) -> None:
        assert self._process.stdin is not None
        self._process.stdin.write(json.dumps(order).encode() + b"\n")

    @property
    def running(self) -> bool:
        return self._process.returncode is None

    def stopped(self) -> bool:
        """Whether it stands still; fails if it has ended."""
        assert self.running, f"the worker ended with {self._process.returncode}"
        return psutil.Process(self._process.pid).status() == psutil.STATUS_STOPPED

    def freeze(self) -> None:
        self._process.send_signal(signal.SIGSTOP)

    def wake(self) -> None:
        self._process.send_signal(signal.SIGCONT)

    async def kill(self) -> None:
        with suppress(ProcessLookupError):
            self._process.kill()
        await self._process.wait()
        self._listening.cancel()

    async def end(self) -> None:
        """Let it finish what it has in hand, as SIGTERM lets a service."""
        assert self._process.stdin is not None
        self._process.stdin.close()
        assert await asyncio.wait_for(self._process.wait(), 30) == 0
        await self._listening
