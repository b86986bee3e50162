"""Settings: who wins, what stays secret, and that the table in the docs is this program's."""

from pathlib import Path

import pytest
from pydantic import ValidationError

from services.chassis.settings import (
    LogLevel,
    SecretFileUnusable,
    Settings,
    file_settings,
    settings_of,
    strangers,
    table,
)

ROOT = Path(__file__).parents[3]


@pytest.fixture(autouse=True)
def _clean(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in Settings.model_fields:
        monkeypatch.delenv(f"RELUTH_{name.upper()}", raising=False)
        monkeypatch.delenv(f"RELUTH_{name.upper()}_FILE", raising=False)


def test_a_variable_of_the_service_wins_over_the_common_one(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RELUTH_LOG_LEVEL", "error")
    monkeypatch.setenv("RELUTH_ENROLMENT_LOG_LEVEL", "debug")
    assert settings_of("enrolment").log_level is LogLevel.DEBUG
    assert settings_of("safety").log_level is LogLevel.ERROR
    assert settings_of().log_level is LogLevel.ERROR


def test_what_is_handed_in_wins_over_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RELUTH_SAFETY_HTTP_PORT", "8001")
    assert settings_of("safety", http_port=9).http_port == 9


def test_an_empty_variable_is_no_value(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RELUTH_KEK_FILE", "")
    assert settings_of("safety").kek_file is None


def test_a_secret_is_shown_neither_by_repr_nor_by_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RELUTH_DATABASE_URL", "postgresql://u:hunter2@h/d")
    assert "hunter2" not in repr(settings_of("safety"))
    monkeypatch.setenv("RELUTH_HTTP_PORT", "hunter2")
    with pytest.raises(ValidationError) as caught:
        settings_of("safety")
    assert "hunter2" not in str(caught.value)
    assert "http_port" in str(caught.value)


@pytest.mark.parametrize(
    "given",
    [
        {"kafka_security": "SASL_SSL"},
        {"kek": "a", "kek_file": "b"},
        {"relay_poll_min": 2.0, "relay_poll_max": 1.0},
        {"topic_prefix": "no-dot"},
        {"body_limit": 1},
    ],
)
def test_settings_that_contradict_each_other_are_refused(given: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        settings_of("safety", **given)


def test_a_misspelt_variable_is_named() -> None:
    environ = {"RELUTH_DATABSE_URL": "x", "RELUTH_SAFETY_KEK": "x", "RELUTH_OTHER_KEK": "x", "HOME": "x"}
    assert strangers(["safety"], environ) == ["RELUTH_DATABSE_URL", "RELUTH_OTHER_KEK"]


def _file(path: Path, content: bytes, mode: int = 0o600) -> str:
    path.write_bytes(content)
    path.chmod(mode)
    return str(path)


def test_a_secret_may_lie_in_a_file(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("RELUTH_DATABASE_URL_FILE", _file(tmp_path / "all", b"postgresql://all\n"))
    monkeypatch.setenv("RELUTH_SAFETY_DATABASE_URL_FILE", _file(tmp_path / "one", b"postgresql://one\r\n", 0o440))
    for service, expected in (("safety", "postgresql://one"), ("enrolment", "postgresql://all")):
        url = settings_of(service).database_url
        assert url is not None
        assert url.get_secret_value() == expected


def test_the_variable_of_a_service_wins_over_the_common_file(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("RELUTH_CURSOR_KEY_FILE", _file(tmp_path / "all", b"common"))
    monkeypatch.setenv("RELUTH_SAFETY_CURSOR_KEY", "own")
    key = settings_of("safety").cursor_key
    assert key is not None
    assert key.get_secret_value() == "own"


@pytest.mark.parametrize(
    ("content", "mode", "says"),
    [
        (b"hunter2", 0o604, "is open to others"),
        (b"hunter2", 0o620, "is open to others"),
        (b"\n", 0o600, "is empty"),
        (b"hunter2\xff", 0o600, "does not hold text"),
        (None, 0o600, "cannot be read"),
    ],
)
def test_a_file_that_no_secret_can_be_taken_from_is_named(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, content: bytes | None, mode: int, says: str
) -> None:
    path = tmp_path / "secret"
    monkeypatch.setenv("RELUTH_KAFKA_PASSWORD_FILE", str(path) if content is None else _file(path, content, mode))
    with pytest.raises(SecretFileUnusable, match=f"RELUTH_KAFKA_PASSWORD_FILE.*{says}") as caught:
        settings_of("safety")
    assert "hunter2" not in str(caught.value)


def test_a_variable_and_a_file_for_the_same_name_are_refused(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("RELUTH_ADMIN_URL", "postgresql://a")
    monkeypatch.setenv("RELUTH_ADMIN_URL_FILE", _file(tmp_path / "secret", b"postgresql://b"))
    with pytest.raises(SecretFileUnusable, match="both set"):
        settings_of()


def test_secrets_alone_come_from_files() -> None:
    assert file_settings() == {"admin_url", "cursor_key", "database_url", "kafka_password", "migration_url"}
    environ = {"RELUTH_SAFETY_DATABASE_URL_FILE": "x", "RELUTH_HTTP_PORT_FILE": "x", "RELUTH_KEK_FILE_FILE": "x"}
    assert strangers(["safety"], environ) == ["RELUTH_HTTP_PORT_FILE", "RELUTH_KEK_FILE_FILE"]


def test_the_name_of_a_service_is_no_way_into_other_variables() -> None:
    with pytest.raises(ValueError, match="not the name of a service"):
        settings_of("Enrolment_X-")


def test_the_table_in_the_docs_is_current() -> None:
    assert (ROOT / "docs" / "settings.md").read_text(encoding="utf-8") == table()
