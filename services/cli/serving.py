"""One service behind one socket: started until it answers, or the reason why it does not."""

import asyncio
import contextlib
import gc
import socket
from collections.abc import AsyncIterator, Iterator
from types import FrameType
from typing import Final

import uvicorn
import uvloop
from starlette.applications import Starlette

from services.chassis.settings import settings_of
from services.cli import catalogue
from services.cli.embedded.process import ServerEnded, StartFailed
from services.cli.failures import in_words

STOP_SECONDS: Final = 15.0
KEEP_ALIVE_SECONDS: Final = 30
"""Longer than a client keeps an idle connection (5 s in httpx): else both ends let go of it in the same moment, and a
request that is just sent on it is lost."""


new_event_loop: Final = uvloop.new_event_loop
"""The loop for a process that does nothing but serve: less work for each request than asyncio's own."""


async def run_service(name: str, stop: asyncio.Event) -> None:
    """One service as the environment says, until `stop`. Raises `StartFailed`, `ServerEnded`."""
    settings = settings_of(name)
    family = socket.AF_INET6 if ":" in settings.http_host else socket.AF_INET
    try:
        listener = socket.create_server((settings.http_host, settings.http_port), family=family)
    except OSError as error:
        raise StartFailed(
            f"{settings.http_host}, port {settings.http_port}, for {name} cannot be used ({error.strerror})."
            f" Set RELUTH_{name.upper()}_HTTP_HOST and RELUTH_{name.upper()}_HTTP_PORT."
        ) from error
    async with serving(name, catalogue.spec(name).create(settings), listener) as task:
        keep_what_is_loaded()
        stopping = asyncio.ensure_future(stop.wait())
        await asyncio.wait({task, stopping}, return_when=asyncio.FIRST_COMPLETED)
        if task.done():
            raise ServerEnded(f"{name} ended by itself")


def keep_what_is_loaded() -> None:
    """Take what was made so far, mostly code, out of the garbage collector's sight, and call it less often.

    Nobody is answered during a full collection, which walks over all of it; what a request makes is freed without one.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 10, 10)


class _Server(uvicorn.Server):
    """A server that leaves the signals to us: several live in one process."""

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Catch none."""
        yield

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        """Never called: we catch no signal here."""


@contextlib.asynccontextmanager
async def serving(name: str, app: Starlette, listener: socket.socket) -> AsyncIterator[asyncio.Task[None]]:
    """Run the application on a socket that is bound; yields the task of its server, which ends only by our will.

    The lifespan is run here and not by uvicorn, which would swallow the error that keeps a service from starting.
    At the end requests under way are finished, then the service itself. Raises `StartFailed`.
    """
    # Accepted connections inherit it. asyncio sets it only where the listener names its protocol, and without it the
    # body of an answer waits for the acknowledgement of its head: 40 ms, for every request.
    listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    async with contextlib.AsyncExitStack() as stack:
        try:
            await stack.enter_async_context(app.router.lifespan_context(app))
        except Exception as error:
            if (says := in_words(error)) is None:  # a defect of the program: its trace is worth more
                raise
            raise StartFailed(f"{name} did not start: {says}") from error
        config = uvicorn.Config(
            app,
            log_config=None,
            access_log=False,
            lifespan="off",
            timeout_graceful_shutdown=int(STOP_SECONDS),
            timeout_keep_alive=KEEP_ALIVE_SECONDS,
            proxy_headers=False,  # nothing here asks who the peer is
            server_header=False,
        )
        server = _Server(config)
        task = asyncio.create_task(server.serve(sockets=[listener]), name=name)

        async def stop() -> None:
            server.should_exit = True
            await asyncio.wait({task}, timeout=STOP_SECONDS + 5)
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)

        stack.push_async_callback(stop)
        yield task
