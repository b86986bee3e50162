"""`make bench` end to end, as small as it goes and without peers: all is found again, the report has its form."""

import asyncio
import json
import sys
from pathlib import Path

from benchmarks.append import PEERS
from benchmarks.report import BEGIN, END


async def test_a_small_run_loses_nothing_and_writes_its_report(tmp_path: Path) -> None:
    (tmp_path / "README.md").write_text(f"# Mine\n\n{BEGIN}\nwhat was here\n{END}\n\nafter\n")
    measures = ("append", "growth", "rebuild")
    child = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "benchmarks", *measures, "--no-peers", "--scale", "0.001"),
        *("--out", str(tmp_path), "--directory", str(tmp_path / "work")),
        stderr=asyncio.subprocess.PIPE,
    )
    _, said = await child.communicate()
    assert child.returncode in (0, 1), said.decode()  # a goal may be missed at this size; nothing may have failed
    kept = json.loads((tmp_path / "results.json").read_text())
    assert set(kept) == set(measures)
    assert {name: kept[name]["lost"] for name in measures} == dict.fromkeys(measures, 0)
    counted = [v for name in measures for v in kept[name]["verdicts"] if "lost" in v["what"] or "equals" in v["what"]]
    assert len(counted) == 3
    assert all(verdict["met"] for verdict in counted), counted
    assert [why.partition(":")[0] for why in kept["append"]["left_out"]] == [peer.name for peer in PEERS]
    appends = kept["append"]["tables"][0]
    assert [row[1] for row in appends["rows"]] == ["1", "16", "64"]
    assert all(int(row[appends["columns"].index("acknowledged")].replace(",", "")) > 0 for row in appends["rows"])

    readme = (tmp_path / "README.md").read_text()
    assert readme.startswith(f"# Mine\n\n{BEGIN}")
    assert readme.endswith(f"{END}\n\nafter\n")
    assert "what was here" not in readme
    assert "a quick look, not the measure" in readme
    for name in measures:
        assert f"commit {kept[name]['commit']}, {kept[name]['machine']}" in readme
        assert f"### {kept[name]['title']}" in readme
    assert list((tmp_path / "work").iterdir()) == []
