"""Bring a service's database to the newest schema."""

from collections.abc import Sequence
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, text
from sqlalchemy.ext.asyncio import create_async_engine
from sqlalchemy.pool import NullPool

_HERE = Path(__file__).parent
_LOCK = 0x72656C757468  # "reluth": two processes that migrate at once take turns


async def migrate(
    owner_url: str, app_role: str, service_versions: Path | None = None, *, to: Sequence[str] = ("heads",)
) -> None:
    """Run the migrations with the owner's rights and grant `app_role` what the service needs, nothing more.

    `owner_url` is a plain `postgresql://` URL. `service_versions` is the service's own `migrations/` folder, if
    it has tables besides the chassis' ones and its projections. `to`: revisions to stop at; the newest without it.
    """
    engine = create_async_engine(owner_url.replace("postgresql://", "postgresql+asyncpg://", 1), poolclass=NullPool)

    def upgrade(connection: Connection) -> None:
        connection.execute(text("SELECT pg_advisory_lock(:lock)"), {"lock": _LOCK})
        connection.commit()
        try:
            config = _config(service_versions)
            config.attributes.update(connection=connection, app_role=app_role)
            for revision in to:
                command.upgrade(config, revision)
            connection.commit()
        finally:
            connection.execute(text("SELECT pg_advisory_unlock(:lock)"), {"lock": _LOCK})
            connection.commit()

    try:
        async with engine.connect() as connection:
            await connection.run_sync(upgrade)
    finally:
        await engine.dispose()


def known_revisions(service_versions: Path | None = None) -> frozenset[str]:
    """The versions of the schema that this program can make."""
    return frozenset(s.revision for s in ScriptDirectory.from_config(_config(service_versions)).walk_revisions())


def _config(service_versions: Path | None) -> Config:
    folders = [_HERE / "versions", *([service_versions] if service_versions else [])]
    config = Config()
    config.set_main_option("script_location", str(_HERE))
    config.set_main_option("path_separator", "newline")
    config.set_main_option("version_locations", "\n".join(map(str, folders)))
    return config
