"""Distributions of allocations, exactly: each draw takes each of its values in turn, each state is visited once."""

from collections.abc import Callable, Iterator, Sequence
from fractions import Fraction
from itertools import product
from unittest.mock import patch

from services.randomizer.domain.configuration import Arm, Configuration, Factor, Weight, stratum_key
from services.randomizer.domain.draws import Words
from services.randomizer.domain.strategies import blocks, coins
from services.randomizer.domain.strategy import Choice, Strategy, Tallies

from .world import STUDY, strata_of

COINS = ("complete", "stratified_big_stick", "minimization", "two_stage")


def design(
    method: str,
    ratio: Sequence[int] = (1, 1),
    levels: Sequence[int] = (2,),
    *,
    weights: Sequence[object] = ("1/3", "0.1", "1", "2"),
    measure: str = "range",
    p: str = "4/5",
    mti: int = 2,
    sizes: Sequence[int] = (4, 6),
) -> Configuration:
    """A configuration with arms A, B, ... in this ratio, and factors F1, F2, ... with so many levels each."""
    told: dict[str, object] = {}
    factors = tuple(Factor(id=f"F{n + 1}", levels=tuple(f"L{k + 1}" for k in range(of))) for n, of in enumerate(levels))
    if method in ("minimization", "two_stage"):
        paired = zip(factors, weights, strict=False)
        weighted = tuple(Weight(factor=factor.id, weight=weight) for factor, weight in paired)  # type: ignore[arg-type]
        told |= {"measure": measure, "probability": p, "weights": weighted}
    if method in ("stratified_big_stick", "two_stage"):
        told["mti"] = mti
    if method == "stratified_permuted_blocks":
        told["block_sizes"] = tuple(sizes)
    arms = tuple(Arm(code=chr(ord("A") + n), ratio=share) for n, share in enumerate(ratio))
    return Configuration(study=STUDY, strategy=method, arms=arms, factors=factors, **told)


def keys(config: Configuration) -> list[str]:
    """Every stratum, as the tallies name it."""
    return [stratum_key(stratum) for stratum in strata_of(config)]


def undrawn(stratum: str, counter: int) -> int:
    """Words for where none may be asked for: what is below a bound is chosen, not drawn."""
    raise AssertionError(f"a word was asked for in {stratum}, {counter}")


def outcomes(strategy: Strategy, state: Tallies, stratum: str) -> Iterator[tuple[Choice, Fraction]]:
    """Every way in which the next subject can be allocated, with its probability."""
    path: list[int] = []
    while True:
        bounds: list[int] = []

        def below(words: Words, of: str, counter: int, bound: int, bounds: list[int] = bounds) -> tuple[int, int]:
            bounds.append(bound)
            if len(path) < len(bounds):
                path.append(0)
            return path[len(bounds) - 1], counter + (bound > 1)

        with patch.object(coins, "below", below), patch.object(blocks, "below", below):
            choice = strategy.next(state, stratum, undrawn)
        weight = Fraction(1)
        for bound in bounds:
            weight /= bound
        yield choice, weight
        while path and path[-1] + 1 == bounds[len(path) - 1]:
            path.pop()
        if not path:
            return
        path[-1] += 1


def runs(
    strategy: Strategy, strata: Sequence[str], letter: Callable[[Choice], str] = lambda choice: choice.arm
) -> dict[str, Fraction]:
    """The probability of every run of arms for these subjects, in their order. Ways that end alike are one."""
    now: dict[tuple[str, str], tuple[Fraction, Tallies]] = {("", ""): (Fraction(1), {})}
    for stratum in strata:
        then: dict[tuple[str, str], tuple[Fraction, Tallies]] = {}
        for (written, _), (weight, state) in now.items():
            for choice, chance in outcomes(strategy, state, stratum):
                after = strategy.after(state, stratum, choice.arm, choice.trace)
                key = (written + letter(choice), repr(sorted((name, _seen(after, name)) for name in after)))
                then[key] = (then.get(key, (Fraction(0), after))[0] + weight * chance, after)
        now = then
    total: dict[str, Fraction] = {}
    for (written, _), (weight, _) in now.items():
        total[written] = total.get(written, Fraction(0)) + weight
    return total


def _seen(state: Tallies, stratum: str) -> tuple[object, ...]:
    """What later chances can depend on: all of a tally but its counter."""
    tally = state[stratum]
    return tally.slots, tally.size, sorted(tally.left.items()), sorted(tally.allocated.items())


def states(cells: int, most: int) -> Iterator[tuple[int, ...]]:
    """Every way to put at most so many subjects into these cells."""
    if not cells:
        yield ()
        return
    for here in range(most + 1):
        for rest in states(cells - 1, most - here):
            yield (here, *rest)


def orders(letters: str, n: int) -> Iterator[str]:
    """Every run of n letters."""
    return ("".join(run) for run in product(letters, repeat=n))
