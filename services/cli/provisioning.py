"""Databases and roles as the settings of the services name them, the topics, the schemas."""

from collections.abc import Sequence

import typer

from services.chassis.assembly import NotConfigured, broker
from services.chassis.migrations.run import migrate as bring_up
from services.chassis.settings import settings_of
from services.cli import catalogue
from services.cli.databases import DatabaseUrls, Login, ensure_databases
from services.cli.embedded.topics import ensure_topics

ADMIN_URL = "RELUTH_ADMIN_URL"


def urls_of(service: str) -> DatabaseUrls:
    """How the settings of a service reach its database. Raises `NotConfigured`, which quotes nothing of a URL."""
    settings = settings_of(service)
    names = (f"RELUTH_{service.upper()}_MIGRATION_URL", f"RELUTH_{service.upper()}_DATABASE_URL")
    found: list[str] = []
    logins: list[Login] = []
    for name, url in zip(names, (settings.migration_url, settings.database_url), strict=True):
        if url is None:
            raise NotConfigured(f"{name} is not set, nor is {name}_FILE: see docs/settings.md")
        found.append(url.get_secret_value())
        try:
            logins.append(Login.of(found[-1]))
        except ValueError as error:
            raise NotConfigured(f"{name} is {error}") from None
    owner, app = logins
    if owner.role == app.role:
        raise NotConfigured(f"{names[0]} and {names[1]} name the same role: a service must not own its schema")
    if owner.database != app.database:
        raise NotConfigured(f"{names[0]} and {names[1]} name different databases")
    return DatabaseUrls(*found)


def admin_url() -> str:
    """That of the role that may create databases. Raises `NotConfigured`."""
    found = settings_of().admin_url
    if found is None:
        raise NotConfigured(f"{ADMIN_URL} is not set, nor is {ADMIN_URL}_FILE: see docs/settings.md")
    return found.get_secret_value()


async def provision(services: Sequence[str]) -> None:
    """`reluth provision`. Raises `NotConfigured`, `DatabasesUnusable`, `TopicMismatch`, KafkaError."""
    settings, admin = settings_of(), admin_url()
    connection = broker(settings)
    urls = [urls_of(service) for service in services]
    await ensure_databases(admin, urls, ADMIN_URL)
    topics = catalogue.topics(settings.topic_prefix)
    # as many replicas as that cluster makes by itself
    await ensure_topics(connection.bootstrap, topics, replication_factor=-1, connection=connection.options())
    typer.echo(f"Ready: databases {', '.join(Login.of(u.app).database for u in urls)}; {len(topics)} topics.")


async def migrate(services: Sequence[str]) -> None:
    """`reluth migrate`. Raises `NotConfigured`, and the errors of SQLAlchemy and Alembic."""
    urls = {service: urls_of(service) for service in services}
    for service, found in urls.items():
        await bring_up(found.owner, Login.of(found.app).role)
        typer.echo(f"{service}: the schema is the newest.")
