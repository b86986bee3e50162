"""What people on call see: completeness and the flow of facts, in health pages and metrics."""

import re

import httpx

from services.cli import catalogue
from services.cli.demo.cohort import cohort
from services.cli.demo.drive import play
from tests.e2e.conftest import Whole


async def test_a_consumer_says_exactly_what_it_holds_and_the_metrics_agree(whole: Whole) -> None:
    await play(whole.api, cohort(12, seed=7), run="journey", set_day=whole.set_day, progress=lambda *_: None)
    held = ",".join(f"{service}:{position}" for service, position in whole.api.positions.items())
    await whole.api.get("analytics", "/studies/RELUTH/positions", role="inspector", consistency=held)
    async with httpx.AsyncClient(base_url=whole.system.urls["analytics"]) as client:
        consistency = (await client.get("/health/consistency")).json()
        metrics = (await client.get("/metrics")).text
    says = consistency["checks"]["inbox"]
    assert consistency["status"] == "ok"
    assert len(says) == 7  # six topics and the status
    for topic, words in says.items():
        if topic == "status":
            continue
        (last,) = re.findall(r"^exactly 1\.\.(\d+)$", words)
        assert f'reluth_inbox_held{{service="analytics",topic="{topic}"}} {float(last)}' in metrics
        assert f'reluth_inbox_missing{{service="analytics",topic="{topic}"}} 0.0' in metrics


async def test_every_service_shows_its_flow(whole: Whole) -> None:
    for name in catalogue.NAMES:
        async with httpx.AsyncClient(base_url=whole.system.urls[name]) as client:
            ready = (await client.get("/health/ready")).json()
            metrics = (await client.get("/metrics")).text
        assert ready["status"] == "ok", ready
        assert {"log", "relay", "projections", "loops"} <= ready["checks"].keys()
        assert re.search(rf'reluth_relay_position{{service="{name}"}} \d+', metrics)
        assert re.search(rf'reluth_outbox_head{{service="{name}"}} \d+', metrics)
        assert f'reluth_relay_leading{{service="{name}"}} 1.0' in metrics
