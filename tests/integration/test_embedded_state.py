"""The state directory: one owner, nothing left of a killed run, nothing touched that is not ours; and free ports."""

import contextlib
import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from services.cli.embedded import ports
from services.cli.embedded.state import Running, State, StateBusy, StateUnusable, marker, running, survivors

_WAITS = "import sys; print('up', flush=True); sys.stdin.read()"


@contextlib.contextmanager
def bystander(*options: str, argv0: str | None = None, cwd: Path | None = None) -> Iterator[subprocess.Popen[str]]:
    """A process that does nothing until it is ended."""
    process = subprocess.Popen(
        [argv0 or sys.executable, *options, "-c", _WAITS],
        executable=sys.executable,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        cwd=cwd,
    )
    assert process.stdin
    assert process.stdout
    try:
        assert process.stdout.readline() == "up\n"
        yield process
    finally:
        process.kill()
        process.wait()
        process.stdin.close()
        process.stdout.close()


def test_a_second_owner_is_refused_and_the_first_is_named(tmp_path: Path) -> None:
    state = State.acquire(tmp_path)
    with pytest.raises(StateBusy, match=f"process {os.getpid()}, since "):
        State.acquire(tmp_path)
    state.release()
    State.acquire(tmp_path).release()


def test_the_lock_ends_with_its_process_however_it_ends(tmp_path: Path) -> None:
    code = "import sys; from pathlib import Path; from services.cli.embedded.state import State;"
    code += "State.acquire(Path(sys.argv[1])); print('held', flush=True); sys.stdin.read()"
    environment = os.environ | {"PYTHONPATH": str(Path(__file__).parents[2])}
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE}
    with subprocess.Popen([sys.executable, "-c", code, str(tmp_path)], env=environment, **pipes) as holder:
        assert holder.stdout
        assert holder.stdout.readline() == b"held\n"
        with pytest.raises(StateBusy, match=f"process {holder.pid},"):
            State.acquire(tmp_path)
        now = running(tmp_path)
        assert now
        assert now.owner.pid == holder.pid
        holder.kill()
        holder.wait()
    assert running(tmp_path) is None
    State.acquire(tmp_path).release()


def test_a_look_at_who_runs_says_nobody_after_a_release(tmp_path: Path) -> None:
    assert running(tmp_path) is None
    state = State.acquire(tmp_path)
    assert running(tmp_path) == state.run
    state.release()
    assert running(tmp_path) is None


def test_survivors_are_stopped_and_others_are_not_touched(tmp_path: Path) -> None:
    ours, theirs = tmp_path / "ours", tmp_path / "ours-too"
    (ours / "postgres").mkdir(parents=True)
    with (
        bystander("-X", marker(ours)) as marked,
        bystander("-X", marker(theirs)) as neighbour,
        bystander("-X", f"see={marker(ours)}") as mention,
        bystander(argv0="postgres: checkpointer", cwd=ours / "postgres") as backend,
        bystander(argv0="postgres: checkpointer", cwd=tmp_path) as foreign_backend,
        bystander() as recorded,
        bystander() as reused,
    ):
        state = State.acquire(ours)
        state.record(children={"recorded": recorded.pid, "reused": reused.pid})
        run = json.loads((ours / "run.json").read_text())
        run["children"]["reused"]["started"] -= 60  # the process that had this pid is gone, another one has it now
        state.release()
        (ours / "run.json").write_text(json.dumps(run))
        State.acquire(ours).release()
        for process in (marked, backend, recorded):
            assert process.wait(10) in (-signal.SIGTERM, -signal.SIGINT)
        for process in (neighbour, mention, foreign_backend, reused):
            assert process.poll() is None


def test_a_survivor_that_does_not_listen_is_killed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("services.cli.embedded.state._GRACE_SECONDS", 0.3)
    with bystander("-X", marker(tmp_path)) as stopped:
        stopped.send_signal(signal.SIGSTOP)
        os.waitid(os.P_PID, stopped.pid, os.WSTOPPED)  # until it is, the next signal could overtake this one
        State.acquire(tmp_path).release()
        assert stopped.wait(10) == -signal.SIGKILL


def test_a_survivor_that_nobody_collects_counts_as_ended(tmp_path: Path) -> None:
    with bystander("-X", marker(tmp_path)) as zombie:  # its parent, this test, does not wait for it
        began = time.monotonic()
        State.acquire(tmp_path).release()
        assert time.monotonic() - began < 10
        assert psutil.Process(zombie.pid).status() == psutil.STATUS_ZOMBIE


def test_this_process_is_never_its_own_survivor(tmp_path: Path) -> None:
    state = State.acquire(tmp_path)
    state.record(children={"self": os.getpid()})
    assert list(survivors(tmp_path, state.run)) == []
    state.release()


def test_a_process_is_told_from_a_later_one_with_its_number() -> None:
    me = Running.of(os.getpid())
    assert me.process()
    assert Running(me.pid, me.started - 60).process() is None


def test_the_record_is_private_whole_and_survives_another_version(tmp_path: Path) -> None:
    path = tmp_path / "state"
    state = State.acquire(path)
    assert path.stat().st_mode & 0o777 == 0o700
    state.record(ports={"kafka": 20001})
    state.record(urls={"api": "u"})
    assert (path / "run.json").stat().st_mode & 0o777 == 0o600
    assert sorted(p.name for p in path.iterdir()) == ["lock", "run.json"]
    state.release()
    again = State.acquire(path)
    assert again.last
    assert again.last.ports == {"kafka": 20001}
    assert again.last.urls == {"api": "u"}
    again.release()
    (path / "run.json").write_text('{"of": "another version"}')
    third = State.acquire(path)
    assert third.last is None
    third.release()


def test_an_existing_directory_keeps_its_mode(tmp_path: Path) -> None:
    tmp_path.chmod(0o755)
    State.acquire(tmp_path).release()
    assert tmp_path.stat().st_mode & 0o777 == 0o755


def test_a_place_that_is_no_directory_is_refused_with_a_reason(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(StateUnusable, match="cannot be used"):
        State.acquire(tmp_path / "file")


def test_the_preferred_port_is_taken_if_free_and_another_if_not() -> None:
    with socket.socket() as busy:
        busy.bind((ports.LOOPBACK, 0))
        busy.listen()
        port = busy.getsockname()[1]
        assert not ports.is_free(port)
        assert ports.find_port(port) != port
    free = ports.find_port()
    assert ports.find_port(free) == free
    assert ports.find_port(free, taken={free}) != free
    assert 20_000 <= free < 32_000, "outside of the range of outgoing connections"
