"""How the commands find a system that runs: its state directory, or the environment of an external one."""

import json
import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from services.chassis.settings import PREFIX, Settings, settings_of
from services.cli import catalogue
from services.cli.embedded.state import Run, running, write_private
from services.cli.exits import Exit, leave

_FILE = "connections.json"


@dataclass(frozen=True)
class Running:
    """A system that answers: its URLs, and the settings of each service."""

    urls: Mapping[str, str]
    given: Mapping[str, Mapping[str, Any]]
    run: Run | None

    def settings(self, service: str) -> Settings:
        """What the service itself was started with."""
        return settings_of(service, **self.given[service])


def remember(state_dir: Path, given: Mapping[str, Mapping[str, Any]]) -> None:
    """Keep what the services were told for the commands of other processes. Holds passwords: 0600."""
    write_private(state_dir / _FILE, json.dumps(given, indent=2) + "\n")


def find(state_dir: Path) -> Running:
    """The system of this state directory, or the external one that RELUTH_ variables describe; else it ends here."""
    if run := running(state_dir):
        given = json.loads((state_dir / _FILE).read_text())
        return Running(run.urls, given, run)
    if any(name.startswith(PREFIX) and name.endswith("DATABASE_URL") for name in os.environ):
        urls = settings_of().upstream_urls
        return Running(urls, {name: {} for name in catalogue.NAMES}, None)
    return leave(
        Exit.NOT_RUNNING,
        f"No system runs in {state_dir}. Start it with `reluth up`, name another directory with --state-dir, or set"
        " RELUTH_<SERVICE>_DATABASE_URL for services that run elsewhere.",
    )
