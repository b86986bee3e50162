"""Databases and roles, users of the broker and their rights as the settings name them, the topics, the schemas."""

from collections.abc import Mapping, Sequence

import typer

from services.chassis.assembly import NotConfigured, broker
from services.chassis.migrations.run import migrate as bring_up
from services.chassis.settings import settings_of
from services.cli import catalogue
from services.cli.cluster.acls import rules
from services.cli.cluster.administration import ensure_rules
from services.cli.cluster.users import ensure_users
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


def kafka_passwords(services: Sequence[str]) -> Mapping[str, str]:
    """The services' passwords on a broker whose users are ours to make; none where somebody else looks after them.

    That is where no service is given a login but the one with which we provision, or none is asked for. Raises
    `NotConfigured`.
    """
    ours = settings_of()
    if not ours.kafka_security.startswith("SASL"):
        return {}
    found = {service: settings_of(service) for service in services}
    if all((s.kafka_username, s.kafka_password) == (ours.kafka_username, ours.kafka_password) for s in found.values()):
        return {}
    if ours.topic_prefix:
        raise NotConfigured("RELUTH_TOPIC_PREFIX is for a broker that is shared: its users are not ours to make")
    passwords: dict[str, str] = {}
    for service, settings in found.items():
        name = f"RELUTH_{service.upper()}_KAFKA"
        if settings.kafka_username != service:
            raise NotConfigured(f"{name}_USERNAME is not {service}, by which the access lists know the service")
        if settings.kafka_password is None or settings.kafka_password == ours.kafka_password:
            raise NotConfigured(f"{name}_PASSWORD is not set, nor is {name}_PASSWORD_FILE: see docs/settings.md")
        passwords[service] = settings.kafka_password.get_secret_value()
    return passwords


async def provision(services: Sequence[str]) -> None:
    """`reluth provision`. Raises `NotConfigured`, `DatabasesUnusable`, `TopicMismatch`, `ForeignRule`, KafkaError."""
    settings, admin = settings_of(), admin_url()
    connection = broker(settings)
    urls = [urls_of(service) for service in services]
    users = kafka_passwords(services)
    await ensure_databases(admin, urls, ADMIN_URL)
    topics = catalogue.topics(settings.topic_prefix)
    # as many replicas as that cluster makes by itself
    await ensure_topics(connection.bootstrap, topics, replication_factor=-1, connection=connection.options())
    if users:
        await ensure_rules(connection, rules())
        await ensure_users(connection, users)
    told = f"{len(users)} users with their rights" if users else "users and rights as they were"
    typer.echo(f"Ready: databases {', '.join(Login.of(u.app).database for u in urls)}; {len(topics)} topics; {told}.")


async def migrate(services: Sequence[str]) -> None:
    """`reluth migrate`. Raises `NotConfigured`, and the errors of SQLAlchemy and Alembic."""
    urls = {service: urls_of(service) for service in services}
    for service, found in urls.items():
        await bring_up(found.owner, Login.of(found.app).role)
        typer.echo(f"{service}: the schema is the newest.")
