"""The command line without a system: help, usage, exit codes, errors in words."""

import subprocess
import sys
from collections.abc import Callable, Iterator
from importlib.resources import files
from pathlib import Path
from typing import Any

import asyncpg
import click
import pytest
import typer
from aiokafka.errors import KafkaConnectionError
from typer.main import get_command
from typer.testing import CliRunner

from services.chassis.assembly import NotConfigured
from services.chassis.log.port import LogCorrupt, LogUnavailable
from services.chassis.settings import settings_of
from services.chassis.unavailable import Unavailable
from services.cli.demo.site_system import Rejected
from services.cli.embedded.account import NoPostgres
from services.cli.embedded.jars import JarsUnavailable, LockInvalid
from services.cli.embedded.process import StartFailed
from services.cli.embedded.state import StateBusy, StateUnusable
from services.cli.embedded.topics import TopicMismatch
from services.cli.exits import Exit
from services.cli.failures import in_words, told
from services.cli.main import app


def commands() -> Iterator[list[str]]:
    def below(command: Any, path: list[str]) -> Iterator[list[str]]:
        for name, sub in getattr(command, "commands", {}).items():
            if hasattr(sub, "commands"):
                yield from below(sub, [*path, name])
            else:
                yield [*path, name]

    return below(get_command(app), [])


def test_there_are_the_commands_that_are_promised() -> None:
    assert {" ".join(path) for path in commands()} >= {
        *("up", "down", "status", "token", "verify", "demo", "serve", "events tail"),
        *("parked list", "parked show", "parked requeue"),
        *("projections list", "projections rebuild", "projections switch"),
        *("keys rewrap", "backup show", "backup check", "restore"),
    }


@pytest.mark.parametrize("path", list(commands()), ids=" ".join)
def test_every_command_has_help_with_an_example(path: list[str]) -> None:
    result = CliRunner().invoke(app, [*path, "--help"])
    assert result.exit_code == 0
    assert f"reluth {' '.join(path)}" in result.stdout.partition("Example:")[2].replace("\n", " ")


@pytest.mark.parametrize(
    "path",
    [
        path
        for path in commands()
        if path[0] != "backup"
        and path[-1] != "versions"  # which reads files alone
        and (len(path) == 2 or path[0] in ("down", "status", "verify"))  # it looks at a directory
    ],
    ids=" ".join,
)
def test_without_a_system_a_command_ends_with_3_and_says_how_to_start_one(path: list[str], tmp_path: Path) -> None:
    arguments = {
        **{"show": ["f", "k"], "requeue": ["f", "k"], "rebuild": ["p"], "switch": ["p"]},
        **{"simulate": ["--live"], "export-bundle": ["--out", str(tmp_path / "bundle")]},
        **{"impact": [str(files("contracts.protocol") / "reluth.yaml")]},
    }.get(path[-1], [])
    result = CliRunner().invoke(app, [*path, *arguments, "--state-dir", str(tmp_path / "none")])
    assert result.exit_code == Exit.NOT_RUNNING
    assert str(tmp_path / "none") in result.stderr
    assert not (tmp_path / "none").exists(), "looking creates nothing"


def test_a_token_without_an_issuer_ends_with_3(tmp_path: Path) -> None:
    result = CliRunner().invoke(app, ["token", "--role", "sponsor", "--state-dir", str(tmp_path)])
    assert result.exit_code == Exit.NOT_RUNNING
    assert "reluth up" in result.stderr


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["up", "--port", "enrolment"], "NAME=PORT"),
        (["up", "--port", "nobody=8000"], "analytics, assessment"),
        (["up", "--port", "safety=70000"], "NAME=PORT"),
        (["up", "--port", "safety=²³"], "NAME=PORT"),
        (["demo", "--port", "safety=8001", "--port", "issuer=8001"], "each part has one port"),
        (["demo", "--subjects", "0"], "--subjects"),
        (["serve", "nobody"], "enrolment, randomizer"),
        (["token", "--role", "investigator"], "add --site 01"),
        (["token", "--role", "sponsor", "--role", "coordinator"], "coordinator is a role at a site"),
        (["token", "--role", "investigator", "--site", "1"], "--site 01"),
        (["token", "--role", "king"], "investigator"),
        (["verify", "--service", "nobody"], "enrolment, randomizer"),
        (["fly"], "fly"),
    ],
)
def test_a_wrong_command_line_ends_with_2_and_says_what_is_wrong(arguments: list[str], says: str) -> None:
    result = CliRunner().invoke(app, arguments)
    assert result.exit_code == Exit.USAGE
    assert says in " ".join(result.output.replace("│", " ").split())


