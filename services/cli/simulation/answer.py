"""The simulation run, and its answer as a table, as JSON and as a picture."""

import json
import sys
import time
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy
from rich.progress import MofNCompleteColumn, Progress, TimeElapsedColumn

from services.cli.exits import Exit, leave
from services.cli.screen import console, errors, table
from services.cli.simulation.question import Question
from services.randomizer.simulation.comparison import designs
from services.randomizer.simulation.design import Design, DesignNotSimulated, design_of
from services.randomizer.simulation.study import LARGE, Mean, Spread, Summary, simulated, summary

THIS = "this design"


@dataclass(frozen=True, slots=True)
class Answer:
    """What was simulated and what came out, by design; the configuration's own is the first one."""

    question: Question
    trials: int
    seed: int
    seconds: float
    designs: Mapping[str, Summary]


def answered(question: Question, trials: int, seed: int, *, compare: bool) -> Answer:
    """Run it, with a bar on the terminal."""
    population, config = question.population, question.configuration
    ratio = [arm.ratio for arm in config.arms]
    try:
        this = design_of(config)
        others = designs(ratio, population.levels, population.sites)
        known = next((f": {name}" for name, one in others.items() if one == this), "")
        wanted: dict[str, Design] = {THIS + known: this}
        if compare:
            wanted |= {name: one for name, one in others.items() if one != this}
        started = time.monotonic()
        found = {}
        with Progress(
            *Progress.get_default_columns(), MofNCompleteColumn(), TimeElapsedColumn(), console=errors
        ) as bars:
            bar = bars.add_task("", total=trials * len(wanted))
            for name, design in wanted.items():
                bars.update(bar, description=name)
                figures = simulated(design, population, trials, seed, lambda done: bars.advance(bar, done))
                found[name] = summary(figures)
    except DesignNotSimulated as error:
        leave(Exit.USAGE, f"{question.name}: {error}.")
    return Answer(question, trials, seed, time.monotonic() - started, found)


def as_json(answer: Answer) -> dict[str, Any]:
    """All of it. Numbers with their Monte Carlo standard errors."""
    question, config = answer.question, answer.question.configuration
    return {
        "name": question.name,
        "configuration_sha256": config.sha256,
        "configuration": config.model_dump(mode="json"),
        "subjects": question.subjects,
        "sites": question.sites,
        "prevalence": {
            factor.id: {
                "source": question.prevalence[factor.id].source,
                "levels": dict(zip(factor.levels, map(str, question.prevalence[factor.id].shares), strict=True)),
            }
            for factor in config.factors
        },
        "trials": answer.trials,
        "seed": answer.seed,
        "numpy": numpy.__version__,
        "seconds": round(answer.seconds, 2),
        "designs": {name: asdict(one) for name, one in answer.designs.items()},
    }


def print_answer(answer: Answer, *, json_wanted: bool) -> None:
    """On standard output."""
    if json_wanted:
        sys.stdout.write(json.dumps(as_json(answer), indent=2) + "\n")
        return
    question = answer.question
    console.print(f"{question.name}: {question.subjects} subjects, {question.sites} sites", soft_wrap=True)
    for factor in question.configuration.factors:
        assumed = question.prevalence[factor.id]
        shares = ", ".join(f"{level} {float(s):.3g}" for level, s in zip(factor.levels, assumed.shares, strict=True))
        console.print(f"  {factor.id}: {shares} ({assumed.source})", soft_wrap=True)
    shown = table(
        "design", "|D| mean", "95 %", "max", f"P(>={LARGE})", "worst margin", "95 %", "stratum",
        "certain", "guess: omniscient", "stratum", "centre",
    )  # fmt: skip
    for name, one in answer.designs.items():
        shown.add_row(
            name,
            _mean(one.overall, 2),
            _plain(one.overall.p95),
            _plain(one.overall.largest),
            _mean(one.overall_large, 3),
            _mean(one.worst_margin, 2),
            _plain(one.worst_margin.p95),
            _mean(one.stratum, 2),
            _mean(one.certain, 4),
            *(_mean(guess, 4) for guess in (one.omniscient, one.stratum_history, one.own_centre)),
        )
    console.print(shown)
    console.print(
        f"{answer.trials} trials of each design from seed {answer.seed} in {answer.seconds:.1f} s (numpy"
        f" {numpy.__version__}). In brackets: Monte Carlo standard errors, in units of the last digit shown.",
        soft_wrap=True,
    )


def draw(answer: Answer, file: Path) -> None:
    """The picture, as the ending of the file's name says."""
    from services.cli.simulation.picture import drawn

    try:
        drawn(answer, file)
    except OSError as error:
        leave(Exit.FAILED, f"{file} cannot be written: {error.strerror}.")
    errors.print(f"Picture in {file}.", soft_wrap=True)


def _plain(value: float) -> str:
    return f"{value:.3g}"


def _mean(value: Mean | Spread, digits: int) -> str:
    """3.07(3): the error in units of the last digit."""
    return f"{value.mean:.{digits}f}({round(value.standard_error * 10**digits)})"
