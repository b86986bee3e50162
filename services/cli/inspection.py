"""Looking at a system from outside: what the services say of themselves, and the feed of facts."""

import asyncio
import json
import sys
import time
from collections.abc import Mapping
from typing import Any

import httpx
import typer

from services.cli import catalogue
from services.cli.exits import Exit
from services.cli.running import Running, inside
from services.cli.screen import console, table
from services.cli.shown import line

PAGE = 1_000
SETTLING_SECONDS = 3.0


async def print_status(where: Running, as_json: bool) -> None:
    """Print what each service says of itself."""
    found: dict[str, dict[str, Any]] = {}
    async with httpx.AsyncClient(timeout=10) as client:
        for name in catalogue.NAMES:
            found[name] = {"url": where.urls.get(name)}
            found[name]["ready"] = await _health(client, where.urls.get(name), "ready")
            found[name]["consistency"] = await _settled(client, where.urls.get(name))
    if as_json:
        sys.stdout.write(json.dumps(found, indent=2) + "\n")
    else:
        shown = table("service", "address", "ready", "holds")
        for name, says in found.items():
            shown.add_row(name, str(says["url"]), _short(says["ready"]), _holds(says["consistency"]))
        console.print(shown)
    if any(says[page]["status"] == "failed" for says in found.values() for page in ("ready", "consistency")):
        raise typer.Exit(Exit.DEFECT)


async def _settled(client: httpx.AsyncClient, url: str | None) -> dict[str, Any]:
    """What the service holds, looked at again for a while when it waits for something or misses it."""
    deadline = time.monotonic() + SETTLING_SECONDS
    while True:
        says = await _health(client, url, "consistency")
        settled = says["status"] != "failed" and "waiting for" not in _holds(says)
        if settled or "because" in says or time.monotonic() > deadline:
            return says
        await asyncio.sleep(0.1)


async def _health(client: httpx.AsyncClient, url: str | None, page: str) -> dict[str, Any]:
    try:
        answer: dict[str, Any] = (await client.get(f"{url}/health/{page}")).json()
    except (httpx.HTTPError, ValueError) as error:
        return {"status": "failed", "checks": {}, "because": type(error).__name__}
    return answer.get("context", answer) if "checks" not in answer else answer


def _short(says: Mapping[str, Any]) -> str:
    if says["status"] == "ok":
        return "ok"
    worse = [f"{name}: {c.get('because') or c}" for name, c in says.get("checks", {}).items() if c["status"] != "ok"]
    return "; ".join([says["status"], *worse])


def _holds(says: Mapping[str, Any]) -> str:
    if not says.get("checks"):
        return "reads nobody" if says["status"] == "ok" else says["status"]
    parts = [
        f"{topic} {what}"
        for check in says["checks"].values()
        for topic, what in sorted(check.items())
        if topic != "status"
    ]
    return "\n".join(parts) or "nothing yet"


async def tail(where: Running, name: str, after: int | None, follow: bool, as_json: bool) -> None:
    """Print the facts behind `after`, or the last 20; with `follow` for ever."""
    async with inside(where, name) as service:
        position = after if after is not None else max((await service.log.head()).position - 20, 0)
        while True:
            for event in await service.log.read(position, PAGE):
                position = event.position
                sys.stdout.write(line(service.facts.envelope(event), as_json) + "\n")
            sys.stdout.flush()
            if (await service.log.head()).position > position:
                continue
            if not follow:
                return
            await service.log.appended(position, 5)
