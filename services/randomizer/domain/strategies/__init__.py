"""The strategies, one a file, and which one a configuration names."""

from services.randomizer.domain.configuration import Configuration
from services.randomizer.domain.strategies.blocks import PermutedBlocks
from services.randomizer.domain.strategies.coins import BigStick, Coin, Complete, Minimization, TwoStage
from services.randomizer.domain.strategies.listed import Listed
from services.randomizer.domain.strategy import Strategy


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
