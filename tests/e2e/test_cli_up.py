"""`reluth up` as people run it: started, looked at, interrupted, robbed of a part, started again."""

import os
import re
import signal
from datetime import date
from pathlib import Path

import httpx
import psutil
import pytest

from contracts.protocol.load import load
from services.cli.catalogue import NAMES
from services.cli.demo.sites import site_opening
from services.cli.embedded.ports import find_port
from services.cli.embedded.state import running
from tests.conftest import Server
from tests.e2e.command import belonging, going, here

READY = r"Ready after"


def pids(state: Path) -> dict[str, int]:
    run = running(state)
    assert run
    return {name: child.pid for name, child in run.children.items()}


def test_it_answers_is_one_of_its_kind_and_ends_with_ctrl_c(tmp_path: Path) -> None:
    state, chosen = tmp_path / "state", find_port()
    with going(tmp_path / "up.txt", state, "up", "--port", f"safety={chosen}") as first:
        first.until_it_says(READY)
        assert f"http://127.0.0.1:{chosen}/docs" in first.says
        status = here("status", "--state-dir", state)
        assert status.exit_code == 0, status.stdout
        assert all(name in status.stdout for name in NAMES)

        second = here("up", "--state-dir", state)
        assert second.exit_code == 4
        assert f"in use by another run, process {first.process.pid}" in second.stderr

        other = here("up", "--state-dir", tmp_path / "other", "--port", f"safety={chosen}")
        assert other.exit_code == 4
        assert f"Port {chosen} for safety is taken" in other.stderr

        token = here("token", "--role", "sponsor", "--state-dir", state).stdout.strip()
        run = running(state)
        assert run
        for entry in site_opening(load(), "01", "C1", date(2022, 1, 10), consent="3.1"):
            headers = {"Authorization": f"Bearer {token}", "Idempotency-Key": f"by-hand-{entry.name}"}
            url = f"{run.urls['enrolment']}/studies/RELUTH/{entry.path}"
            answer = httpx.post(url, json=entry.body, headers=headers)
            assert answer.status_code == 201, answer.text
        tail = here("events", "tail", "--state-dir", state)
        assert re.search(r"5 .* enrolment.site-activated", tail.stdout)

        assert first.interrupt() == 0
    assert not belonging(state)
    assert "Traceback" not in first.says
    assert '"event"' not in first.says, "logs are not for the terminal"
    assert '"service": "enrolment"' in (state / "services.log").read_text()
    assert here("status", "--state-dir", state).exit_code == 3

    with going(tmp_path / "again.txt", state, "up") as again:
        again.until_it_says(READY)
        assert f"http://127.0.0.1:{chosen}/docs" in again.says, "a bookmark survives a restart"
        kept = here("events", "tail", "--state-dir", state, "--json")
        assert "enrolment.site-activated" in kept.stdout
        kafka = pids(state)["kafka"]
        os.kill(kafka, signal.SIGKILL)
        assert again.ended() == 4
        assert "kafka ended by itself with status -9" in again.says
    assert not belonging(state)


@pytest.mark.parametrize("when", ["PostgreSQL: ready", None])
def test_ctrl_c_while_it_starts(tmp_path: Path, when: str | None) -> None:
    state = tmp_path / "state"
    with going(tmp_path / "up.txt", state, "up") as process:
        if when is None:
            process.until(lambda: (state / "run.json").exists(), "the directory")
        else:
            process.until_it_says(when)
        assert process.interrupt() == 130
        assert "Traceback" not in process.says
        assert not belonging(state)
    if when is not None:
        with going(tmp_path / "again.txt", state, "up") as again:
            again.until_it_says(READY)
            assert again.interrupt() == 0


def test_one_process_for_each_service(tmp_path: Path) -> None:
    state = tmp_path / "state"
    with going(tmp_path / "up.txt", state, "up", "--processes") as first:
        first.until_it_says(READY)
        children = pids(state)
        assert children.keys() == {"postgres", "kafka", *NAMES}
        assert here("verify", "--state-dir", state).exit_code == 0
        first.kill()
    assert not running(state)
    with going(tmp_path / "again.txt", state, "up", "--processes") as again:
        again.until_it_says(READY)
        assert not any(psutil.pid_exists(pid) and pids(state)[name] == pid for name, pid in children.items())
        os.kill(pids(state)["assessment"], signal.SIGKILL)
        assert again.ended() == 4
        assert "assessment ended by itself with status -9" in again.says
    assert not belonging(state)
    assert (state / "assessment.log").exists()


def test_with_a_database_and_a_broker_of_others(tmp_path: Path, postgres_server: Server, kafka_bootstrap: str) -> None:
    state = tmp_path / "state"
    given = ("--database-url", postgres_server.admin_url, "--kafka", kafka_bootstrap)
    with going(tmp_path / "up.txt", state, "up", *given, RELUTH_TOPIC_PREFIX="others.") as process:
        process.until_it_says(READY)
        assert not pids(state), "nothing of ours was started"
        status = here("status", "--state-dir", state)
        assert status.exit_code == 0, status.stdout
        assert process.interrupt() == 0
    assert not (state / "postgres").exists()
    assert not (state / "kafka").exists()


def test_what_does_not_answer_is_named(tmp_path: Path, postgres_server: Server, kafka_bootstrap: str) -> None:
    nowhere = f"127.0.0.1:{find_port()}"
    wrong = postgres_server.admin_url.replace("postgres:", "postgres:wrong", 1)
    for given, says in (
        (("--database-url", wrong, "--kafka", kafka_bootstrap), "PostgreSQL does not let us in"),
        (("--database-url", f"postgresql://a:b@{nowhere}/c", "--kafka", kafka_bootstrap), "PostgreSQL does not answer"),
        (("--database-url", "mysql://x", "--kafka", kafka_bootstrap), "is not a URL of the form postgresql://"),
        (("--database-url", postgres_server.admin_url, "--kafka", nowhere), "Kafka does not answer"),
    ):
        failed = here("up", "--state-dir", tmp_path / "state", *given)
        assert failed.exit_code == 4, failed.stderr
        assert says in failed.stderr
        assert "Traceback" not in failed.stderr
        assert "wrong" not in failed.stderr
