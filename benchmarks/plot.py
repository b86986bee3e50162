"""Draws results.json: `python -m benchmarks.plot results.json results.svg`, in the peers' environment (matplotlib)."""

import json
import sys
from pathlib import Path
from typing import Any

import matplotlib as mpl

mpl.use("svg")
mpl.rcParams |= {"svg.hashsalt": "reluth", "font.size": 9, "axes.spines.top": False, "axes.spines.right": False}

from matplotlib import pyplot as plt  # noqa: E402 - after the choice of what to draw with
from matplotlib.axes import Axes  # noqa: E402

OURS, OTHERS, LIMIT = "#b3261e", "#6b7a8f", "#222222"
LINES = ("#1f77b4", "#2ca02c", "#9467bd", "#8c564b", "#7f7f7f", "#17becf", "#bcbd22")


def append(axes: Axes, series: dict[str, dict[str, float]]) -> None:
    """Bars at the most writers, ours first."""
    most = max((int(n) for n in next(iter(series.values()))), default=0)
    names = list(series)[::-1]
    rates = [series[name][str(most)] for name in names]
    axes.barh(names, rates, color=[OURS if name == "ReLUTH" else OTHERS for name in names])
    for place, rate in enumerate(rates):
        axes.annotate(f"{rate:,.0f}", (rate, place), (3, 0), textcoords="offset points", va="center", fontsize=8)
    axes.axvline(10_000, color=LIMIT, linestyle=":", linewidth=1)
    axes.set_xlim(0, max([*rates, 10_000]) * 1.15)
    axes.set_title(f"Durable single appends a second, {most} at once (goal: dotted)")


def writers(axes: Axes, series: dict[str, dict[str, float]]) -> None:
    """Rates over writers."""
    for (name, rates), colour in zip(series.items(), (OURS, *LINES), strict=False):
        axes.plot([int(n) for n in rates], list(rates.values()), marker="o", markersize=3, label=name, color=colour)
    axes.set_xscale("log", base=2)
    axes.set_yscale("log")
    axes.set_xticks([1, 16, 64], ["1", "16", "64"])
    axes.set_xlabel("at once")
    axes.set_ylabel("appends/s")
    axes.legend(fontsize=6.5, frameon=False)
    axes.set_title("The same, by writers")


def http(axes: Axes, series: dict[str, float]) -> None:
    """Two bars."""
    names = list(series)[::-1]
    axes.barh(names, [series[name] for name in names], color=[OURS if name == "ReLUTH" else OTHERS for name in names])
    axes.axvline(1_500, color=LIMIT, linestyle=":", linewidth=1)
    for place, rate in enumerate(series[name] for name in names):
        axes.annotate(f"{rate:,.0f}", (rate, place), (3, 0), textcoords="offset points", va="center", fontsize=8)
    axes.set_title("Durable commands over HTTP a second (goal: dotted)")


def latency(axes: Axes, series: dict[str, Any]) -> None:
    """The share of facts that is visible after so many milliseconds."""
    for shares in series.values():
        axes.plot([ms for _, ms in shares], [100 * share for share, _ in shares], color=OURS)
    axes.set_xlim(0, 110)
    for limit, share in ((20, 50), (100, 99)):
        axes.plot([limit], [share], marker="x", color=LIMIT)
    axes.set_xlabel("ms from append to visible projection")
    axes.set_ylabel("% of facts")
    axes.set_title("Fact to projection at 200 facts/s (goals: crosses)")


def growth(axes: Axes, series: dict[str, dict[str, list[float]]]) -> None:
    """Cost of an append at a short and a long log, each round a point."""
    labels = []
    for place, (kind, sides) in enumerate(series.items()):
        for offset, (side, colour) in enumerate((("small", OTHERS), ("large", OURS))):
            points = [1e6 * seconds for seconds in sides[side]]
            axes.plot([2 * place + 0.6 * offset] * len(points), points, "o", color=colour, markersize=4, alpha=0.7)
            labels.append((2 * place + 0.6 * offset, f"{side} log,\n{kind.partition(' at ')[0]}"))
    axes.set_xticks([at for at, _ in labels], [text for _, text in labels], fontsize=7)
    axes.set_ylim(bottom=0)
    axes.set_ylabel("us an append, 64 at once")
    axes.set_title("What an append costs on a long log (a point a round)")


def memory(axes: Axes, series: dict[str, list[list[float]]]) -> None:
    """PSS over facts."""
    for (name, points), colour in zip(series.items(), (OURS, OTHERS), strict=False):
        axes.plot([n / 1e3 for n, _ in points], [mib for _, mib in points], label=name, color=colour)
    axes.set_ylim(bottom=0)
    axes.set_xlabel("thousand facts")
    axes.set_ylabel("MiB (PSS)")
    axes.legend(fontsize=7, frameon=False)
    axes.set_title("Memory of a service")


PANELS = (
    ("append", append),
    ("append", writers),
    ("http", http),
    ("latency", latency),
    ("growth", growth),
    ("memory", memory),
)


def main(source: Path, target: Path) -> None:
    """One picture of whatever was measured."""
    kept = json.loads(source.read_text())
    panels = [(kept[name]["series"], draw) for name, draw in PANELS if kept.get(name, {}).get("series")]
    if not panels:
        return
    rows = (len(panels) + 1) // 2
    figure, places = plt.subplots(rows, 2, figsize=(11, 3 * rows), layout="constrained", squeeze=False)
    for axes in places.flat[len(panels) :]:
        axes.remove()
    for axes, (series, draw) in zip(places.flat, panels, strict=False):
        draw(axes, series)
    figure.savefig(target, metadata={"Date": None})
    if target.suffix == ".svg":
        target.write_text("\n".join(line.rstrip() for line in target.read_text().splitlines()) + "\n")


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
