"""What the protocol file asks for is what is configured, for every method; a test study says so in its hash."""

from fractions import Fraction

import pytest

from contracts.protocol.load import build, load
from contracts.protocol.model import Protocol
from services.chassis.refusal import Refused
from services.randomizer.domain.configuration import PARAMETERS, Configuration, configuration
from services.randomizer.domain.refusals import DESIGN_UNUSABLE

DOCUMENT = load().model_dump()
LIST = "5" * 64
WEIGHTS = {"F4": "2", "F1": "1", "F2": "1/3", "F3": "0.50"}
MINIMIZED = {"measure": "variance", "probability": "0.80", "weights": WEIGHTS}
ASKED = {
    "complete": {},
    "stratified_permuted_blocks": {"block_sizes": [4, 8]},
    "minimization": MINIMIZED,
    "stratified_big_stick": {"mti": 3},
    "two_stage": {**MINIMIZED, "mti": 2},
    "list_import": {},
}


def asking(method: str, **study: str) -> Protocol:
    """The trial with another method."""
    randomization = {"method": method, "source": "invented", **ASKED[method]}
    document = {**DOCUMENT, "randomization": randomization, "study": {**DOCUMENT["study"], **study}}
    return build(document, "x.yaml")


def configured(method: str, **study: str) -> Configuration:
    return configuration(asking(method, **study), LIST if method == "list_import" else None)


def test_the_methods_of_the_file_are_the_methods_of_the_program():
    assert set(ASKED) == set(PARAMETERS)


@pytest.mark.parametrize("method", ASKED)
def test_a_method_is_configured_with_exactly_what_the_file_tells_it(method):
    found = configured(method)
    assert found.strategy == method
    told = {name for name in found.model_dump(mode="json") if name in frozenset().union(*PARAMETERS.values())}
    assert told == PARAMETERS[method]
    assert [(arm.code, arm.ratio) for arm in found.arms] == [("A", 1), ("B", 1)]


def test_the_numbers_of_a_method_arrive_exactly():
    found = configured("two_stage")
    assert (found.tolerance, found.imbalance, found.preference) == (2, "variance", Fraction(4, 5))
    assert found.factor_weights == (
        1,
        Fraction(1, 3),
        Fraction(1, 2),
        2,
    )  # in the order of the factors, not of the file
    assert configured("stratified_permuted_blocks").sizes == (4, 8)
    assert configured("list_import").list_sha256 == LIST


def test_a_weight_of_a_factor_that_does_not_exist_is_refused_here_too():
    """The file's own checks refuse it first; a protocol that comes another way must not be a failure of the program."""
    asked = asking("minimization")
    method = asked.randomization.model_copy(update={"weights": {**WEIGHTS, "F9": "1"}})
    with pytest.raises(Refused) as caught:
        configuration(asked.model_copy(update={"randomization": method}))
    assert caught.value.refusal == DESIGN_UNUSABLE


def test_counts_and_ratios_of_arms_come_from_the_file():
    arms = [
        {"code": code, "name": code, "ratio": ratio, "source": "x"} for code, ratio in (("C", 3), ("A", 1), ("B", 2))
    ]
    document = {**DOCUMENT, "arms": arms, "randomization": {"method": "complete", "source": "x"}}
    assert configuration(build(document, "x.yaml")).slots == ("C", "C", "C", "A", "B", "B")


@pytest.mark.parametrize("method", sorted(set(ASKED) - {"list_import"}))
def test_a_method_that_draws_takes_no_list(method):
    with pytest.raises(Refused) as refused:
        configuration(asking(method), LIST)
    assert refused.value.refusal == DESIGN_UNUSABLE
    assert refused.value.detail["fault"] == "method-takes-no-list"


def test_the_method_of_the_list_needs_one():
    with pytest.raises(Refused) as refused:
        configuration(asking("list_import"))
    assert refused.value.refusal == DESIGN_UNUSABLE
    assert refused.value.detail["fault"] == "method-needs-a-list"


def test_the_kind_of_a_test_study_is_part_of_its_configuration_and_of_no_other():
    practice = configured("complete", id="RELUTHTEST", kind="test")
    assert practice.model_dump(mode="json")["kind"] == "test"
    assert "kind" not in configured("complete").model_dump(mode="json")


@pytest.mark.parametrize("changed", [{"kind": None}, {"study": "RELUTH"}])
def test_no_configuration_can_be_read_whose_kind_is_not_the_one_its_id_tells(changed):
    """Drafts are kept and read as configurations: a version of one kind cannot follow one of the other."""
    practice = configured("complete", id="RELUTHTEST", kind="test").model_dump(mode="json")
    with pytest.raises(ValueError, match="the id of a test study ends in TEST"):
        Configuration.model_validate({**practice, **changed})


def test_a_protocol_whose_kind_was_changed_behind_the_loader_describes_no_allocation():
    study = load().study.model_copy(update={"kind": "test"})
    with pytest.raises(Refused) as refused:
        configuration(load().model_copy(update={"study": study}))
    assert refused.value.refusal == DESIGN_UNUSABLE
    assert "TEST" in str(refused.value.detail["fault"])


def test_a_level_that_no_stratum_could_be_named_by_describes_no_allocation():
    """The protocol's codes may begin with an underscore, those of the facts may not: told, not a crash."""
    levels = [{"code": "_X", "below": 18}, {"code": "GE18", "at_least": 18}]
    factors = [{**DOCUMENT["factors"][0], "levels": levels, "prevalences": None}, *DOCUMENT["factors"][1:]]
    with pytest.raises(Refused) as refused:
        configuration(build({**DOCUMENT, "factors": factors}, "x.yaml"))
    assert refused.value.refusal == DESIGN_UNUSABLE
