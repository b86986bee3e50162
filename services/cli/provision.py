"""What stands before the services start: secrets, databases, broker, schemas. For one-shot containers.

Each command can be run again at any time; what is there already stays as it is, except for passwords, which become
those of the settings: so one is changed by changing the secret and running `reluth provision` again.
"""

import asyncio
from pathlib import Path
from typing import Annotated

import typer

from services.cli import catalogue
from services.cli.failures import told
from services.cli.options import known_service

PROVISION_EPILOG = "Example: RELUTH_ADMIN_URL_FILE=/run/secrets/admin_url RELUTH_KAFKA_BOOTSTRAP=... reluth provision"
MIGRATE_EPILOG = "Example: RELUTH_SAFETY_MIGRATION_URL_FILE=/run/secrets/safety_migration_url ... reluth migrate safety"


def register(app: typer.Typer) -> None:
    """Add the commands of this file."""
    app.command(epilog="Example: reluth secrets deploy/secrets")(secrets)
    app.command(epilog=PROVISION_EPILOG)(provision)
    app.command(epilog=MIGRATE_EPILOG)(migrate)


def _services(names: list[str] | None) -> list[str]:
    return [known_service(name) for name in names or catalogue.NAMES]


Services = Annotated[list[str] | None, typer.Argument(metavar="SERVICE", callback=_services, help="All without it.")]


def secrets(
    directory: Annotated[Path, typer.Argument(help="Where the files go; it is made if it is not there.")],
    postgres: Annotated[str, typer.Option(help="host:port under which the containers find PostgreSQL.")] = (
        "postgres:5432"
    ),
) -> None:
    """Make the secrets that docker-compose.yml takes from files: random, one per file, for your account alone.

    A file that is there is not touched. Without the key-encryption keys (*_kek) no sealed text can be read again, nor
    an allocation go on: keep a copy apart from the backups of the databases.
    """
    from services.cli.secret_files import make

    with told():
        typer.echo(f"{make(directory, postgres)} files made in {directory}.")


def provision(services: Services = None) -> None:
    """Create what is missing: a database with two roles for each service, the topics, the users of the broker.

    RELUTH_ADMIN_URL says as whom. Names and passwords are those of RELUTH_<SERVICE>_DATABASE_URL and
    RELUTH_<SERVICE>_MIGRATION_URL. On a broker with SASL, RELUTH_KAFKA_USERNAME says as whom; each service with a
    RELUTH_<SERVICE>_KAFKA_USERNAME and _PASSWORD becomes a user (SCRAM-SHA-512) with the rights of
    deploy/kafka/acls.txt and no others. No password is given on the command line, where every account would see it.
    """
    _no_strangers()
    with told():
        from services.cli import provisioning

        asyncio.run(provisioning.provision(services or ()))


def migrate(services: Services = None) -> None:
    """Bring the schema of each service to the newest version, with its owner's rights.

    RELUTH_<SERVICE>_MIGRATION_URL says as whom, RELUTH_<SERVICE>_DATABASE_URL names the role that may use it then.
    """
    _no_strangers()
    with told():
        from services.cli import provisioning

        asyncio.run(provisioning.migrate(services or ()))


def _no_strangers() -> None:
    from services.cli.main import no_strangers  # which registers us

    no_strangers()
