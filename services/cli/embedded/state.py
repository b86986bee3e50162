"""The state directory of an embedded system: one owner at a time, a record of its run, nothing left of the last one."""

import contextlib
import fcntl
import json
import os
import signal
import tempfile
import time
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import psutil

_LOCK, _RUN = "lock", "run.json"
_POSTGRES = "postgres"  # its data directory, as in postgres.py
_GRACE_SECONDS = 20.0
_SAME_START_SECONDS = 2.0  # psutil derives the start time from the boot time, which the clock's corrections move


class StateBusy(RuntimeError):
    """Another process runs on this state directory."""


class StateUnusable(RuntimeError):
    """The state directory cannot be used by this account."""


@dataclass(frozen=True)
class Running:
    """A process, told apart from a later one with the same pid by its start (seconds since the epoch)."""

    pid: int
    started: float

    @classmethod
    def of(cls, pid: int) -> "Running":
        """The process that has this pid now."""
        return cls(pid, psutil.Process(pid).create_time())

    def process(self) -> psutil.Process | None:
        """The process if it is still the same one and alive."""
        try:
            process = psutil.Process(self.pid)
            same = abs(process.create_time() - self.started) < _SAME_START_SECONDS
            return process if same and process.status() != psutil.STATUS_ZOMBIE else None
        except psutil.Error:
            return None


@dataclass(frozen=True)
class Run:
    """What run.json says of the run that wrote it: who owns the directory, its servers, where they answer."""

    owner: Running
    started_at: datetime
    children: dict[str, Running] = field(default_factory=dict)
    ports: dict[str, int] = field(default_factory=dict)
    urls: dict[str, str] = field(default_factory=dict)
    released: bool = False

    @classmethod
    def decode(cls, text: str) -> "Run":
        """The inverse of `encode`."""
        raw: dict[str, Any] = json.loads(text)
        return cls(
            owner=Running(**raw["owner"]),
            started_at=datetime.fromisoformat(raw["started_at"]),
            children={name: Running(**child) for name, child in raw["children"].items()},
            ports=raw["ports"],
            urls=raw["urls"],
            released=raw["released"],
        )

    def encode(self) -> str:
        """JSON for run.json."""
        return json.dumps(asdict(self) | {"started_at": self.started_at.isoformat()}, indent=2) + "\n"


class State:
    """A state directory held by this process. Made by `acquire`; everything below it belongs to the holder alone."""

    def __init__(self, path: Path, lock: int, last: Run | None) -> None:
        self.path = path
        self.last = last
        """The previous run: its ports are preferred again, so that a bookmarked URL survives a restart."""
        self._lock = lock
        self.run = Run(Running.of(os.getpid()), datetime.now(UTC))

    @classmethod
    def acquire(cls, path: Path) -> "State":
        """Create the directory (mode 0700; one that exists keeps its mode), take its lock, stop what a killed run left
        (blocks up to 20 s for that).

        Raises StateBusy, naming the holder, or StateUnusable. The lock is the kernel's (flock): it ends with the
        process, however it ends, and is seen across containers that share the directory.
        """
        path = path.expanduser().resolve()
        try:
            path.mkdir(parents=True, exist_ok=True, mode=0o700)
            lock = os.open(path / _LOCK, os.O_RDWR | os.O_CREAT, 0o600)
        except OSError as error:
            raise StateUnusable(
                f"{path} cannot be used ({error.strerror}): it belongs to another account, or lies in a place that this"
                " one may not write to. Run as that account, or choose another directory."
            ) from error
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            holder = os.read(lock, 100).decode() or "which is just starting"
            os.close(lock)
            raise StateBusy(
                f"{path} is in use by another run, {holder}. Stop that one, or choose another directory."
            ) from error
        try:
            os.ftruncate(lock, 0)
            os.pwrite(lock, f"process {os.getpid()}, since {datetime.now(UTC):%Y-%m-%d %H:%M:%S} UTC".encode(), 0)
            last = _read(path)
            stop_survivors(path, last)
            state = cls(path, lock, last)
            state.record()
        except BaseException:
            os.close(lock)
            raise
        return state

    def record(
        self,
        *,
        children: dict[str, int] | None = None,
        ports: dict[str, int] | None = None,
        urls: dict[str, str] | None = None,
    ) -> None:
        """Add to run.json (0600): children by pid, ports, URLs. Record a child right after its start."""
        added = {name: Running.of(pid) for name, pid in (children or {}).items()}
        self.run = replace(
            self.run,
            children=self.run.children | added,
            ports=self.run.ports | (ports or {}),
            urls=self.run.urls | (urls or {}),
        )
        write_private(self.path / _RUN, self.run.encode())

    def release(self) -> None:
        """Give the directory up, once every child has ended. run.json stays: the next run prefers its ports."""
        self.run = replace(self.run, children={}, released=True)
        write_private(self.path / _RUN, self.run.encode())
        os.ftruncate(self._lock, 0)
        os.close(self._lock)


