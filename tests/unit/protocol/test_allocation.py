"""How the protocol file asks for an allocation, and what it may not ask for."""
# ruff: noqa: E501 - one row of a table a line

import re
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import contracts.protocol
from contracts.protocol.load import ProtocolError, build, load, parse, read
from contracts.protocol.model import Protocol
from contracts.protocol.study import kind_of

TEXT = (Path(contracts.protocol.__file__).parent / "reluth.yaml").read_text(encoding="utf-8")
METHOD = TEXT[TEXT.index("randomization:\n") : TEXT.index("cycles:\n")]
WEIGHTS = "{F1: '1', F2: '1/3', F3: '0.5', F4: '2'}"
MINIMIZED = f"measure: range, probability: '0.80', weights: {WEIGHTS}"


def asking(method: str) -> str:
    """The packaged file with another method."""
    return TEXT.replace(METHOD, f"randomization: {{{method}, source: invented}}\n")


def problems(text: str) -> dict[str, str]:
    """Places and messages of a file that is refused."""
    with pytest.raises(ProtocolError) as refused:
        parse(text)
    return {problem.place: problem.message for problem in refused.value.problems}


@pytest.mark.parametrize(
    "method",
    [
        "method: complete",
        "method: stratified_permuted_blocks, block_sizes: [4, 6]",
        "method: stratified_big_stick, mti: 3",
        f"method: minimization, {MINIMIZED}",
        f"method: two_stage, mti: 3, {MINIMIZED}",
        "method: list_import",
    ],
)
def test_every_method_can_be_asked_for(method):
    asked = parse(asking(method)).randomization
    assert asked.method == method.split(":")[1].split(",")[0].strip()


@pytest.mark.parametrize(
    ("method", "place", "message"),
    [
        ("method: urn", "randomization", "'complete'"),
        ("mti: 3", "randomization", "method"),
        ("method: complete, mti: 3", "randomization.mti", "not permitted"),
        ("method: complete, block_sizes: [4]", "randomization.block_sizes", "not permitted"),
        ("method: list_import, block_sizes: [4]", "randomization.block_sizes", "not permitted"),
        ("method: stratified_permuted_blocks", "randomization.block_sizes", "required"),
        ("method: stratified_permuted_blocks, block_sizes: []", "randomization.block_sizes", "at least 1"),
        ("method: stratified_permuted_blocks, block_sizes: [4, 5]", "randomization.block_sizes", "2 must divide it"),
        ("method: stratified_permuted_blocks, block_sizes: [4], mti: 2", "randomization.mti", "not permitted"),
        ("method: stratified_big_stick", "randomization.mti", "required"),
        ("method: stratified_big_stick, mti: 0", "randomization.mti", "greater than or equal to 1"),
        ("method: minimization, measure: range", "randomization.probability", "required"),
        (f"method: two_stage, {MINIMIZED}", "randomization.mti", "required"),
        (f"method: minimization, mti: 3, {MINIMIZED}", "randomization.mti", "not permitted"),
        (f"method: minimization, {MINIMIZED.replace('range', 'spread')}", "randomization.measure", "'variance'"),
        (f"method: minimization, {MINIMIZED.replace(chr(39) + '0.80' + chr(39), '0.80')}", "randomization.probability", "as text"),
        (f"method: minimization, {MINIMIZED.replace('0.80', '80 %')}", "randomization.probability", "as text"),
        (f"method: minimization, {MINIMIZED.replace('0.80', '4/0')}", "randomization.probability", "as text"),
        (f"method: minimization, {MINIMIZED.replace('0.80', '1/2')}", "randomization.probability", "between 1/2"),
        (f"method: minimization, {MINIMIZED.replace('0.80', '1')}", "randomization.probability", "between 1/2"),
        (f"method: two_stage, mti: 3, {MINIMIZED.replace('0.80', '5/4')}", "randomization.probability", "between 1/2"),
        (f"method: minimization, {MINIMIZED.replace('1/3', '0/3')}", "randomization.weights.F2", "greater than 0"),
        (f"method: minimization, {MINIMIZED.replace('1/3', '-1/3')}", "randomization.weights.F2", "greater than 0"),
        (f"method: minimization, {MINIMIZED.replace(', F4: ', ', F5: ')}", "randomization.weights", "no weight for the factor 'F4'"),
        (f"method: minimization, {MINIMIZED.replace(', F4: ', ', F5: ')}", "randomization.weights.F5", "no factor 'F5'"),
    ],
)  # fmt: skip
def test_a_method_is_told_its_parameters_and_nothing_else(method, place, message):
    found = problems(asking(method))
    assert message in found.get(place, ""), found


