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

_IDENTIFIER = re.compile(r"[a-z_][a-z0-9_]{0,62}")


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

    async def ensure(self, names: Sequence[str], prefix: str = "") -> Mapping[str, DatabaseUrls]:
        """Create what is missing for each service; idempotent. Database and roles begin with `prefix`."""
        return {name: await self._ensure(prefix + name) for name in names}

    async def _ensure(self, database: str) -> DatabaseUrls:
        owner, app = f"{database}_owner", f"{database}_app"
        for identifier in (database, owner, app):
            if not _IDENTIFIER.fullmatch(identifier):
                raise ValueError(f"{identifier!r} is not a plain PostgreSQL identifier")
        self._remember(owner, app)
        admin = await asyncpg.connect(self._admin_url)
        try:
            for role in (owner, app):
                known = await admin.fetchval("SELECT true FROM pg_roles WHERE rolname = $1", role)
                verb = "ALTER" if known else "CREATE"
                await admin.execute(  # the password is of our own alphabet, the name was checked: nothing to escape
                    f"{verb} ROLE {role} LOGIN NOCREATEDB NOCREATEROLE PASSWORD '{self._passwords[role]}'"
                )
            if not await admin.fetchval("SELECT true FROM pg_database WHERE datname = $1", database):
                # as a superuser this is not needed; as a role with CREATEDB it is
                await admin.execute(f"GRANT {owner} TO CURRENT_USER")
                await admin.execute(f"CREATE DATABASE {database} OWNER {owner}")
            await admin.execute(
                f"REVOKE ALL ON DATABASE {database} FROM PUBLIC, {app}; GRANT CONNECT ON DATABASE {database} TO {app}"
            )
        finally:
            await admin.close()
        urls = DatabaseUrls(self._url(owner, database), self._url(app, database))
        inside = await asyncpg.connect(urls.owner)
        try:
            await inside.execute(
                f"REVOKE ALL ON SCHEMA public FROM PUBLIC, {app}; GRANT USAGE ON SCHEMA public TO {app}"
            )
        finally:
            await inside.close()
        return urls

    def _remember(self, *roles: str) -> None:
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
