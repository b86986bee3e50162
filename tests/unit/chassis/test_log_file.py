"""The log file: bounded, private, shared by the services of a process."""

import logging
import threading
from pathlib import Path

from services.chassis.settings import settings_of
from services.chassis.telemetry import Telemetry
from services.chassis.telemetry.files import LogFile, log_file

LINE = "x" * 99 + "\n"


def test_it_is_set_aside_at_its_limit_and_never_takes_more_than_about_twice_that(tmp_path: Path) -> None:
    path = tmp_path / "services.log"
    file = LogFile(path, limit=10 * len(LINE))
    for number in range(35):
        file.write(f"{number:04d}{LINE[4:]}")
        file.flush()
    aside = tmp_path / "services.log.1"
    assert [len(p.read_text().splitlines()) for p in (path, aside)] == [5, 10]
    assert path.read_text().splitlines()[-1].startswith("0034")
    assert aside.read_text().splitlines()[-1].startswith("0029")
    assert sorted(p.name for p in tmp_path.iterdir()) == ["services.log", "services.log.1"]


def test_nobody_else_can_read_it_and_a_restart_goes_on_in_it(tmp_path: Path) -> None:
    path = tmp_path / "services.log"
    for _ in range(2):
        file = LogFile(path)
        file.write(LINE)
        file.flush()
    assert path.stat().st_mode & 0o777 == 0o600
    assert path.read_text() == 2 * LINE


def test_lines_of_many_threads_stay_whole_while_it_is_set_aside(tmp_path: Path) -> None:
    file = LogFile(tmp_path / "log", limit=50 * len(LINE))

    def write() -> None:
        for _ in range(40):
            file.write(LINE)
            file.flush()

    threads = [threading.Thread(target=write) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    written = [line for path in tmp_path.iterdir() for line in path.read_text().splitlines()]
    assert set(written) == {LINE.strip()}


def test_services_of_one_process_write_into_one_file(tmp_path: Path) -> None:
    path = tmp_path / "services.log"
    before = logging.getLogger().handlers
    try:
        for name in ("enrolment", "safety"):
            Telemetry.of(name, settings_of(name, log_file=path)).log.info("told", position=1)
        logging.getLogger("services.test").warning("position %d", 2)
    finally:
        logging.getLogger().handlers = before
    assert log_file(path) is log_file(path)
    text = path.read_text()
    assert [f'"service": "{name}"' in text for name in ("enrolment", "safety", "process")] == [True] * 3