def test_a_misspelt_variable_ends_with_2(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("RELUTH_BODY_LIMITS", "1")
    for command in (["up", "--state-dir", str(tmp_path)], ["demo", "--state-dir", str(tmp_path)], ["serve", "safety"]):
        result = CliRunner().invoke(app, command)
        assert result.exit_code == Exit.USAGE
        assert "RELUTH_BODY_LIMITS" in result.stderr
    assert not list(tmp_path.iterdir())


def wrong_setting() -> None:
    settings_of("safety", body_limit=1)


def raising(error: BaseException) -> Callable[[], None]:
    def raise_it() -> None:
        raise error

    return raise_it


@pytest.mark.parametrize(
    ("fails", "code", "says"),
    [
        (raising(StateBusy("/x is in use by another run")), Exit.FAILED, "/x is in use"),
        (raising(StateUnusable("/x cannot be used")), Exit.FAILED, "/x cannot be used"),
        (raising(StartFailed("kafka did not start")), Exit.FAILED, "kafka did not start"),
        (raising(NoPostgres("no account")), Exit.FAILED, "no account"),
        (raising(JarsUnavailable("no network")), Exit.FAILED, "no network"),
        (raising(LockInvalid("line 3")), Exit.FAILED, "line 3"),
        (raising(TopicMismatch("topic a has 2 partitions")), Exit.FAILED, "2 partitions"),
        (raising(LogCorrupt("position 7 is missing")), Exit.FAILED, "position 7 is missing"),
        (raising(LogUnavailable("x")), Exit.FAILED, "database does not answer"),
        (raising(Unavailable("database")), Exit.FAILED, "database does not answer"),
        (raising(asyncpg.InvalidPasswordError("secret")), Exit.FAILED, "InvalidPasswordError"),
        (raising(KafkaConnectionError("at x")), Exit.FAILED, "Kafka does not answer"),
        (raising(Rejected(403, {"title": "Not allowed."})), Exit.FAILED, "403 Not allowed."),
        (raising(OSError(28, "No space left on device", "/x/y")), Exit.FAILED, "No space left on device: /x/y"),
        (raising(ExceptionGroup("", [StartFailed("kafka did not start")])), Exit.FAILED, "kafka did not start"),
        (raising(NotConfigured("RELUTH_OIDC_ISSUER is not set")), Exit.USAGE, "RELUTH_OIDC_ISSUER"),
        (wrong_setting, Exit.USAGE, "body_limit"),
    ],
)
def test_what_can_be_foreseen_is_said_in_words(
    fails: Callable[[], None], code: Exit, says: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(typer.Exit) as ended, told():
        fails()
    assert ended.value.exit_code == code
    said = capsys.readouterr().err
    assert says in said
    assert "secret" not in said


@pytest.mark.parametrize("error", [ValueError("a defect"), RuntimeError("a defect"), KeyError("k"), click.Abort()])
def test_a_defect_of_the_program_shows_its_trace(error: BaseException) -> None:
    with pytest.raises(type(error)), told():
        raise error
    assert in_words(error) is None


def test_help_is_quick_and_servers_start_before_the_services_are_loaded() -> None:
    """Importing the services takes longer than starting PostgreSQL: neither help nor `System` may need them."""
    code = "import sys, services.cli.main, services.cli.system; print([m for m in sys.modules if m in {heavy}])"
    heavy = {"fastapi", "sqlalchemy", "alembic", "scipy", "httpx", "services.chassis.assembly"}
    loaded = subprocess.run(
        [sys.executable, "-c", code.format(heavy=heavy)], capture_output=True, text=True, check=True
    ).stdout
    assert loaded.strip() == "[]"
