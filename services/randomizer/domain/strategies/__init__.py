"""The strategies, one a file, and which one a configuration names."""

from dataclasses import replace

from services.randomizer.domain.configuration import Configuration
from services.randomizer.domain.strategies.blocks import PermutedBlocks
from services.randomizer.domain.strategies.coins import BigStick, Coin, Complete, Minimization, TwoStage
from services.randomizer.domain.strategies.listed import Listed
from services.randomizer.domain.strategy import Strategy, Tallies


def strategy(configuration: Configuration) -> Strategy:
    """The strategy that a configuration names."""
    match configuration.strategy:
        case "stratified_permuted_blocks":
            return PermutedBlocks(configuration)
        case "complete":
            return Coin(configuration, Complete(configuration))
        case "minimization":
            return Coin(configuration, Minimization(configuration))
        case "stratified_big_stick":
            return Coin(configuration, BigStick(configuration))
        case "two_stage":
            return Coin(configuration, TwoStage(configuration))
        case "list_import":
            return Listed(configuration)


def carried(before: Configuration | None, after: Configuration, tallies: Tallies) -> Tallies:
    """What an amendment takes over: the counts of the slots, where both are coins over the same slots and factors.

    Blocks and lists begin anew: an open block belongs to the seed and the sizes that drew it. Counters begin at 0,
    since the draws are another configuration's.
    """
    coins = before is not None and all(isinstance(strategy(one), Coin) for one in (before, after))
    if before is None or not coins or (before.slots, before.factors) != (after.slots, after.factors):
        return {}
    return {stratum: replace(tally, counter=0) for stratum, tally in tallies.items()}
