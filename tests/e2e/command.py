"""The `reluth` command as a process of its own, as people and scripts run it."""

import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import psutil
from typer.testing import CliRunner, Result

from services.cli.embedded.state import marker, running
from services.cli.main import app

ROOT = Path(__file__).parents[2]
DEADLINE = 120.0


def environment(**more: str) -> dict[str, str]:
    """Ours, without what would configure the command."""
    ours = {name: value for name, value in os.environ.items() if not name.startswith(("RELUTH_", "OTEL_"))}
    cache = {"RELUTH_CACHE": os.environ["RELUTH_CACHE"]} if "RELUTH_CACHE" in os.environ else {}
    return ours | cache | {"PYTHONPATH": str(ROOT)} | more


def reluth(*arguments: str | Path, **more: str) -> subprocess.CompletedProcess[str]:
    """Run a command to its end."""
    return subprocess.run(
        [sys.executable, "-m", "services.cli", *map(str, arguments)],
        capture_output=True,
        text=True,
        timeout=DEADLINE,
        env=environment(**more),
        check=False,
    )


def here(*arguments: str | Path) -> Result:
    """Run a command in this process, which is quicker; for tests that are not coroutines."""
    return CliRunner().invoke(app, list(map(str, arguments)))


class Process:
    """A command that goes on, in a process group of its own as a shell would give it. Its output is in a file."""

    def __init__(self, output: Path, *arguments: str | Path, **more: str) -> None:
        self.output = output
        with output.open("w") as out:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "services.cli", *map(str, arguments)],
                stdin=subprocess.DEVNULL,
                stdout=out,
                stderr=out,
                env=environment(**more),
                start_new_session=True,
            )

    @property
    def says(self) -> str:
        """What it has printed."""
        return self.output.read_text()

    def until(self, holds: Callable[[], object], what: str = "") -> None:
        """Wait for something while it runs."""
        deadline = time.monotonic() + DEADLINE
        while not holds():
            assert self.process.poll() is None, f"ended with {self.process.returncode}: {self.says}"
            assert time.monotonic() < deadline, f"{what} did not come: {self.says}"
            time.sleep(0.01)

    def until_it_says(self, pattern: str) -> None:
        """Wait for a line."""
        self.until(lambda: re.search(pattern, self.says), pattern)

    def ended(self) -> int:
        """Wait for its end, without asking for it."""
        return self.process.wait(DEADLINE)

    def interrupt(self) -> int:
        """Ctrl-C in its terminal: the whole foreground group gets it."""
        os.killpg(self.process.pid, signal.SIGINT)
        return self.ended()

    def kill(self) -> None:
        """kill -9 of its process group."""
        os.killpg(self.process.pid, signal.SIGKILL)
        self.ended()


@contextmanager
def going(output: Path, state: Path, *arguments: str | Path, **more: str) -> Iterator[Process]:
    """A command on a state directory; whatever happens, nothing of it is left at the end."""
    process = Process(output, *arguments, "--state-dir", state, **more)
    try:
        yield process
    finally:
        if process.process.poll() is None:
            process.kill()
        for left in belonging(state):
            left.kill()
        psutil.wait_procs(belonging(state), timeout=DEADLINE)


def belonging(state: Path) -> list[psutil.Process]:
    """Servers and services of a state directory that are alive."""
    marks = {marker(state.resolve()), f"-D{marker(state.resolve())}"}
    found = []
    for process in psutil.process_iter():
        try:
            if marks & set(process.cmdline()) and process.status() != psutil.STATUS_ZOMBIE:
                found.append(process)
        except psutil.Error:
            continue
    return found


def kill_servers(state: Path) -> None:
    """kill -9 of the database and the broker as well, which live in groups of their own."""
    for process in belonging(state):
        process.kill()
    run = running(state)
    assert run is None, "its owner is gone"
