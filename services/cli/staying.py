"""Commands that stay: from the start of a system to Ctrl-C, SIGTERM or the end of what they do."""

import asyncio
import logging
import os
import signal
import time
from collections.abc import Awaitable, Callable, Coroutine
from typing import Any, TypeVar

import typer

from services.cli.embedded.progress import ProgressBars
from services.cli.exits import Exit
from services.cli.failures import told
from services.cli.screen import console, errors, table
from services.cli.system import Options, System

T = TypeVar("T")


class Interrupted(Exception):
    """Somebody asked for the end before it was reached."""


class Stop:
    """Set by the first Ctrl-C or SIGTERM. The second one does not wait: servers end with the process that started them.

    `unless` runs something that must give way.
    """

    def __init__(self) -> None:
        self.asked = asyncio.Event()
        for signum in (signal.SIGINT, signal.SIGTERM):
            asyncio.get_running_loop().add_signal_handler(signum, self._ask)

    def _ask(self) -> None:
        if self.asked.is_set():
            os._exit(Exit.INTERRUPTED)
        self.asked.set()

    async def unless(self, work: Coroutine[Any, Any, T], *ends: Awaitable[Any]) -> T:
        """The result of `work`, cancelled when the end is asked for: then it raises `Interrupted`.

        Also cancelled when one of `ends` is over, whose error, if it has one, is raised.
        """
        working = asyncio.ensure_future(work)
        others = [asyncio.ensure_future(self.asked.wait()), *(asyncio.ensure_future(end) for end in ends)]
        try:
            await asyncio.wait({working, *others}, return_when=asyncio.FIRST_COMPLETED)
            if working.done():
                return working.result()
            for end in others[1:]:
                if end.done():
                    end.result()
            raise Interrupted
        finally:
            for task in (working, *others):
                task.cancel()
            await asyncio.gather(working, *others, return_exceptions=True)


def stay(
    main: Callable[[Stop], Coroutine[Any, Any, None]],
    loop_factory: Callable[[], asyncio.AbstractEventLoop] | None = None,
) -> None:
    """Run a command of this kind. Libraries that complain before the services set up their log are not heard."""
    logging.getLogger().addHandler(logging.NullHandler())

    async def guarded() -> None:
        await main(Stop())

    with told():
        try:
            with asyncio.Runner(loop_factory=loop_factory) as runner:
                runner.run(guarded())
        except Interrupted:
            errors.print("Interrupted; nothing is left running.")
            raise typer.Exit(Exit.INTERRUPTED) from None


async def started(system: Callable[[Callable[..., None]], System], stop: Stop) -> System:
    """A system that has started, with bars while it does."""
    with ProgressBars() as report:
        return await stop.unless(system(report).__aenter__())


async def stopped(system: System) -> None:
    """Stop it, and say so where that takes a moment."""
    errors.print("Stopping ...")
    await system.__aexit__(None, None, None)


async def run_up(options: Options, stop: Stop) -> None:
    """`reluth up`."""
    begun = time.monotonic()
    system = await started(lambda report: System(options, report=report), stop)
    try:
        show_addresses(system)
        console.print(f"Ready after {time.monotonic() - begun:.1f} s. Ctrl-C stops it.")
        await system.until(stop.asked)
    finally:
        await stopped(system)


def show_addresses(system: System) -> None:
    """Where everything answers."""
    shown = table("part", "address")
    for name, url in sorted(system.urls.items()):
        shown.add_row(name, url if name == "issuer" else f"{url}/docs")
    console.print(shown)
    if system.options.log_file is not None:
        console.print(f"Logs: {system.options.log_file}", soft_wrap=True)
