"""A simulation as a picture: balance on the left, what can be guessed on the right, a line for each design."""

from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import matplotlib as mpl
from matplotlib.figure import Figure

if TYPE_CHECKING:
    from services.cli.simulation.answer import Answer

_LINE: Final = "#9aa3ad"
_GUESSES: Final[tuple[tuple[str, str, dict[str, Any]], ...]] = (
    (
        "omniscient",
        "who knows all, and the generator's state",
        {"marker": "o", "ms": 8, "mfc": "none", "color": "#b3261e"},
    ),
    ("stratum_history", "who knows the stratum's arms", {"marker": "o", "ms": 4, "color": "#1f77b4"}),
    ("own_centre", "who knows the own centre's arms", {"marker": "d", "ms": 5, "color": "#2ca02c"}),
)
"""Figure, in words, and a marker of its own: two of them are often the same, and both must be seen."""


def drawn(answer: "Answer", file: Path) -> None:
    """Write the picture. Two runs of the same give the same bytes of an SVG."""
    names = list(answer.designs)[::-1]
    places = range(len(names))
    arms = answer.question.configuration.arms
    blind = max(arm.ratio for arm in arms) / sum(arm.ratio for arm in arms)  # what is right without knowing anything
    with mpl.rc_context({"svg.hashsalt": "reluth", "svg.fonttype": "none", "font.size": 9}):
        figure = Figure(figsize=(10.5, 1.9 + 0.28 * len(names)), layout="constrained")
        left, right = figure.subplots(1, 2, sharey=True)
        for place, name in zip(places, names, strict=True):
            one = answer.designs[name]
            left.hlines(place, one.overall.mean, one.overall.p95, color=_LINE, linewidth=1)
            left.plot(one.overall.mean, place, "o", color="#222222", markersize=4)
            left.plot(one.overall.p95, place, "|", color="#222222", markersize=9)
            left.plot(one.worst_margin.p95, place, "x", color="#b26a00", markersize=4)
            right.hlines(place, blind, one.omniscient.mean, color=_LINE, linewidth=1)
            for guess, _, marker in _GUESSES:
                right.plot(getattr(one, guess).mean, place, **marker)
        left.set_yticks(list(places), names)
        left.get_yticklabels()[-1].set_fontweight("bold")
        left.set_title("Difference of the arms (per share of the ratio)", fontsize=9)
        left.plot([], [], "o", color="#222222", markersize=4, label="overall, mean")
        left.plot([], [], "|", color="#222222", markersize=9, label="overall, 95 % of trials")
        left.plot([], [], "x", color="#b26a00", markersize=4, label="worst margin, 95 % of trials")
        right.set_title("Probability of guessing the next arm", fontsize=9)
        for _, label, marker in _GUESSES:
            right.plot([], [], linestyle="none", label=label, **marker)
        for axes in (left, right):
            axes.grid(axis="x", linewidth=0.4, color="#dddddd")
            axes.spines[["top", "right"]].set_visible(False)
        left.set_xlim(left=0)
        figure.legend(loc="outside lower center", ncols=2, fontsize=7, frameon=False)
        question = answer.question
        figure.suptitle(
            f"{question.name}: {question.subjects} subjects, {answer.trials:,} simulated trials, seed {answer.seed}",
            fontsize=10,
        )
        figure.savefig(file, dpi=150, metadata={"Date": None} if file.suffix == ".svg" else {})
