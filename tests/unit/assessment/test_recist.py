"""RECIST 1.1 against vectors of an engine that nobody here wrote, at its limits, and by properties."""

import json
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any, Final

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contracts.vocabulary.lesions import NewLesion, NonTarget, Rule
from contracts.vocabulary.response import Response
from services.assessment.domain.recist.derive import derive
from services.assessment.domain.recist.seen import Baseline, Criteria, Target, Visit

CRITERIA: Final = Criteria(increase=50, growth=Decimal("1.2"), shrinkage=Decimal("0.7"), node=100)
STICKY: Final = replace(CRITERIA, sticky=True)
VECTORS: Final = json.loads(
    (Path(__file__).parents[2] / "oracles" / "recist" / "timepoint_vectors.json").read_text(encoding="utf-8")
)["cases"]
WRITTEN: Final = {Response.NON_CR_NON_PD: "NN", None: "NA"}
STATES: Final = {"PD": NonTarget.PROGRESSED, "NE": NonTarget.NOT_ASSESSED}


def tenths(millimetres: float | None) -> int | None:
    return None if millimetres is None else int((Decimal(str(millimetres)) * 10).to_integral_exact())


def followed(case: dict[str, Any]) -> Baseline:
    lesions = [Target(name, one["node"], tenths(one["base"]) or 0) for name, one in case["lesions"].items()]
    return Baseline(tuple(lesions), tuple(case["nontarget"]))


def visits(case: dict[str, Any]) -> list[Visit]:
    return [
        Visit(
            {name: tenths(size) for name, size in visit["t"].items()},
            {name: STATES.get(state) or NonTarget(state) for name, state in visit["nt"].items()},
            NewLesion.UNEQUIVOCAL if visit["new"] else NewLesion.NONE,
        )
        for visit in case["visits"]
    ]


def written(response: Response | None) -> str:
    return WRITTEN.get(response) or str(response)


@pytest.mark.parametrize("case", VECTORS, ids=[case["id"] for case in VECTORS])
def test_the_vectors_of_another_engine(case: dict[str, Any]) -> None:
    found = derive(followed(case), visits(case), CRITERIA)
    for one, expected in zip(found, case["expected"], strict=True):
        assert [written(part.response) for part in (one.target, one.non_target, one.overall)] == expected[
            "ours_report_default"
        ]
        if case["lesions"]:
            assert (one.sum, one.nadir) == (tenths(expected["sum"]), tenths(expected["nadir_before"]))
            assert (not one.missing) is expected["complete"]


def of(*sizes: int | None, node: bool = False, baseline: int = 1000, criteria: Criteria = CRITERIA) -> list[Response]:
    followed = Baseline((Target("t", node, baseline),))
    return [one.response for one in derive(followed, [Visit({"t": size}) for size in sizes], criteria)]


@pytest.mark.parametrize(
    ("sizes", "last"),
    [
        ((1199,), "SD"),
        ((1200,), "PD"),
        ((1201,), "PD"),
        ((701,), "SD"),
        ((700,), "PR"),
        ((699,), "PR"),
        ((1,), "PR"),
        ((0,), "CR"),
        ((None,), "NE"),
        ((200, 249), "PR"),  # a quarter more, and less than five millimetres
        ((200, 250), "PD"),
        ((0, 49), "PD"),  # not by growth: it came back
        ((500, None, 600), "PD"),
        ((500, None, 599), "PR"),
    ],
)
def test_the_limits_are_inclusive(sizes: tuple[int | None, ...], last: str) -> None:
    assert of(*sizes)[-1] == last


@pytest.mark.parametrize(("axis", "response"), [(99, "CR"), (100, "PR"), (0, "CR")])
def test_a_node_is_gone_below_ten_millimetres(axis: int, response: str) -> None:
    assert of(axis, node=True) == [response]


def test_a_partial_response_lasts_where_the_file_says_so() -> None:
    """The vector that EORTC publishes."""
    sizes = (700, 700, 800, 800, 800)
    assert of(*sizes) == ["PR", "PR", "SD", "SD", "SD"]
    assert of(*sizes, criteria=STICKY) == ["PR"] * 5
    assert of(800, 830, criteria=STICKY) == ["SD", "SD"]  # there was none that could last
    assert of(700, 1200, 830, criteria=STICKY) == ["PR", "PD", "SD"]  # and no further than to progression


