"""Databases and roles as the settings of the services name them, the topics, the schemas."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Self
from urllib.parse import unquote, urlsplit

import asyncpg
import typer

from services.chassis.assembly import NotConfigured, broker
from services.chassis.migrations.run import migrate as bring_up
from services.chassis.settings import settings_of
from services.cli import catalogue
from services.cli.databases import DatabasesUnusable
from services.cli.embedded.topics import ensure_topics


@dataclass(frozen=True, slots=True)
class Login:
    """A role and its password, as a URL names them, and the database that it is for."""

    role: str
    password: str
    database: str

    @classmethod
    def of(cls, url: str, variable: str) -> Self:
        """Raises `NotConfigured`, which quotes nothing of the URL."""
        parts = urlsplit(url)
        if parts.scheme not in ("postgresql", "postgres") or not (parts.username and parts.password and parts.path[1:]):
            raise NotConfigured(f"{variable} is not of the form postgresql://role:password@host:port/database")
        return cls(unquote(parts.username), unquote(parts.password), unquote(parts.path[1:]))


@dataclass(frozen=True, slots=True)
class Urls:
    """How one service reaches its database: as the owner of the schema, and as itself."""

    owner_url: str
    owner: Login
    app: Login

    @classmethod
    def of(cls, service: str) -> Self:
        """From the settings of the service. Raises `NotConfigured`."""
        settings = settings_of(service)
        names = (f"RELUTH_{service.upper()}_MIGRATION_URL", f"RELUTH_{service.upper()}_DATABASE_URL")
        found = []
        for name, url in zip(names, (settings.migration_url, settings.database_url), strict=True):
            if url is None:
                raise NotConfigured(f"{name} is not set, nor is {name}_FILE: see docs/settings.md")
            found.append(url.get_secret_value())
        owner, app = (Login.of(url, name) for url, name in zip(found, names, strict=True))
        if owner.role == app.role:
            raise NotConfigured(f"{names[0]} and {names[1]} name the same role: a service must not own its schema")
        if owner.database != app.database:
            raise NotConfigured(f"{names[0]} and {names[1]} name different databases")
        return cls(found[0], owner, app)


async def provision(services: Sequence[str]) -> None:
    """`reluth provision`. Raises `NotConfigured`, `DatabasesUnusable`, `TopicMismatch`, KafkaError."""
    settings = settings_of()
    if settings.admin_url is None:
        raise NotConfigured("RELUTH_ADMIN_URL is not set, nor is RELUTH_ADMIN_URL_FILE: see docs/settings.md")
    connection = broker(settings)
    urls = {service: Urls.of(service) for service in services}
    await ensure_databases(settings.admin_url.get_secret_value(), urls)
    topics = catalogue.topics(settings.topic_prefix)
    # as many replicas as that cluster makes by itself
    await ensure_topics(connection.bootstrap, topics, replication_factor=-1, connection=connection.options())
    typer.echo(f"Ready: databases {', '.join(u.app.database for u in urls.values())}; {len(topics)} topics.")


async def ensure_databases(admin_url: str, urls: Mapping[str, Urls]) -> None:
    """Create what is missing and set the passwords; idempotent, also when two processes do it in turn.

    Raises `DatabasesUnusable`.
    """
    try:
        admin = await asyncpg.connect(admin_url, timeout=20)
        try:
            for found in urls.values():
                await _ensure(admin, found)
        finally:
            await admin.close()
        for found in urls.values():
            await _close_to_public(found)
    except (asyncpg.PostgresError, asyncpg.InterfaceError, OSError, TimeoutError, ValueError) as error:
        raise DatabasesUnusable(_because(error)) from error


async def _ensure(admin: "asyncpg.Connection[asyncpg.Record]", urls: Urls) -> None:
    owner, app, database = urls.owner.role, urls.app.role, urls.app.database
    for login in (urls.owner, urls.app):
        known = await admin.fetchval("SELECT true FROM pg_roles WHERE rolname = $1", login.role)
        rights = "" if known else " NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION NOBYPASSRLS"
        verb = "ALTER" if known else "CREATE"
        await _run(admin, f"{verb} ROLE %I LOGIN{rights} PASSWORD %L", login.role, login.password)
    if not await admin.fetchval("SELECT true FROM pg_database WHERE datname = $1", database):
        # as a superuser this is not needed; as a role with CREATEDB it is
        await _run(admin, "GRANT %I TO CURRENT_USER", owner)
        await _run(admin, "CREATE DATABASE %I OWNER %I", database, owner)
    await _run(admin, "REVOKE ALL ON DATABASE %I FROM PUBLIC, %I", database, app)
    await _run(admin, "GRANT CONNECT ON DATABASE %I TO %I", database, app)


async def _close_to_public(urls: Urls) -> None:
    inside = await asyncpg.connect(urls.owner_url, timeout=20)
    try:
        await _run(inside, "REVOKE ALL ON SCHEMA public FROM PUBLIC, %I", urls.app.role)
        await _run(inside, "GRANT USAGE ON SCHEMA public TO %I", urls.app.role)
    finally:
        await inside.close()


async def _run(connection: "asyncpg.Connection[asyncpg.Record]", statement: str, *words: str) -> None:
    """A statement that takes no parameters: the server itself writes the words into it, quoted."""
    places = ", ".join(f"${n}::text" for n in range(2, len(words) + 2))
    await connection.execute(await connection.fetchval(f"SELECT format($1, {places})", statement, *words))


def _because(error: Exception) -> str:
    """What to do about it. Server messages name roles and databases, never a password; other texts may."""
    match error:
        case asyncpg.InvalidPasswordError() | asyncpg.InvalidAuthorizationSpecificationError():
            return f"PostgreSQL does not let us in: {error}. Check RELUTH_ADMIN_URL."
        case asyncpg.InsufficientPrivilegeError():
            return f"PostgreSQL refuses: {error}. The role of RELUTH_ADMIN_URL needs CREATEDB and CREATEROLE."
        case asyncpg.PostgresError():
            return f"PostgreSQL refuses: {error}."
        case OSError() | TimeoutError():
            reason = getattr(error, "strerror", None) or type(error).__name__
            return f"PostgreSQL does not answer ({reason}). Check RELUTH_ADMIN_URL, and that it runs."
        case _:
            return "RELUTH_ADMIN_URL is not a URL of the form postgresql://user:password@host:port/database."


async def migrate(services: Sequence[str]) -> None:
    """`reluth migrate`. Raises `NotConfigured`, and the errors of SQLAlchemy and Alembic."""
    urls = {service: Urls.of(service) for service in services}
    for service, found in urls.items():
        await bring_up(found.owner_url, found.app.role)
        typer.echo(f"{service}: the schema is the newest.")
