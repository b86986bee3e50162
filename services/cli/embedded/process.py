"""One server process: started in a group of its own, watched until ready, stopped by signals in order."""

import asyncio
import os
import signal
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import BinaryIO

_TRAMPOLINE = Path(__file__).with_name("child.py")
_TAIL_BYTES = 4_000
_LOG_LIMIT = 10 * 1024 * 1024


class StartFailed(RuntimeError):
    """A server did not come up; the message ends with the last lines of its log."""


class ServerEnded(RuntimeError):
    """A server ended while it was in use; the message ends with the last lines of its log."""


class Child:
    """A running server and what it takes to stop it. Made by `spawn`, on a thread that lives as long as the server.

    Hazard: Linux sends the death signal when the *thread* that forked ends, so an event loop in a short-lived thread
    would take its servers down with it.
    """

    def __init__(self, name: str, process: asyncio.subprocess.Process, log: Path, log_start: int) -> None:
        self.name = name
        self.log = log
        self._log_start = log_start
        self._process = process

    @classmethod
    async def spawn(
        cls,
        name: str,
        program: Sequence[str | Path],
        *,
        directory: Path,
        log: Path,
        death_signal: signal.Signals,
        account: int | None = None,
        environment: Mapping[str, str] | None = None,
    ) -> "Child":
        """Start `program` in `directory`, its output appended to `log` (kept below 20 MB in two files).

        `environment` is added to ours: the way for secrets, which a command line would show to everybody.
        """
        with _open_log(log) as output:
            log_start = output.tell()
            process = await asyncio.create_subprocess_exec(
                *_trampoline(program, directory, death_signal, account),
                stdin=asyncio.subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                env=_environment() | dict(environment or {}),
            )
        return cls(name, process, log, log_start)

    @property
    def pid(self) -> int:
        """The process id: the same before and after exec."""
        return self._process.pid

    @property
    def running(self) -> bool:
        """Whether it has not ended yet."""
        return self._process.returncode is None

    async def ended(self) -> ServerEnded:
        """Wait for an end that nobody asked for, and describe it."""
        status = await self._process.wait()
        return ServerEnded(f"{self.name} ended by itself with status {status}. {self._last_words()}")

    async def stop(self, *steps: tuple[signal.Signals, float]) -> None:
        """Send each signal and give it its seconds; SIGKILL if none of them helped."""
        for signum, seconds in steps:
            if not self.running:
                return
            self._process.send_signal(signum)
            try:
                await asyncio.wait_for(self._process.wait(), seconds)
            except TimeoutError:
                continue
        if self.running:
            self._process.kill()
            await self._process.wait()

    def tail(self) -> str:
        """The last lines of what this process printed, for a person who has to find out why it ended."""
        with self.log.open("rb") as log:
            log.seek(max(self._log_start, self.log.stat().st_size - _TAIL_BYTES))
            return log.read().decode(errors="replace").strip()

    def failed(self, why: str) -> StartFailed:
        """The error for a server that is not there."""
        return StartFailed(f"{self.name} {why}. {self._last_words()}")

    def _last_words(self) -> str:
        return f"Its log, {self.log}, ends:\n{self.tail()}"


async def run(
    program: Sequence[str | Path],
    *,
    directory: Path,
    account: int | None = None,
    environment: Mapping[str, str] | None = None,
) -> str:
    """Run a program that ends by itself (initdb, a format tool) and return what it printed; StartFailed if it fails.

    `environment` as in `Child.spawn`.
    """
    process = await asyncio.create_subprocess_exec(
        *_trampoline(program, directory, signal.SIGKILL, account),
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
        env=_environment() | dict(environment or {}),
    )
    try:
        output, _ = await process.communicate()
    except asyncio.CancelledError:
        process.kill()
        await process.wait()
        raise
    text = output.decode(errors="replace")
    if process.returncode != 0:
        raise StartFailed(f"{Path(program[0]).name} ended with status {process.returncode}:\n{text[-_TAIL_BYTES:]}")
    return text


def _trampoline(
    program: Sequence[str | Path], directory: Path, death_signal: signal.Signals, account: int | None
) -> list[str]:
    become = [] if account is None else ["--account", str(account)]
    options = ["--parent", str(os.getpid()), "--death-signal", str(int(death_signal)), *become]
    options += ["--directory", str(directory)]
    return [sys.executable, "-I", "-S", str(_TRAMPOLINE), *options, "--", *map(str, program)]


def _environment() -> dict[str, str]:
    """Ours, in UTF-8 whatever the terminal says: with LANG=C, Java cannot read a path with an accent."""
    return os.environ | {"LC_ALL": "C.UTF-8"}


def _open_log(log: Path) -> BinaryIO:
    if log.exists() and log.stat().st_size > _LOG_LIMIT:
        log.replace(log.with_suffix(f"{log.suffix}.1"))
    return os.fdopen(os.open(log, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600), "ab")