def running(path: Path) -> Run | None:
    """The run that holds the directory now, for `status` and `down`; None if none does.

    Does not touch the lock: a look must never make a start fail.
    """
    run = _read(path.expanduser().resolve())
    return run if run and not run.released and run.owner.process() else None


def marker(path: Path) -> str:
    """The argument that every server carries on its command line, so that it can be known as this directory's.

    PostgreSQL takes it as a setting (`-c`), Java as a property (`-D`), Python as an option (`-X`).
    """
    return f"reluth.state={path}"


def survivors(path: Path, last: Run | None) -> Iterator[psutil.Process]:
    """Processes of a run that is gone: named by run.json, or known by their command line or working directory.

    Never a process of another directory or of an account that has none of ours: the whole marker must be an argument.
    """
    recorded = {child.pid for child in last.children.values() if child.process()} if last else set()
    data = path / _POSTGRES
    accounts = {os.geteuid()} | ({data.stat().st_uid} if data.exists() else set())
    marks = {marker(path), f"-D{marker(path)}"}
    for process in psutil.process_iter():
        with contextlib.suppress(psutil.Error):  # it ended, or is none of ours to look at
            if process.pid == os.getpid() or process.uids().real not in accounts:
                continue
            arguments = process.cmdline()
            marked = not marks.isdisjoint(arguments)
            # a backend has overwritten its arguments by a title; its working directory is the data directory
            backend = bool(arguments) and arguments[0].startswith("postgres:") and process.cwd() == str(data)
            if marked or backend or process.pid in recorded:
                yield process


def stop_survivors(path: Path, last: Run | None) -> None:
    """Stop what a killed run left, by id: politely, then not. Call with the lock held, so that none is anybody's."""
    found = list(survivors(path, last))
    for process in found:
        with contextlib.suppress(psutil.NoSuchProcess):
            # PostgreSQL waits for its clients on SIGTERM; SIGINT is its fast shutdown
            is_postgres = process.name().startswith("postgres")
            process.send_signal(signal.SIGINT if is_postgres else signal.SIGTERM)
    for process in _wait(found):
        with contextlib.suppress(psutil.NoSuchProcess):
            process.kill()
    if stuck := _wait(found):
        raise StateUnusable(f"processes of a previous run in {path} do not end: {[process.pid for process in stuck]}")


def _wait(processes: list[psutil.Process]) -> list[psutil.Process]:
    """Those that are still alive after the grace time. A zombie has ended, even where nobody collects orphans."""
    deadline = time.monotonic() + _GRACE_SECONDS
    while alive := [process for process in processes if _alive(process)]:
        if time.monotonic() > deadline:
            return alive
        time.sleep(0.02)
    return []


def _alive(process: psutil.Process) -> bool:
    try:
        return process.is_running() and process.status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False


def write_private(path: Path, text: str) -> None:
    """Replace a file as a whole, readable by this account alone: a reader sees the old or the new one, never half."""
    descriptor, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with os.fdopen(descriptor, "w") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        Path(name).replace(path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise


def _read(path: Path) -> Run | None:
    """The record, or None where there is none or where it is not one of ours (written by another version)."""
    try:
        return Run.decode((path / _RUN).read_text())
    except (FileNotFoundError, ValueError, KeyError, TypeError):
        return None
