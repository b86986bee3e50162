"""Bring a service's database to the newest schema."""

from pathlib import Path

from alembic import command
from alembic.config import Config
from sqlalchemy import Connection, text
from sqlalchemy.ext.asyncio import create_async_engine
from sqlalchemy.pool import NullPool

_HERE = Path(__file__).parent
_LOCK = 0x72656C757468  # "reluth": two processes that migrate at once take turns


async def migrate(owner_url: str, app_role: str, service_versions: Path | None = None) -> None:
    """Run all migrations with the owner's rights and grant `app_role` what the service needs, nothing more.

    `owner_url` is a plain `postgresql://` URL. `service_versions` is the service's own `migrations/` folder, if
    it has tables besides the chassis' ones and its projections.
    """
    engine = create_async_engine(owner_url.replace("postgresql://", "postgresql+asyncpg://", 1), poolclass=NullPool)
    folders = [_HERE / "versions", *([service_versions] if service_versions else [])]

    def upgrade(connection: Connection) -> None:
        connection.execute(text("SELECT pg_advisory_lock(:lock)"), {"lock": _LOCK})
        connection.commit()
        try:
            config = Config()
            config.set_main_option("script_location", str(_HERE))
            config.set_main_option("path_separator", "newline")
            config.set_main_option("version_locations", "\n".join(map(str, folders)))
            config.attributes.update(connection=connection, app_role=app_role)
            command.upgrade(config, "heads")
            connection.commit()
        finally:
            connection.execute(text("SELECT pg_advisory_unlock(:lock)"), {"lock": _LOCK})
            connection.commit()

    try:
        async with engine.connect() as connection:
            await connection.run_sync(upgrade)
    finally:
        await engine.dispose()
