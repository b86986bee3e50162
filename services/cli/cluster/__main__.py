"""`make kafka`: a secured cluster in the foreground, until Ctrl-C."""

import asyncio
import time
from pathlib import Path
from typing import Annotated

import typer

from services.cli.cluster.cluster import SIZES, SecuredKafka
from services.cli.embedded.progress import ProgressBars
from services.cli.embedded.state import State
from services.cli.screen import console, errors
from services.cli.staying import Stop, stay

app = typer.Typer(add_completion=False, rich_markup_mode=None, pretty_exceptions_enable=False)


@app.command()
def kafka(
    nodes: Annotated[int, typer.Option(help="1, or 3 with every record on each.")] = 1,
    state_dir: Annotated[Path, typer.Option(help="Where it keeps data, keys and passwords.")] = Path(".reluth-kafka"),
) -> None:
    """Start a Kafka cluster with TLS, a user per service and access lists; stay until Ctrl-C."""
    if nodes not in SIZES:
        raise typer.BadParameter(f"a cluster has {' or '.join(map(str, SIZES))} nodes, not {nodes}")
    stay(lambda stop: _run(nodes, state_dir, stop))


async def _run(nodes: int, state_dir: Path, stop: Stop) -> None:
    begun = time.monotonic()
    state = await asyncio.to_thread(State.acquire, state_dir)
    try:
        with ProgressBars() as report:
            cluster = SecuredKafka(state, nodes, report=report)
            await stop.unless(cluster.start())
        try:
            console.print(f"bootstrap    {cluster.bootstrap}")
            console.print(f"CA file      {cluster.ca_file}")
            console.print(f"passwords    {cluster.credentials} (one file of settings per service)")
            console.print(f"Ready after {time.monotonic() - begun:.1f} s. Ctrl-C stops it.")
            await _until(cluster, stop)
        finally:
            errors.print("Stopping ...")
            await cluster.stop()
    finally:
        state.release()


async def _until(cluster: SecuredKafka, stop: Stop) -> None:
    """Until the end is asked for. Raises ServerEnded when a node ends by itself before that."""

    async def ended() -> None:
        raise await cluster.ended()

    await stop.unless(stop.asked.wait(), ended())


if __name__ == "__main__":
    app()
