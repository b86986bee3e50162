"""docs/randomization-design.md says what the program computes: its table, its first row again, its sentences."""

import json
import re
from dataclasses import asdict
from fractions import Fraction
from pathlib import Path

import numpy
import pytest

from services.randomizer.simulation.design import design_of
from services.randomizer.simulation.population import Population
from services.randomizer.simulation.study import simulated, summary

from .world import CONFIGURATION

DOCS = Path(__file__).parents[3] / "docs"
PAGE = (DOCS / "randomization-design.md").read_text("utf-8")
FOUND = json.loads((DOCS / "randomization-design.json").read_text("utf-8"))
SHIPPED = "this design: stratified blocks 4,6"


def test_the_page_is_about_the_configuration_that_ships():
    assert FOUND["configuration_sha256"] == CONFIGURATION.sha256


def test_its_first_row_is_computed_again():
    population = Population(
        FOUND["subjects"],
        tuple(tuple(map(Fraction, one["levels"].values())) for one in FOUND["prevalence"].values()),
        FOUND["sites"],
    )
    again = summary(simulated(design_of(CONFIGURATION), population, FOUND["trials"], FOUND["seed"]))
    for figure, written in FOUND["designs"][SHIPPED].items():
        mean = asdict(again)[figure]["mean"]
        error = 0.0 if numpy.__version__ == FOUND["numpy"] else 5 * written["standard_error"] * 2**0.5
        assert mean == pytest.approx(written["mean"], rel=1e-12, abs=error), figure


def test_the_table_shows_the_figures_that_were_computed():
    rows = [[cell.strip() for cell in line.strip("|").split(" | ")] for line in PAGE.splitlines() if line[:2] == "| "]
    table = {row[0]: row[1:] for row in rows[1:]}
    assert list(table) == list(FOUND["designs"])
    for name, one in FOUND["designs"].items():
        overall, worst = one["overall"], one["worst_margin"]
        assert table[name] == [
            f"{overall['mean']:.2f}",
            f"{overall['p95']:.0f}",
            f"{overall['largest']:.0f}",
            f"{one['overall_large']['mean']:.3f}",
            f"{worst['mean']:.2f}",
            f"{worst['p95']:.0f}",
            f"{one['stratum']['mean']:.2f}",
            f"{100 * one['certain']['mean']:.1f} %",
            *(f"{one[guess]['mean']:.3f}" for guess in ("omniscient", "stratum_history", "own_centre")),
        ]


def test_the_errors_that_the_page_states_hold():
    designs = FOUND["designs"]
    guesses = [one[g]["standard_error"] for one in designs.values() for g in ("omniscient", "own_centre")]
    guesses += [one["stratum_history"]["standard_error"] for one in designs.values()]
    assert max(guesses) <= 0.0004
    assert designs[SHIPPED]["overall"]["standard_error"] <= 0.03
    assert designs["complete randomization"]["overall"]["standard_error"] <= 0.08


def test_numbers_in_the_sentences_are_those_of_the_table():
    """Every guess and every percentage of certain allocations that the text names stands in the table."""
    text = PAGE[PAGE.index("## Read critically") : PAGE.index("## What this does not say")]
    table = PAGE[PAGE.index("| design") : PAGE.index("![")]
    named = set(re.findall(r"(?<![\d.])\.\d{3}\b", text)) - {".693"}  # of whole blocks: computed below
    assert len(named) > 5
    assert not [guess for guess in named if f"0{guess}" not in table]
    shares = set(re.findall(r"\b\d+\.\d %", text)) - {"0.3 %", "1.2 %", "0.7 %"}  # of the efficiency: computed below
    assert shares
    assert not [share for share in shares if share not in table]
    assert f"{float((Fraction(17, 6) + Fraction(41, 10)) / 10):.3f}" == "0.693"
    assert [f"{100 * (d / 146) ** 2:.1f}" for d in (8, 16, 12)] == ["0.3", "1.2", "0.7"]
