"""How the commands find a system that runs, look inside it, and give way to Ctrl-C."""

import asyncio
import json
import logging
import os
import signal
from collections.abc import AsyncIterator, Coroutine, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import typer

from services.cli import catalogue
from services.cli.embedded.state import Run, running, write_private
from services.cli.exits import Exit, leave

if TYPE_CHECKING:
    from services.chassis.assembly import Opened
    from services.chassis.settings import Settings

_FILE = "connections.json"
T = TypeVar("T")


@dataclass(frozen=True)
class Running:
    """A system that answers: its URLs, and the settings of each service."""

    urls: Mapping[str, str]
    given: Mapping[str, Mapping[str, Any]]
    run: Run | None

    def settings(self, service: str) -> "Settings":
        """What the service itself was started with."""
        from services.chassis.settings import settings_of

        return settings_of(service, **self.given[service])


def remember(state_dir: Path, given: Mapping[str, Mapping[str, Any]]) -> None:
    """Keep what the services were told for the commands of other processes. Holds passwords: 0600."""
    write_private(state_dir / _FILE, json.dumps(given, indent=2) + "\n")


def find(state_dir: Path) -> Running:
    """The system of this state directory, or the external one that RELUTH_ variables describe; else it ends here."""
    from services.chassis.settings import settings_of

    where = state_dir.expanduser().absolute()
    try:
        run = running(state_dir)
        if run is not None:
            if any(name not in run.urls for name in catalogue.NAMES):
                leave(Exit.NOT_RUNNING, f"The system in {where} is just starting. Try again in a moment.")
            return Running(run.urls, json.loads((where / _FILE).read_text()), run)
    except PermissionError:
        leave(Exit.FAILED, f"{where} belongs to another account. Ask as that account, or as root.")
    if external():
        return Running(settings_of().upstream_urls, {name: {} for name in catalogue.NAMES}, None)
    return leave(
        Exit.NOT_RUNNING,
        f"No system runs in {where}. Start it with `reluth up`, name another directory with --state-dir, or set"
        " RELUTH_<SERVICE>_DATABASE_URL for services that run elsewhere.",
    )


def external() -> bool:
    """Whether variables describe services that run elsewhere."""
    from services.chassis.settings import PREFIX

    kinds = ("DATABASE_URL", "DATABASE_URL_FILE")
    return any(name.startswith(PREFIX) and name.endswith(kinds) for name in os.environ)


@asynccontextmanager
async def inside(where: Running, name: str) -> "AsyncIterator[Opened[Any]]":
    """A service's database, opened beside the service. Nothing is checked first: finding what is wrong is the point."""
    from services.chassis.assembly import opened
    from services.chassis.auth.outgoing import NobodyToAsk
    from services.chassis.clock import system_clock
    from services.chassis.log.port import LogError
    from services.chassis.unavailable import Unavailable

    try:
        async with opened(
            catalogue.spec(name), where.settings(name), system_clock, NobodyToAsk, check=False
        ) as service:
            yield service
    except (LogError, Unavailable, OSError) as error:
        leave(
            Exit.FAILED,
            f"{name}: its database does not answer ({type(error).__name__}). `reluth status` says what does; where"
            " PostgreSQL is one of your own, check that it runs.",
        )


def run(work: Coroutine[Any, Any, T]) -> T:
    """Run what a command does. Ctrl-C cancels it, so that it can tidy up, and ends the command."""
    logging.getLogger().addHandler(logging.NullHandler())  # warnings of libraries are not for this terminal

    async def cancellable() -> T:
        task = asyncio.ensure_future(work)
        asyncio.get_running_loop().add_signal_handler(signal.SIGINT, task.cancel)
        return await task

    try:
        return asyncio.run(cancellable())
    except asyncio.CancelledError:
        raise typer.Exit(Exit.INTERRUPTED) from None
