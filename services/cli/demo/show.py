"""`reluth demo`: the system, a cohort, and what the projections say of it."""

import asyncio
import time
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import httpx
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table

from services.cli.clock import TurnableClock
from services.cli.demo.cohort import cohort
from services.cli.demo.drive import STUDY, Played, account, play
from services.cli.demo.site_system import Api, Journal
from services.cli.screen import console, table
from services.cli.staying import Interrupted, Stop, show_addresses, started, stopped
from services.cli.system import Options, System

_TOKEN_SECONDS = 3600.0


class Tokens:
    """Access tokens of the demo persons, one per role and site, renewed hourly."""

    def __init__(self, system: System) -> None:
        self._system = system
        self._tokens: dict[tuple[str, str | None], tuple[float, str]] = {}

    def __call__(self, role: str, site: str | None) -> str:
        """The token of the demo person with this role."""
        made, token = self._tokens.get((role, site), (0.0, ""))
        if not token or time.monotonic() - made > _TOKEN_SECONDS:
            token = self._system.issuer.mint(account(role, site), [role], [site] if site else [])
            self._tokens[(role, site)] = (time.monotonic(), token)
        return token


@dataclass(frozen=True)
class Demo:
    """What to play. `stay`: leave the system up at the end."""

    subjects: int
    seed: int
    stay: bool
    journal: Path | None = None


async def run_demo(options: Options, demo: Demo, stop: Stop) -> None:
    """Start, play, show; then stay until `stop`, or leave. Raises `Interrupted` when stopped before the figures."""
    clock = TurnableClock()
    system = await started(lambda report: System(options, clock=clock, report=report), stop)
    try:
        await stop.unless(_play_and_show(system, clock, demo), system.until(asyncio.Event()))
        if demo.stay:
            show_addresses(system)
            console.print("A token: .venv/bin/reluth token --role statistician     Ctrl-C stops everything.")
            await system.until(stop.asked)
    except Interrupted:
        console.print("Stopped. The same command goes on where this was.")
        raise
    finally:
        await stopped(system)


async def _play_and_show(system: System, clock: TurnableClock, demo: Demo) -> None:
    with Journal(demo.journal) as journal:
        async with httpx.AsyncClient(timeout=30, limits=httpx.Limits(max_connections=32)) as client:
            api = Api(system.urls, Tokens(system), client, journal=journal)
            played, seconds = await _play(api, clock, demo.subjects, demo.seed)
            await _show(api, played, seconds)


async def _play(api: Api, clock: TurnableClock, subjects: int, seed: int) -> tuple[Played, float]:
    begun = time.monotonic()
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=Console(stderr=True)) as bars:
        task = bars.add_task(f"{subjects} invented subjects", total=None)

        def progress(day: date, done: int, total: int) -> None:
            bars.update(task, description=f"trial day {day}", completed=done, total=total)

        try:
            played = await play(
                api, cohort(subjects, seed), run=f"demo-{seed}", set_day=clock.set_day, progress=progress
            )
        finally:
            clock.release()
    return played, time.monotonic() - begun


async def _show(api: Api, played: Played, seconds: float) -> None:
    """Figures from analytics, not from here, once it holds everything that was acknowledged to us."""
    console.print(
        f"\n{api.acknowledged} commands acknowledged in {seconds:.1f} s"
        + (f", {api.replayed} of them had been recorded by an earlier run" if api.replayed else "")
        + f"; refused: {', '.join(f'{code} {n}' for code, n in sorted(played.refused.items())) or 'none'}\n",
        soft_wrap=True,
    )
    held = ",".join(f"{service}:{position}" for service, position in sorted(api.positions.items()))
    flow = await api.get("analytics", f"/studies/{STUDY}/participant-flow", role="sponsor", consistency=held)
    console.print(_flow(flow))
    dcr = await api.get("analytics", f"/studies/{STUDY}/endpoints/dcr-6-months", role="sponsor", reader="INVESTIGATOR")
    by_arm = await api.get(
        "analytics", f"/studies/{STUDY}/endpoints/dcr-6-months/by-arm", role="statistician", reader="INVESTIGATOR"
    )
    console.print(_dcr(dcr, by_arm))
    alerts = await api.get("analytics", f"/studies/{STUDY}/alerts", role="pv")
    console.print(_alerts(alerts))
    console.print(f"These figures stand on {_positions(flow)}.\n", soft_wrap=True)


def _flow(flow: Mapping[str, Any]) -> Table:
    shown = table("participant flow", "subjects")
    for name in ("screened", "consented", "included", "randomized"):
        shown.add_row(name, str(flow[name]))
    for reason, count in flow["exits"].items():
        if count:
            shown.add_row(f"  left before randomization: {reason.lower()}", str(count))
    for timepoint, count in flow["assessed"].items():
        shown.add_row(f"  assessed at {timepoint}", str(count))
    return shown


def _dcr(dcr: Mapping[str, Any], by_arm: Mapping[str, Any]) -> Table:
    shown = table("disease control at 6 months", "controlled", "of", "%", "95 % interval", "pending")
    rows = [("all randomized (investigator read)", dcr["figure"])]
    rows += [(f"  arm {group['arm']} (closed scope)", group["figure"]) for group in by_arm["arms"]]
    for name, figure in rows:
        found = figure["estimate"]
        if isinstance(found, Mapping):  # a word instead says why there is none
            counts = (str(found["x"]), str(found["n"]), found["percent"])
            interval = f"{found['percent_lower']} to {found['percent_upper']}"
        else:
            counts, interval = ("-", "0", "-"), "not estimable"
        shown.add_row(name, *counts, interval, str(figure["pending"]))
    return shown


def _alerts(alerts: Mapping[str, Any]) -> Table:
    shown = table("alerts", "subject", "term", "grade", "raised")
    for alert in alerts["items"]:
        shown.add_row(alert["rule"], alert["subject"], str(alert["term"]), str(alert["grade"]), alert["raised_at"][:10])
    if not alerts["items"]:
        shown.add_row("none", "", "", "", "")
    return shown


def _positions(flow: Mapping[str, Any]) -> str:
    positions = flow["stands_on"]["positions"]
    return ", ".join(f"{topic} 1..{position}" for topic, position in sorted(positions.items()))
