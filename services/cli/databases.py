"""A database for each service with two roles: one that owns the schema, one that the service works with."""

import json
import re
import secrets
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import NamedTuple
from urllib.parse import quote, urlsplit, urlunsplit

import asyncpg

from services.cli.embedded.state import write_private

_IDENTIFIER = re.compile(r"[a-z_][a-z0-9_]{0,56}")  # 63 less the suffix of a role


class DatabasesUnusable(RuntimeError):
    """The server does not let us prepare its databases; the message says why, and no password."""


class DatabaseUrls(NamedTuple):
    """How to reach one database as its owner (migrations) and as the service that uses it."""

    owner: str
    app: str


class Databases:
    """Databases and roles on one PostgreSQL server.

    The owner creates tables and grants. The app role owns nothing, may create nothing (no schema, no temporary table)
    and holds what the owner's migrations grant it. Roles of one database cannot connect to another. Passwords are
    generated once and kept in `store` (0600).
    """

    def __init__(self, admin_url: str, store: Path) -> None:
        """`admin_url`: of a role that may create databases and roles."""
        self._admin_url, self._store = admin_url, store
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
        for name in names:
            if not _IDENTIFIER.fullmatch(name):
                raise ValueError(f"{name!r} is not a plain PostgreSQL identifier")
        self._remember([role for name in names for role in _roles(name)])
        try:
            admin = await asyncpg.connect(self._admin_url, timeout=20)
            try:
                for name in names:
                    await self._create(admin, name)
            finally:
                await admin.close()
            urls = {name: DatabaseUrls(*(self._url(role, name) for role in _roles(name))) for name in names}
            for name, (owner, _) in urls.items():
                await _close_to_public(owner, name)
        except (asyncpg.PostgresError, asyncpg.InterfaceError, OSError, TimeoutError, ValueError) as error:
            raise DatabasesUnusable(_because(error)) from error
        return urls

    async def _create(self, admin: "asyncpg.Connection[asyncpg.Record]", name: str) -> None:
        owner, app = _roles(name)
        for role in (owner, app):
            # The password is of our own alphabet, the name was checked: nothing to escape.
            if await admin.fetchval("SELECT true FROM pg_roles WHERE rolname = $1", role):
                await admin.execute(f"ALTER ROLE {role} LOGIN PASSWORD '{self._passwords[role]}'")
            else:
                await admin.execute(
                    f"CREATE ROLE {role} LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION NOBYPASSRLS"
                    f" PASSWORD '{self._passwords[role]}'"
                )
        if not await admin.fetchval("SELECT true FROM pg_database WHERE datname = $1", name):
            # as a superuser this is not needed; as a role with CREATEDB it is
            await admin.execute(f"GRANT {owner} TO CURRENT_USER")
            await admin.execute(f"CREATE DATABASE {name} OWNER {owner}")
        await admin.execute(
            f"REVOKE ALL ON DATABASE {name} FROM PUBLIC, {app}; GRANT CONNECT ON DATABASE {name} TO {app}"
        )

    def _remember(self, roles: Sequence[str]) -> None:
        """Generate the passwords that are missing, on disk before the server hears of them."""
        missing = {role: secrets.token_urlsafe(24) for role in roles if role not in self._passwords}
        if missing:
            self._passwords |= missing
            write_private(self._store, json.dumps(self._passwords, indent=2) + "\n")

    def _url(self, role: str, database: str) -> str:
        parts = urlsplit(self._admin_url)
        host = parts.netloc.rpartition("@")[2]
        login = f"{role}:{quote(self._passwords[role], safe='')}@{host}"
        return urlunsplit(("postgresql", login, f"/{database}", parts.query, ""))


def _roles(database: str) -> tuple[str, str]:
    return f"{database}_owner", f"{database}_app"


async def _close_to_public(owner_url: str, database: str) -> None:
    app = _roles(database)[1]
    inside = await asyncpg.connect(owner_url, timeout=20)
    try:
        await inside.execute(f"REVOKE ALL ON SCHEMA public FROM PUBLIC, {app}; GRANT USAGE ON SCHEMA public TO {app}")
    finally:
        await inside.close()


def _because(error: Exception) -> str:
    """What to do about it. Server messages name roles and databases, never a password; other texts may."""
    match error:
        case asyncpg.InvalidPasswordError() | asyncpg.InvalidAuthorizationSpecificationError():
            return f"PostgreSQL does not let us in: {error}. Check user and password of --database-url."
        case asyncpg.InsufficientPrivilegeError():
            return (
                f"PostgreSQL refuses: {error}. The role of --database-url must be allowed to create databases and roles"
                " (CREATEDB CREATEROLE), and own those that are there already."
            )
        case asyncpg.PostgresError():
            return f"PostgreSQL refuses: {error}."
        case OSError() | TimeoutError():
            reason = getattr(error, "strerror", None) or type(error).__name__
            return f"PostgreSQL does not answer ({reason}). Check host and port of --database-url, and that it runs."
        case _:
            return "--database-url is not a URL of the form postgresql://user:password@host:port/database."
