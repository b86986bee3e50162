"""Settings: who wins, what stays secret, and that the table in the docs is this program's."""

from pathlib import Path

import pytest
from pydantic import ValidationError

from services.chassis.settings import LogLevel, Settings, settings_of, strangers, table

ROOT = Path(__file__).parents[3]


@pytest.fixture(autouse=True)
def _clean(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in strangers([], {f"RELUTH_{n.upper()}_X": "" for n in Settings.model_fields}):
        monkeypatch.delenv(name.removesuffix("_X"), raising=False)


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


def test_the_name_of_a_service_is_no_way_into_other_variables() -> None:
    with pytest.raises(ValueError, match="not the name of a service"):
        settings_of("Enrolment_X-")


def test_the_table_in_the_docs_is_current() -> None:
    assert (ROOT / "docs" / "settings.md").read_text(encoding="utf-8") == table()
