"""Whether the arms, factors and method of a protocol file describe an allocation that may be used."""

from collections.abc import Iterator
from fractions import Fraction
from typing import Final

from contracts.protocol.arms import Minimization, PermutedBlocks, TwoStage
from contracts.protocol.factors import CodeFactor, Factor
from contracts.protocol.grammar import Finding
from contracts.protocol.model import Protocol

_CENTRE: Final = frozenset({"site", "centre", "center", "hospital", "investigator"})
_NAMING: Final = frozenset({"id", "code", "number", "name", "study", "trial", "treating", "enrolling", "of"})


def allocation(protocol: Protocol) -> Iterator[Finding]:
    """Everything wrong with how the file wants subjects allocated."""
    for factor in protocol.factors:
        yield from _prevalences(factor)
        if _is_centre(protocol, factor):
            yield (
                f"factors[{factor.id}]",
                "the centre is never a factor: a site could foretell from its own allocations (ruling 1)",
            )
    match protocol.randomization:
        case PermutedBlocks(block_sizes=sizes):
            total = sum(arm.ratio for arm in protocol.arms)
            for size in sizes:
                if size % total:
                    yield (
                        "randomization.block_sizes",
                        f"a block of {size} cannot hold the ratio: {total} must divide it",
                    )
        case Minimization() | TwoStage() as method:
            yield from _minimized(protocol, method)


def _minimized(protocol: Protocol, method: Minimization | TwoStage) -> Iterator[Finding]:
    if not Fraction(1, 2) < Fraction(method.probability) < 1:
        yield (
            "randomization.probability",
            f"{method.probability} is not between 1/2, which balances nothing, and 1, which can be foretold",
        )
    if not protocol.factors:
        yield "randomization.method", f"{method.method} balances over factors, and the file declares none"
    declared = {factor.id for factor in protocol.factors}
    for missing in sorted(declared - set(method.weights)):
        yield "randomization.weights", f"no weight for the factor {missing!r}"
    for unknown in sorted(set(method.weights) - declared):
        yield f"randomization.weights.{unknown}", f"there is no factor {unknown!r}"


def _prevalences(factor: Factor) -> Iterator[Finding]:
    """Of all levels or of none, with their source. As decimals: three tenths and seven tenths are one, exactly."""
    given = [level.prevalence for level in factor.levels if level.prevalence is not None]
    if bool(given) is not (factor.prevalences is not None):
        yield (
            f"factors[{factor.id}].prevalences",
            "prevalences of levels and the entry that gives their source go together",
        )
    if given and len(given) < len(factor.levels):
        yield f"factors[{factor.id}].levels", "either each level has a prevalence or none has"
    elif given and sum(given) != 1:
        yield f"factors[{factor.id}].levels", f"the prevalences add up to {sum(given)}, not to 1"


def _is_centre(protocol: Protocol, factor: Factor) -> bool:
    """By its names, or because its codes are numbered as sites are. `primary_site` is a site of the body."""
    names = {factor.id.lower(), "_".join(factor.name.lower().split())}
    if isinstance(factor, CodeFactor):
        names.add(factor.field)
        codes = protocol.field[factor.field].codes if factor.field in protocol.field else ()
        if codes and all(len(code) == 2 and code.isdigit() for code in codes):
            return True
    return any(set(name.split("_")) & _CENTRE and set(name.split("_")) <= _CENTRE | _NAMING for name in names)
