"""What HTTP alone costs here: FastAPI and one INSERT, no auth, no log, no broker. Served as the services are."""

import asyncio
import os
import signal
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import date
from uuid import uuid4

import asyncpg
from fastapi import FastAPI, Header
from pydantic import BaseModel

from services.cli import serving


class Finding(BaseModel):
    """One dated value."""

    field: str
    value: str
    unit: str
    observed_on: date


class Findings(BaseModel):
    """The same body that the service takes."""

    findings: list[Finding]


@asynccontextmanager
async def lifespan(app: FastAPI) -> AsyncIterator[None]:
    """A pool of as many connections as a service keeps."""
    async with asyncpg.create_pool(os.environ["BARE_URL"], min_size=8, max_size=8) as app.state.pool:
        yield


app = FastAPI(lifespan=lifespan)


@app.post("/studies/{study}/subjects/{subject}/findings", status_code=201)
async def post_findings(study: str, subject: str, body: Findings, idempotency_key: str = Header()) -> dict[str, str]:
    """Insert one row, durably."""
    row = uuid4()
    await app.state.pool.execute(
        "INSERT INTO bare (id, key, subject, body) VALUES ($1, $2, $3, $4)",
        row,
        idempotency_key,
        f"{study}/{subject}",
        body.model_dump_json().encode(),
    )
    return {"id": str(row)}


async def main() -> None:
    """Serve until SIGTERM."""
    stop = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, stop.set)
    listener = socket.create_server(("127.0.0.1", int(os.environ["BARE_PORT"])))
    async with serving.serving("bare", app, listener):
        await stop.wait()


if __name__ == "__main__":
    with asyncio.Runner(loop_factory=serving.new_event_loop) as runner:
        runner.run(main())
