"""What is to be simulated: the configuration and the subjects to come, each with where it is from."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any

import typer

from contracts.protocol.load import ProtocolError, load
from contracts.protocol.model import Protocol
from contracts.vocabulary.roles import Role
from services.chassis.refusal import Refused
from services.cli.asking import answers, bearer
from services.cli.exits import Exit, leave
from services.cli.running import find, run
from services.randomizer.domain.configuration import Configuration, configuration, planned_cap
from services.randomizer.simulation.population import Population

Shares = tuple[Fraction, ...]


@dataclass(frozen=True, slots=True)
class Assumed:
    """How common the levels of a factor are taken to be, and where that is from."""

    shares: Shares
    source: str


@dataclass(frozen=True, slots=True)
class Question:
    """A configuration, by name, on subjects to come."""

    name: str
    configuration: Configuration
    prevalence: Mapping[str, Assumed]
    subjects: int
    sites: int

    @property
    def population(self) -> Population:
        """The subjects to come."""
        return Population(self.subjects, tuple(one.shares for one in self.prevalence.values()), self.sites)


def of_file(path: Path | None, given: Sequence[str], subjects: int | None, sites: int) -> Question:
    """The configuration of a protocol file, the packaged one by default, on the prevalences that it plans with."""
    protocol = _loaded(path)
    try:
        config, cap = configuration(protocol), planned_cap(protocol)
    except Refused as refused:
        leave(Exit.USAGE, f"{path or 'The protocol file'}: {refused.refusal.title} {dict(refused.detail)}")
    name = f"{protocol.study.id}, {path.name if path else 'packaged protocol file'}"
    return Question(name, config, prevalences(config, given, {}, planned(protocol)), subjects or cap, sites)


def of_system(
    state_dir: Path, path: Path | None, study: str | None, given: Sequence[str], subjects: int | None, sites: int
) -> Question:
    """The version in force of a running system, or its newest draft; on the levels of those who are randomized."""
    protocol = _loaded(path)
    wanted = study or protocol.study.id
    where = find(state_dir)
    base = f"/studies/{wanted}/allocation"
    token = bearer(where, state_dir, Role.STATISTICIAN)
    asked = answers(where, "randomizer", token, [base, f"{base}/drafts", f"{base}/prevalences"])
    allocation, drafts, seen = run(asked)
    if not drafts:
        leave(Exit.FAILED, f"{wanted}: no version of the allocation is drafted yet; simulate the protocol file.")
    version = allocation["version"] or drafts[-1]["version"]
    draft = next(one for one in drafts if one["version"] == version)
    config = Configuration.model_validate(draft["configuration"])
    state = "in force" if allocation["version"] else "drafted, not in force"
    known = prevalences(config, given, _counted(seen), planned(protocol) if wanted == protocol.study.id else {})
    cap = subjects or allocation["cap"] or planned_cap(protocol)
    return Question(f"{wanted}, version {version} {state}", config, known, cap, sites)


def planned(protocol: Protocol) -> dict[str, Assumed]:
    """What the protocol file plans with, for the factors of which it says so."""
    found = {}
    for factor in protocol.factors:
        shares = [level.prevalence for level in factor.levels]
        if factor.prevalences is not None and None not in shares:
            source = f"planned: {factor.prevalences.source}"
            found[factor.id] = Assumed(tuple(Fraction(share) for share in shares if share is not None), source)
    return found


def prevalences(
    config: Configuration, given: Sequence[str], seen: Mapping[str, Assumed], plan: Mapping[str, Assumed]
) -> dict[str, Assumed]:
    """For each factor what the command line gives, else what was seen, else what was planned; else the command ends."""
    told = parsed(config, given)
    found = {}
    for factor in config.factors:
        for source in (told, seen, plan):
            if factor.id in source:
                found[factor.id] = source[factor.id]
                break
        else:
            leave(
                Exit.USAGE,
                f"How common are the levels of {factor.id}? Say --prevalence {factor.id}={factor.levels[0]}:0.30.",
            )
    return found


def parsed(config: Configuration, given: Sequence[str]) -> dict[str, Assumed]:
    """`F1=LT18:0.30` as shares. One level of a factor may be left out: it has the rest. Raises `typer.BadParameter`."""
    levels = {factor.id: factor.levels for factor in config.factors}
    told: dict[str, dict[str, Fraction]] = {}
    for text in given:
        factor, _, rest = text.partition("=")
        level, _, number = rest.partition(":")
        try:
            share = Fraction(Decimal(number))
        except (ArithmeticError, ValueError):
            share = Fraction(-1)
        if factor not in levels or level not in levels[factor] or not 0 <= share <= 1:
            known = "; ".join(f"{name}: {', '.join(of)}" for name, of in levels.items())
            raise typer.BadParameter(f"{text!r}: write FACTOR=LEVEL:SHARE with a share from 0 to 1. There are {known}")
        if level in told.setdefault(factor, {}):
            raise typer.BadParameter(f"{text!r}: this level has a share already")
        told[factor][level] = share
    return {factor: Assumed(_whole(factor, levels[factor], shares), "command line") for factor, shares in told.items()}


def _whole(factor: str, levels: Sequence[str], shares: Mapping[str, Fraction]) -> Shares:
    rest, missing = 1 - sum(shares.values(), Fraction()), [level for level in levels if level not in shares]
    if len(missing) > 1 or rest < 0 or (rest and not missing):
        raise typer.BadParameter(f"{factor}: the shares must add up to 1; one level may be left out and has the rest")
    return tuple(shares.get(level, rest) for level in levels)


def _counted(seen: Mapping[str, Any]) -> dict[str, Assumed]:
    """The shares among those who are randomized; nothing before the first one."""
    total = seen["randomized"]
    if not total:
        return {}
    found = {}
    for factor in seen["factors"]:
        counts = [one["randomized"] for one in factor["levels"]]
        never = [one["level"] for one in factor["levels"] if not one["randomized"]]
        source = f"seen: {total} subjects" + (f", none of them {' or '.join(never)}" if never else "")
        found[factor["factor"]] = Assumed(tuple(Fraction(count, total) for count in counts), source)
    return found


def _loaded(path: Path | None) -> Protocol:
    try:
        return load(path)
    except ProtocolError as error:
        leave(Exit.USAGE, str(error))
