"""P(arm | state) in 100,000 states that no enumeration reaches: four factors, hundreds of subjects, any imbalance."""

import random

import pytest

from services.randomizer.domain.configuration import Measure

from .exact import design, keys
from .test_exact import MEASURES, chances, expected, filled

DESIGNS = [((1, 1), (2, 2, 2, 2)), ((1, 1), (3, 2)), ((2, 1), (2, 2)), ((1, 1, 1), (2, 2, 2)), ((3, 2), (2,))]
WEIGHTS = [("1", "1", "1", "1"), ("1/3", "0.1", "1", "2"), ("1", "2", "3", "4"), ("0.1", "0.2", "0.3", "0.7")]
MOST = (1, 3, 40)
"""Subjects in a slot of a stratum: few, so that ties are common, and many."""


@pytest.mark.parametrize("measure", MEASURES)
@pytest.mark.parametrize(
    ("method", "seeds"),
    [("minimization", range(9)), ("two_stage", range(20, 22)), ("stratified_big_stick", range(30, 36))],
)
def test_in_any_state_the_arms_have_the_chances_of_the_papers(method: str, measure: Measure, seeds: range) -> None:
    """Each seed of each of the three measures gives 2,000 states: 17 x 3 x 2,000 = 102,000 in all."""
    tied = 0
    for seed in seeds:
        dice = random.Random(f"{measure}/{seed}")
        for _ in range(2_000):
            ratio, of = dice.choice(DESIGNS)
            p = dice.choice(["3/5", "2/3", "0.8", "0.95"])
            weights, mti = dice.choice(WEIGHTS), dice.randint(1, 4)
            config = design(method, ratio, of, weights=weights, measure=measure, p=p, mti=mti)
            most, strata = dice.choice(MOST), keys(config)
            cells = tuple(dice.randint(0, most) for _ in range(len(strata) * config.ratio_sum))
            stratum = dice.choice(strata)
            state, patients = filled(config, cells)
            found = chances(config, state, stratum)
            assert found == expected(config, patients, stratum), (config, cells, stratum)
            tied += found.count(max(found)) > 1
    assert tied > 200 * len(seeds)
