"""No number without its source: every number of the packaged file stands under an entry that says where it is from."""

from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

import pytest
import yaml

import contracts.protocol

PATH = Path(contracts.protocol.__file__).parent / "reluth.yaml"
DOCUMENT = yaml.safe_load(PATH.read_text(encoding="utf-8"))


def unsourced(node: object, path: str = "", sourced: bool = False) -> Iterator[str]:
    """The places of numbers that neither their own entry nor one around it gives a source for."""
    if isinstance(node, dict):
        here = sourced or bool(str(node.get("source", "")).strip())
        for key, value in node.items():
            yield from unsourced(value, f"{path}.{key}", here)
    elif isinstance(node, list):
        for index, value in enumerate(node):
            yield from unsourced(value, f"{path}[{index}]", sourced)
    elif isinstance(node, int | float | Decimal) and not isinstance(node, bool) and not sourced:
        yield path


def test_no_number_without_a_source():
    assert list(unsourced(DOCUMENT)) == []


@pytest.mark.parametrize("section", ["caps", "cycles", "criteria", "analysis_windows", "visits", "fields", "factors"])
def test_the_walk_would_notice(section):
    entry = next(each for each in DOCUMENT[section] if any(True for _ in unsourced({**each, "source": ""})))
    assert list(unsourced({**entry, "source": " "}))


def test_assumptions_are_marked_where_neither_paper_nor_registry_speaks():
    marked = {visit["id"] for visit in DOCUMENT["visits"] if visit.get("assumption")}
    assert {"V0", "L1", "L2", "V3", "V4"} <= marked
    labs = [c for c in DOCUMENT["criteria"] for fresh in c.get("freshness", []) if fresh.get("assumption")]
    assert {c["id"] for c in labs} == {"I11", "I12", "I13", "I14", "I15", "E08", "E10", "E11", "R03"}


def test_each_contradiction_of_paper_and_registry_says_which_reading_holds():
    stated = {c["id"] for c in DOCUMENT["criteria"] if c.get("provenance")}
    assert {"I01", "I08", "I09", "I10", "I12"} <= stated


def test_the_language_has_no_text_to_parse():
    """An expression is a tree of mappings; no leaf of it holds an operator together with an operand."""

    def leaves(node: object) -> Iterator[object]:
        if isinstance(node, dict | list):
            for each in node.values() if isinstance(node, dict) else node:
                yield from leaves(each)
        else:
            yield node

    for criterion in DOCUMENT["criteria"]:
        texts = [leaf for leaf in leaves(criterion["expression"]) if isinstance(leaf, str)]
        assert not [text for text in texts if " " in text or "(" in text]
