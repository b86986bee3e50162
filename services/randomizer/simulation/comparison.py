"""The designs that the live one is compared with (trial-systems 5.2), for any arms and factors."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from fractions import Fraction

from services.randomizer.simulation.design import Design, tickets


def designs(ratio: Sequence[int], levels: Sequence[int], sites: int) -> Mapping[str, Design]:
    """By name, in the order of the table. Sites are the column behind the factors, as `Population.drawn` has them."""
    factors, whole = tuple(range(len(levels))), sum(ratio)
    small, middle, large = whole, 2 * whole, 3 * whole
    plain = Design("complete", tuple(ratio), factors, tuple(levels))
    blocks = replace(plain, method="stratified_permuted_blocks")
    with_site = replace(blocks, columns=(*factors, len(levels)), levels=(*levels, sites))
    stick = replace(plain, method="stratified_big_stick")
    table = {
        "complete randomization": plain,
        f"blocks {middle},{large}, no strata": replace(blocks, columns=(), levels=(), sizes=(middle, large)),
        f"stratified blocks {middle}": replace(blocks, sizes=(middle,)),
        f"stratified blocks {small},{middle}": replace(blocks, sizes=(small, middle)),
        f"stratified blocks {middle},{large}": replace(blocks, sizes=(middle, large)),
        f"blocks {middle}, strata x sites": replace(with_site, sizes=(middle,)),
        f"blocks {middle} by site alone": replace(blocks, columns=(len(levels),), levels=(sites,), sizes=(middle,)),
        "stratified big stick 2": replace(stick, tolerance=2),
        "stratified big stick 3": replace(stick, tolerance=3),
    }
    if not levels:
        return table
    for p in ("0.70", "0.80", "0.90"):
        table[f"minimization {p}"] = minimization(plain, p)
    table["minimization 0.80 with site"] = minimization(
        replace(plain, columns=with_site.columns, levels=with_site.levels), "0.80"
    )
    table["two stages 0.70, 3"] = replace(minimization(plain, "0.70"), method="two_stage", tolerance=3)
    return table


def minimization(plain: Design, probability: str) -> Design:
    """Minimization of the range, all factors alike. The probability may be 1 here, to see what that costs."""
    p = Fraction(probability)
    high, low = tickets(sum(plain.ratio), p.numerator, p.denominator)
    return replace(plain, method="minimization", weights=(1,) * len(plain.levels), high=high, low=low)