def test_minimization_needs_something_to_balance():
    head, tail = asking(f"method: minimization, {MINIMIZED}").split("# Levels are half-open")
    without = head + "factors: []\n" + tail[tail.index("caps:\n") :]
    assert (
        "declares none"
        in problems(without.replace("expression: {strata_known: true}", "expression: {known: sex}"))[
            "randomization.method"
        ]
    )


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("  - id: F2\n", "  - id: SITE\n"),
        ("  - id: F2\n", "  - id: CENTRE\n"),
        ("name: Type of progression", "name: Study centre"),
        ("name: Type of progression", "name: Site"),
    ],
)
def test_the_centre_is_never_a_factor(old, new):
    """Blocks by centre let a site foretell 68 % of its allocations (trial-systems 5.2); nothing else leaks to it."""
    factor = "SITE" if "SITE" in new else "CENTRE" if "CENTRE" in new else "F2"
    assert "the centre is never a factor" in problems(TEXT.replace(old, new, 1))[f"factors[{factor}]"]


def test_a_factor_whose_codes_are_numbers_of_sites_is_the_centre_by_whatever_name():
    spec = "  - {name: region, label: R, kind: code, codes: ['01', '02'], supplied_by: RecordFindings, source: x}\n"
    text = TEXT.replace("fields:\n", "fields:\n" + spec, 1).replace(
        "    field: progression_types\n", "    field: region\n"
    )
    text = text.replace("any_of: [RADIOLOGICAL]", "any_of: ['01']").replace("[CLINICAL, BIOLOGICAL]", "['02']")
    assert "the centre is never a factor" in problems(text)["factors[F2]"]


def test_the_site_of_a_tumour_is_no_centre():
    text = TEXT.replace("field: progression_types\n    levels", "field: primary_site\n    levels")
    codes = load().field["primary_site"].codes
    text = text.replace("any_of: [RADIOLOGICAL]", f"any_of: [{codes[0]}]")
    text = text.replace("[CLINICAL, BIOLOGICAL], prev", f"[{', '.join(codes[1:])}], prev")
    assert parse(text.replace("Type of progression", "Primary site")).factors[1].id == "F2"


@pytest.mark.parametrize(
    ("old", "new", "place", "message"),
    [
        ("below: 18, prevalence: 0.30", "below: 18, prevalence: 0.31", "factors[F1].levels", "add up to 1.01"),
        ("below: 18, prevalence: 0.30", "below: 18, prevalence: 0.299999999999", "factors[F1].levels", "0.999999999999"),
        ("below: 18, prevalence: 0.30", "below: 18", "factors[F1].levels", "each level"),
        ("below: 18, prevalence: 0.30", "below: 18, prevalence: 0", "factors[F1].levels[LT18].prevalence", "greater"),
        ("below: 18, prevalence: 0.30", "below: 18, prevalence: 1", "factors[F1].levels[LT18].prevalence", "less"),
        ("below: 18, prevalence: 0.30", 'below: 18, prevalence: "0.30"', "factors[F1].levels[LT18].prevalence", "without quotes"),
        ("    prevalences: {source: digest 1.3, assumption: true}\n", "", "factors[F1].prevalences", "go together"),
        ("    prevalences: {source: digest 1.3, ass", "    prevalences: {ass", "factors[F1].prevalences.source", "required"),
    ],
)  # fmt: skip
def test_prevalences_add_up_exactly_and_have_a_source(old, new, place, message):
    assert old in TEXT
    found = problems(TEXT.replace(old, new, 1))
    assert message in found.get(place, ""), found


def test_the_prevalences_of_the_trial_are_marked_as_assumed():
    factors = {factor.id: factor for factor in load().factors}
    assert {name: factor.levels[0].prevalence for name, factor in factors.items()} == {
        "F1": Decimal("0.30"),
        "F2": Decimal("0.85"),
        "F3": Decimal("0.30"),
        "F4": Decimal("0.25"),
    }
    assert all(factor.prevalences is not None and factor.prevalences.assumption for factor in factors.values())


DOCUMENT = read(TEXT, "reluth.yaml")


def of_kind(study: str, kind: str) -> Protocol:
    """The packaged trial under another id and of another kind."""
    return build({**DOCUMENT, "study": {**DOCUMENT["study"], "id": study, "kind": kind}}, "x.yaml")


@settings(deadline=None, max_examples=60)
@given(st.from_regex(re.compile(r"[A-Z][A-Z0-9]{1,26}", re.ASCII), fullmatch=True), st.booleans())
def test_the_id_of_a_study_says_whether_it_is_a_test_study(name, suffixed):
    """Streams, keys of messages and answers carry the id: a test study shares none of them with a real one."""
    study = name + "TEST" if suffixed else name
    right, wrong = ("test", "production") if study.endswith("TEST") else ("production", "test")
    assert of_kind(study, right).study.kind == kind_of(study) == right
    with pytest.raises(ProtocolError, match=r"study\.id: a study of kind"):
        of_kind(study, wrong)


def test_a_file_that_does_not_say_describes_a_real_trial():
    study = {key: value for key, value in DOCUMENT["study"].items() if key != "kind"}
    assert build({**DOCUMENT, "study": study}, "x.yaml").study.kind == "production"
    with pytest.raises(
        ProtocolError, match=r"study\.id: a study of kind production has an id that does not end in TEST"
    ):
        build({**DOCUMENT, "study": {**study, "id": "RELUTHTEST"}}, "x.yaml")
