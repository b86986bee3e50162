"""A database for each service with two roles: one that owns the schema, one that the service works with."""

import json
import re
import secrets
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple, Self
from urllib.parse import quote, unquote, urlsplit, urlunsplit

import asyncpg

from services.cli.embedded.state import write_private

_IDENTIFIER = re.compile(r"[a-z_][a-z0-9_]{0,56}")  # 63 less the suffix of a role


class DatabasesUnusable(RuntimeError):
    """The server does not let us prepare its databases; the message says why, and no password."""


class DatabaseUrls(NamedTuple):
    """How to reach one database as its owner (migrations) and as the service that uses it."""

    owner: str
    app: str

    def at(self, database: str) -> "DatabaseUrls":
        """The same roles in another database of the same server."""
        return DatabaseUrls(*(database_at(url, database) for url in self))


@dataclass(frozen=True, slots=True)
class Login:
    """A role and its password, as a URL names them, and the database that it is for."""

    role: str
    password: str
    database: str

    @classmethod
    def of(cls, url: str) -> Self:
        """Raises ValueError, which quotes nothing of the URL."""
        parts = urlsplit(url)
        if parts.scheme not in ("postgresql", "postgres") or not (parts.username and parts.password and parts.path[1:]):
            raise ValueError("not of the form postgresql://role:password@host:port/database")
        return cls(unquote(parts.username), unquote(parts.password), unquote(parts.path[1:]))


def database_at(url: str, database: str) -> str:
    """The URL with another database."""
    return urlsplit(url)._replace(path=f"/{quote(database, safe='')}").geturl()


class Databases:
    """Databases and roles on one PostgreSQL server, named after the services.

    The owner creates tables and grants. The app role owns nothing, may create nothing (no schema, no temporary table)
    and holds what the owner's migrations grant it. Roles of one database cannot connect to another. Passwords are
    generated once and kept in `store` (0600).
    """

    def __init__(self, server_url: str, store: Path) -> None:
        """`server_url`: for `ensure`, of a role that may create databases and roles; for `urls`, any of that server."""
        self._server_url, self._store = server_url, store
        try:
            self._passwords: dict[str, str] = json.loads(store.read_text())
        except FileNotFoundError:
            self._passwords = {}
        except ValueError as error:
            raise DatabasesUnusable(
                f"{store} is damaged. Restore it from a backup; or remove it: the roles then get new passwords."
            ) from error

    async def ensure(self, names: Sequence[str]) -> Mapping[str, DatabaseUrls]:
        """Create what is missing: databases of these names, each with its roles; idempotent.

        Raises `DatabasesUnusable`.
        """
        urls = self.urls(names)
        await ensure_databases(self._server_url, urls.values(), "--database-url")
        return urls

    def urls(self, names: Sequence[str]) -> Mapping[str, DatabaseUrls]:
        """How to reach databases of these names, whether they are there yet or not."""
        for name in names:
            if not _IDENTIFIER.fullmatch(name):
                raise ValueError(f"{name!r} is not a plain PostgreSQL identifier")
        self._remember([role for name in names for role in _roles(name)])
        return {name: DatabaseUrls(*(self._url(role, name) for role in _roles(name))) for name in names}

    def _remember(self, roles: Sequence[str]) -> None:
        """Generate the passwords that are missing, on disk before the server hears of them."""
        missing = {role: secrets.token_urlsafe(24) for role in roles if role not in self._passwords}
        if missing:
            self._passwords |= missing
            write_private(self._store, json.dumps(self._passwords, indent=2) + "\n")

    def _url(self, role: str, database: str) -> str:
        parts = urlsplit(self._server_url)
        host = parts.netloc.rpartition("@")[2]
        login = f"{role}:{quote(self._passwords[role], safe='')}@{host}"
        return urlunsplit(("postgresql", login, f"/{database}", parts.query, ""))


def _roles(database: str) -> tuple[str, str]:
    return f"{database}_owner", f"{database}_app"


async def ensure_databases(admin_url: str, wanted: Iterable[DatabaseUrls], given_as: str) -> None:
    """Create what is missing and set the passwords; idempotent, also when two processes do it in turn.

    `given_as`: the option or variable that `admin_url` came from, for the message. Raises `DatabasesUnusable`.
    """
    wanted = list(wanted)
    try:
        admin = await asyncpg.connect(admin_url, timeout=20)
        try:
            for urls in wanted:
                await _ensure(admin, Login.of(urls.owner), Login.of(urls.app))
        finally:
            await admin.close()
        for urls in wanted:
            await _close_to_public(urls)
    except (asyncpg.PostgresError, asyncpg.InterfaceError, OSError, TimeoutError, ValueError) as error:
        raise DatabasesUnusable(because(error, given_as)) from error


async def _ensure(admin: "asyncpg.Connection[asyncpg.Record]", owner: Login, app: Login) -> None:
    for login in (owner, app):
        known = await admin.fetchval("SELECT true FROM pg_roles WHERE rolname = $1", login.role)
        rights = "" if known else " NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION NOBYPASSRLS"
        verb = "ALTER" if known else "CREATE"
        await execute(admin, f"{verb} ROLE %I LOGIN{rights} PASSWORD %L", login.role, login.password)
    if not await admin.fetchval("SELECT true FROM pg_database WHERE datname = $1", app.database):
        # as a superuser this is not needed; as a role with CREATEDB it is
        await execute(admin, "GRANT %I TO CURRENT_USER", owner.role)
        await execute(admin, "CREATE DATABASE %I OWNER %I", app.database, owner.role)
    await execute(admin, "REVOKE ALL ON DATABASE %I FROM PUBLIC, %I", app.database, app.role)
    await execute(admin, "GRANT CONNECT ON DATABASE %I TO %I", app.database, app.role)


async def _close_to_public(urls: DatabaseUrls) -> None:
    app = Login.of(urls.app).role
    inside = await asyncpg.connect(urls.owner, timeout=20)
    try:
        await execute(inside, "REVOKE ALL ON SCHEMA public FROM PUBLIC, %I", app)
        await execute(inside, "GRANT USAGE ON SCHEMA public TO %I", app)
    finally:
        await inside.close()


async def execute(connection: "asyncpg.Connection[asyncpg.Record]", statement: str, *words: str) -> None:
    """A statement that takes no parameters: the server itself writes the words into it, quoted (%I names, %L texts)."""
    places = ", ".join(f"${n}::text" for n in range(2, len(words) + 2))
    await connection.execute(await connection.fetchval(f"SELECT format($1, {places})", statement, *words))


def because(error: Exception, given_as: str) -> str:
    """What to do about it. Server messages name roles and databases, never a password; other texts may."""
    match error:
        case asyncpg.InvalidPasswordError() | asyncpg.InvalidAuthorizationSpecificationError():
            return f"PostgreSQL does not let us in: {error}. Check user and password of {given_as}."
        case asyncpg.InsufficientPrivilegeError():
            return (
                f"PostgreSQL refuses: {error}. The role of {given_as} must be allowed to create databases and roles"
                " (CREATEDB CREATEROLE), and own those that are there already."
            )
        case asyncpg.PostgresError():
            return f"PostgreSQL refuses: {error}."
        case OSError() | TimeoutError():
            reason = getattr(error, "strerror", None) or type(error).__name__
            return f"PostgreSQL does not answer ({reason}). Check host and port of {given_as}, and that it runs."
        case _:
            return f"{given_as} is not a URL of the form postgresql://user:password@host:port/database."