def test_what_is_equivocal_changes_nothing() -> None:
    followed = Baseline((Target("t", False, 1000),))
    for new, response, rule in (
        (NewLesion.EQUIVOCAL, Response.SD, Rule.NEITHER),
        (NewLesion.UNEQUIVOCAL, Response.PD, Rule.NEW_LESION),
    ):
        (found,) = derive(followed, [Visit({"t": 1000}, new=new)], CRITERIA)
        assert (found.response, found.overall.rule) == (response, rule)


def test_the_way_there_names_the_lesions() -> None:
    followed = Baseline((Target("t", False, 1000), Target("u", False, 1000)), ("n", "m"))
    seen = Visit({"t": 1000}, {"n": NonTarget.PRESENT})
    (found,) = derive(followed, [seen], CRITERIA)
    assert found.target.lesions == found.missing == ("u",)
    assert found.non_target.lesions == ("m",)
    assert found.overall.rule is Rule.NOT_ALL_MEASURED


_SIZES = st.none() | st.integers(0, 2000)
_STATES = st.sampled_from(NonTarget)


@st.composite
def histories(draw: st.DrawFn) -> tuple[Baseline, list[Visit]]:
    targets = draw(st.lists(st.tuples(st.booleans(), st.integers(100, 2000)), min_size=0, max_size=5))
    names = [f"t{number}" for number in range(len(targets))]
    others = tuple(f"n{number}" for number in range(draw(st.integers(0 if targets else 1, 3))))
    seen = [
        Visit(
            {name: draw(_SIZES) for name in names},
            {name: draw(_STATES) for name in others},
            draw(st.sampled_from(NewLesion)),
        )
        for _ in range(draw(st.integers(1, 6)))
    ]
    return Baseline(tuple(Target(n, *one) for n, one in zip(names, targets, strict=True)), others), seen


@given(histories(), st.randoms())
def test_the_order_of_the_lesions_means_nothing(history: tuple[Baseline, list[Visit]], chance: Any) -> None:
    followed, seen = history
    shuffled = Baseline(
        tuple(chance.sample(followed.targets, len(followed.targets))),
        tuple(chance.sample(followed.non_targets, len(followed.non_targets))),
    )
    assert [one.response for one in derive(followed, seen, CRITERIA)] == [
        one.response for one in derive(shuffled, seen, CRITERIA)
    ]


@given(histories(), st.integers(0, 6))
def test_a_visit_without_measurements_takes_no_progression_away(history: tuple[Baseline, list[Visit]], at: int) -> None:
    followed, seen = history
    at = min(at, len(seen))
    before = [one.response for one in derive(followed, seen, CRITERIA)]
    after = [one.response for one in derive(followed, [*seen[:at], Visit(), *seen[at:]], CRITERIA)]
    appeared = any(one.new is NewLesion.UNEQUIVOCAL for one in seen[:at])
    assert after.pop(at) is (Response.PD if appeared else Response.NE)
    assert after == before


@given(histories(), st.integers(2, 9))
def test_all_lengths_and_limits_in_another_unit_give_the_same(
    history: tuple[Baseline, list[Visit]], factor: int
) -> None:
    followed, seen = history
    other = Baseline(
        tuple(replace(one, baseline=one.baseline * factor) for one in followed.targets), followed.non_targets
    )
    larger = [
        replace(one, targets={name: None if size is None else size * factor for name, size in one.targets.items()})
        for one in seen
    ]
    scaled = replace(CRITERIA, increase=CRITERIA.increase * factor, node=CRITERIA.node * factor)
    assert [one.response for one in derive(followed, seen, CRITERIA)] == [
        one.response for one in derive(other, larger, scaled)
    ]


@given(histories())
def test_the_nadir_never_rises(history: tuple[Baseline, list[Visit]]) -> None:
    nadirs = [one.nadir for one in derive(*history, CRITERIA)]
    assert nadirs == sorted(nadirs, reverse=True)


def test_every_difference_from_the_other_engine_is_argued() -> None:
    """The page names exactly the visits at which the answers differ, with both."""
    page = (Path(__file__).parents[3] / "docs" / "responses.md").read_text(encoding="utf-8")
    argued = {
        tuple(cell.strip() for cell in line.split("|")[1:5]) for line in page.splitlines() if line.startswith("| RC-")
    }
    differing = {
        (case["id"], str(n), " ".join(one["external"]), " ".join(one["ours_report_default"]))
        for case in VECTORS
        for n, one in enumerate(case["expected"], start=1)
        if one["external"] != one["ours_report_default"]
    }
    assert argued == differing
