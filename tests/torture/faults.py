"""What can happen to a system, chosen by a seed: each fault has a beginning, an end, and what came after it."""

import asyncio
import contextlib
import os
import signal
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from enum import StrEnum
from pathlib import Path
from random import Random
from subprocess import run
from typing import Any

import asyncpg
import psutil

from services.cli.catalogue import NAMES
from tests.torture.system import BROKER, DATABASE, Whole

DAY = 86_400


class Kind(StrEnum):
    """Kinds of faults."""

    KILL = "kill -9"
    PAUSE = "SIGSTOP"
    BACKEND = "kill -9 of a database session"
    RESET = "connections reset"
    REFUSED = "connections refused"
    CLOCK = "clock jump"
    DISK_FULL = "disk full"
    GONE = "gone"


@dataclass(slots=True)
class Fault:
    """One fault. Times are seconds since 1970; `answers` and `caught_up` seconds from its end to that moment."""

    kind: Kind
    target: str
    seconds: float = 0.0
    begun: float = 0.0
    ended: float = 0.0
    answers: float | None = None
    caught_up: float | None = None

    def as_json(self) -> dict[str, Any]:
        return asdict(self)


@dataclass(slots=True)
class Injector:
    """Does to the system what it is told, and remembers it. `disk`: where the database's own file system is mounted."""

    system: Whole
    disk: Path | None = None
    done: list[Fault] = field(default_factory=list)

    async def inject(self, fault: Fault) -> None:
        """From the beginning of the fault to its end; what it broke is not mended here."""
        fault.begun = time.time()
        self.done.append(fault)
        try:
            await self._do(fault)
        finally:  # also when the time of the whole run is over
            fault.ended = time.time()

    async def _do(self, fault: Fault) -> None:
        match fault.kind:
            case Kind.KILL:
                await self._kill(fault.target)
            case Kind.PAUSE:
                await self._pause(fault.target, fault.seconds)
            case Kind.BACKEND:
                self._kill_backend(fault.seconds)
            case Kind.RESET:
                self.system.proxies[fault.target].reset()
            case Kind.REFUSED:
                await self._refuse(fault.target, fault.seconds)
            case Kind.CLOCK:
                await self._turn_clock(fault.target, fault.seconds)
            case Kind.DISK_FULL:
                await self._fill(fault.seconds)
            case Kind.GONE:
                await self._take_away(fault.target, fault.seconds)

    async def _kill(self, target: str) -> None:
        pid = self.system.pid(target)
        if pid is not None:
            os.kill(pid, signal.SIGKILL)
            await _until_gone(pid)

    async def _pause(self, target: str, seconds: float) -> None:
        pid = self.system.pid(target)
        if pid is None:
            return
        os.kill(pid, signal.SIGSTOP)
        try:
            await asyncio.sleep(seconds)
        finally:
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGCONT)

    def _kill_backend(self, choice: float) -> None:
        """One session of the database's clients; the server then starts over by itself. `choice` is in [0, 1)."""
        pid = self.system.pid(DATABASE)
        if pid is None:
            return
        sessions = [child for child in psutil.Process(pid).children() if _is_session(child)]
        if sessions:
            with contextlib.suppress(psutil.Error):
                sessions[int(choice * len(sessions))].kill()

    async def _refuse(self, target: str, seconds: float) -> None:
        proxy = self.system.proxies[target]
        await proxy.refuse()
        try:
            await asyncio.sleep(seconds)
        finally:
            await proxy.start()

    async def _turn_clock(self, target: str, seconds: float) -> None:
        """Forward by a day, then back by one, each for a while."""
        clock = self.system.clock(target)
        for offset in (DAY, -DAY, 0):
            clock.write_text(str(offset))
            await asyncio.sleep(seconds / 2 if offset else 0)

    async def _fill(self, seconds: float) -> None:
        """Take what is free on the database's file system, whatever it frees meanwhile; its log then needs more."""
        assert self.disk is not None
        ballast = self.disk / "ballast"
        writing = asyncio.create_task(self._write_ahead())
        try:
            until = time.monotonic() + seconds
            with ballast.open("wb") as file:
                while time.monotonic() < until:
                    with contextlib.suppress(OSError):
                        free = os.statvfs(self.disk)
                        size = free.f_bavail * free.f_frsize
                        if size:
                            os.posix_fallocate(file.fileno(), file.seek(0, os.SEEK_END), size)
                    await asyncio.sleep(0.02)
        finally:
            writing.cancel()
            await asyncio.gather(writing, return_exceptions=True)
            ballast.unlink(missing_ok=True)

    async def _write_ahead(self) -> None:
        """Write to the database's log until it can hold no more: the next segment has no place."""
        with contextlib.suppress(OSError, asyncpg.PostgresError, asyncpg.InterfaceError, asyncpg.InternalClientError):
            admin = await asyncpg.connect(self.system.admin_url)
            try:
                while True:
                    await admin.execute("SELECT pg_logical_emit_message(false, 'torture', repeat('x', 1000000))")
            finally:
                admin.terminate()

    async def _take_away(self, target: str, seconds: float) -> None:
        one = self.system.parts[target]
        one.hold()
        try:
            await self._kill(target)
            await asyncio.sleep(seconds)
        finally:
            one.release()


def some_fault(chance: Random, *, disk: bool) -> Fault:
    """A fault as a seed chooses it: most of them kills, of any process."""
    services = list(NAMES)
    kinds = {Kind.KILL: 12, Kind.PAUSE: 3, Kind.BACKEND: 1, Kind.RESET: 3, Kind.REFUSED: 1, Kind.CLOCK: 1}
    kinds[Kind.DISK_FULL] = int(disk)
    kind = chance.choices(list(kinds), list(kinds.values()))[0]
    match kind:
        case Kind.KILL:
            return Fault(kind, chance.choice([*services, *services, BROKER, BROKER, DATABASE, DATABASE]))
        case Kind.PAUSE:
            return Fault(kind, chance.choice([*services, BROKER]), chance.choice((0.5, 3.0, 12.0)))
        case Kind.BACKEND:
            return Fault(kind, DATABASE, chance.random())
        case Kind.RESET:
            return Fault(kind, chance.choice([*services, BROKER]))
        case Kind.REFUSED:
            return Fault(kind, chance.choice([*services, BROKER]), chance.uniform(0.5, 5.0))
        case Kind.DISK_FULL:
            return Fault(kind, DATABASE, chance.uniform(1.0, 5.0))
        case _:
            return Fault(kind, chance.choice(services), chance.uniform(1.0, 4.0))


@contextmanager
def small_disk(path: Path, megabytes: int) -> Iterator[Path | None]:
    """A file system of its own in memory, None where this account may not mount one."""
    path.mkdir(parents=True)
    mounted = run(
        ["mount", "-t", "tmpfs", "-o", f"size={megabytes}m,mode=0755", "torture", str(path)],
        capture_output=True,
        check=False,
    )
    if mounted.returncode != 0:
        yield None
        return
    try:
        yield path
    finally:
        run(["umount", "--lazy", str(path)], capture_output=True, check=False)


def _is_session(process: psutil.Process) -> bool:
    """A session of a client, by its title: `postgres: enrolment_app enrolment 127.0.0.1(40000) idle`."""
    with contextlib.suppress(psutil.Error):
        title = " ".join(process.cmdline())
        return any(f" {name}_app {name} " in title for name in NAMES)
    return False


async def _until_gone(pid: int) -> None:
    async with asyncio.timeout(10):
        while psutil.pid_exists(pid) and psutil.Process(pid).status() != psutil.STATUS_ZOMBIE:
            await asyncio.sleep(0.005)
