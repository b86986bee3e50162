"""The secrets of an installation of containers, each in a file of its own."""

import secrets
from collections.abc import Callable
from functools import partial
from pathlib import Path

from services.chassis.files import write_secret_once
from services.chassis.sealing.kek import fresh_kek
from services.cli import catalogue


def make(directory: Path, postgres: str) -> int:
    """Write those that are missing; returns how many. `postgres` is `host:port`. Raises OSError, `ExposedSecret`."""
    made = 0

    def once(name: str, fresh: Callable[[], str]) -> str:
        nonlocal made
        path = directory / name
        made += not path.exists()
        return write_secret_once(path, lambda: fresh().encode()).decode()

    def url(role: str, password: str, database: str) -> str:
        return f"postgresql://{role}:{password}@{postgres}/{database}"

    password = once("postgres_password", _random)
    once("admin_url", lambda: url("postgres", password, "postgres"))
    once("grafana_password", _random)
    once("timestamp_ca", lambda: "Replace this by the certificates (PEM) of the authority in RELUTH_TIMESTAMP_URL.\n")
    admin = once("kafka_admin_password", _random)
    once("kafka_broker_passwords", lambda: f"admin={admin}\nbroker={_random()}\n")  # as Java's properties
    for service in catalogue.NAMES:
        once(f"{service}_migration_url", partial(url, f"{service}_owner", _random(), service))
        once(f"{service}_database_url", partial(url, f"{service}_app", _random(), service))
        once(f"{service}_kafka_password", _random)
        once(f"{service}_cursor_key", _random)
        once(f"{service}_kek", fresh_kek)
    return made


def _random() -> str:
    """256 bits, of characters that mean nothing in a URL, in properties or in JAAS."""
    return secrets.token_urlsafe(32)
