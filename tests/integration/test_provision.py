"""`reluth secrets`, `reluth provision`, `reluth migrate`: what they make, twice over, and what they refuse."""

import uuid
from collections.abc import AsyncIterator, Mapping
from pathlib import Path
from urllib.parse import quote, urlsplit

import asyncpg
import pytest
from typer.testing import CliRunner

from services.chassis.assembly import NotConfigured
from services.cli import catalogue
from services.cli.databases import DatabasesUnusable, DatabaseUrls, Login, ensure_databases
from services.cli.exits import Exit
from services.cli.main import app
from services.cli.provisioning import ADMIN_URL, kafka_passwords, urls_of
from tests.conftest import Server


def _url(server: Server, role: str, password: str, database: str) -> str:
    parts = urlsplit(server.admin_url)
    host = parts.netloc.rpartition("@")[2]
    return f"postgresql://{role}:{quote(password, safe='')}@{host}/{database}?{parts.query}"


class Given:
    """One service's URLs under names of their own, in the environment."""

    def __init__(self, server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
        self.server, self._monkeypatch = server, monkeypatch
        self.name = f"p_{uuid.uuid4().hex[:8]}"

    def urls(self, owner: str = "o", app: str = "a") -> DatabaseUrls:
        self._monkeypatch.setenv(
            "RELUTH_SAFETY_MIGRATION_URL", _url(self.server, f"{self.name}_owner", owner, self.name)
        )
        self._monkeypatch.setenv("RELUTH_SAFETY_DATABASE_URL", _url(self.server, f"{self.name}_app", app, self.name))
        return urls_of("safety")


@pytest.fixture
async def given(postgres_server: Server, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Given]:
    given = Given(postgres_server, monkeypatch)
    yield given
    admin = await asyncpg.connect(postgres_server.admin_url)
    try:
        await admin.execute(f"DROP DATABASE IF EXISTS {given.name} WITH (FORCE)")
        await admin.execute(f"DROP ROLE IF EXISTS {given.name}_owner, {given.name}_app")
    finally:
        await admin.close()


async def test_a_password_may_hold_any_character_and_is_changed_by_a_second_run(given: Given) -> None:
    for password in ('it\'s "quoted" \\ %I', "another"):
        urls = given.urls(app=password)
        await ensure_databases(given.server.admin_url, [urls], ADMIN_URL)
        app = Login.of(urls.app)
        connection = await asyncpg.connect(_url(given.server, app.role, password, app.database))
        await connection.close()


async def test_the_role_of_the_service_may_create_nothing(given: Given) -> None:
    urls = given.urls()
    await ensure_databases(given.server.admin_url, [urls], ADMIN_URL)
    connection = await asyncpg.connect(urls.app)
    try:
        for statement in ("CREATE TABLE public.t (x int)", "CREATE SCHEMA s", "CREATE TEMPORARY TABLE t (x int)"):
            with pytest.raises(asyncpg.InsufficientPrivilegeError):
                await connection.execute(statement)
    finally:
        await connection.close()


async def test_roles_of_one_service_cannot_reach_the_database_of_another(given: Given, postgres_server: Server) -> None:
    await ensure_databases(given.server.admin_url, [given.urls()], ADMIN_URL)
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        await asyncpg.connect(postgres_server.template.app.replace("/t_template?", f"/{given.name}?"))


def test_a_service_must_not_own_its_schema(monkeypatch: pytest.MonkeyPatch) -> None:
    for kind in ("MIGRATION", "DATABASE"):
        monkeypatch.setenv(f"RELUTH_SAFETY_{kind}_URL", "postgresql://one:p@h/safety")
    with pytest.raises(NotConfigured, match="name the same role"):
        urls_of("safety")


@pytest.mark.parametrize("url", ["postgresql://one@h/d", "postgresql://one:hunter2@h", "mysql://one:hunter2@h/d"])
def test_a_url_that_lacks_something_is_refused_without_its_password(monkeypatch: pytest.MonkeyPatch, url: str) -> None:
    monkeypatch.setenv("RELUTH_SAFETY_MIGRATION_URL", url)
    monkeypatch.setenv("RELUTH_SAFETY_DATABASE_URL", "postgresql://one:p@h/d")
    with pytest.raises(NotConfigured, match="RELUTH_SAFETY_MIGRATION_URL is not of the form") as caught:
        urls_of("safety")
    assert "hunter2" not in str(caught.value)


async def test_an_administrator_who_may_not_is_told_so(given: Given) -> None:
    with pytest.raises(DatabasesUnusable, match="CREATEROLE"):
        await ensure_databases(given.server.template.owner, [given.urls()], ADMIN_URL)


@pytest.mark.parametrize("command", [["provision"], ["migrate"], ["migrate", "safety"]])
def test_what_is_not_configured_is_a_usage_error(command: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("ADMIN_URL", "MIGRATION_URL", "DATABASE_URL"):
        monkeypatch.delenv(f"RELUTH_{name}", raising=False)
    result = CliRunner().invoke(app, command)
    assert result.exit_code == Exit.USAGE
    assert "is not set, nor is RELUTH_" in result.output


def _kafka(monkeypatch: pytest.MonkeyPatch, given: Mapping[str, str]) -> Mapping[str, str]:
    for name in ("SECURITY", "SASL_MECHANISM", "USERNAME", "PASSWORD", "PASSWORD_FILE"):
        for prefix in ("", *(f"{service.upper()}_" for service in catalogue.NAMES)):
            monkeypatch.delenv(f"RELUTH_{prefix}KAFKA_{name}", raising=False)
    for name, value in given.items():
        monkeypatch.setenv(f"RELUTH_{name}", value)
    return kafka_passwords(["safety", "analytics"])


_ADMIN = {"KAFKA_SECURITY": "SASL_SSL", "KAFKA_USERNAME": "admin", "KAFKA_PASSWORD": "hunter0"}
_SAFETY = {"SAFETY_KAFKA_USERNAME": "safety", "SAFETY_KAFKA_PASSWORD": "hunter1"}
_ANALYTICS = {"ANALYTICS_KAFKA_USERNAME": "analytics", "ANALYTICS_KAFKA_PASSWORD": "hunter2"}


def test_users_are_made_where_their_passwords_are_given(monkeypatch: pytest.MonkeyPatch) -> None:
    assert _kafka(monkeypatch, _ADMIN | _SAFETY | _ANALYTICS) == {"safety": "hunter1", "analytics": "hunter2"}


@pytest.mark.parametrize("given", [{}, _SAFETY | _ANALYTICS, _ADMIN], ids=["plain", "no SASL", "no users"])
def test_users_that_somebody_else_looks_after_are_left_alone(
    monkeypatch: pytest.MonkeyPatch, given: Mapping[str, str]
) -> None:
    assert not _kafka(monkeypatch, given)


@pytest.mark.parametrize(
    ("given", "says"),
    [
        (_SAFETY, "RELUTH_ANALYTICS_KAFKA_USERNAME is not analytics"),
        (_SAFETY | {"ANALYTICS_KAFKA_USERNAME": "analytics"}, "RELUTH_ANALYTICS_KAFKA_PASSWORD is not set"),
        (_SAFETY | _ANALYTICS | {"SAFETY_KAFKA_USERNAME": "admin"}, "RELUTH_SAFETY_KAFKA_USERNAME is not safety"),
        (_SAFETY | _ANALYTICS | {"TOPIC_PREFIX": "a."}, "RELUTH_TOPIC_PREFIX"),
    ],
)
def test_users_of_whom_something_is_missing_are_refused(
    monkeypatch: pytest.MonkeyPatch, given: Mapping[str, str], says: str
) -> None:
    """Above all a service must not be given the password of whoever provisions, to which its settings fall back."""
    with pytest.raises(NotConfigured, match=says) as caught:
        _kafka(monkeypatch, _ADMIN | given)
    assert "hunter" not in str(caught.value)


def test_secrets_are_made_once_and_for_their_owner_alone(tmp_path: Path) -> None:
    command = ["secrets", str(tmp_path / "secrets"), "--postgres", "db:1"]
    assert CliRunner().invoke(app, command).exit_code == Exit.OK
    made = {path.name: path.read_bytes() for path in (tmp_path / "secrets").iterdir()}
    assert {path.stat().st_mode & 0o777 for path in (tmp_path / "secrets").iterdir()} == {0o600}
    assert b"certificates" in made["timestamp_ca"], "a place for what only the installation can know"
    assert len(set(made.values())) == len(made) == 6 + 5 * len(catalogue.NAMES)
    assert made["safety_database_url"].startswith(b"postgresql://safety_app:")
    assert made["safety_database_url"].endswith(b"@db:1/safety")
    assert CliRunner().invoke(app, command).exit_code == Exit.OK
    assert made == {path.name: path.read_bytes() for path in (tmp_path / "secrets").iterdir()}
