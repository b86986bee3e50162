"""The read models: kept up through the inbox, in any order between topics, and the same when built from nothing."""

import ast
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given as for_all
from hypothesis import settings
from hypothesis import strategies as st

import services.analytics
from contracts.events.fact import Fact
from contracts.events.randomization import ArmAllocated
from contracts.events.registry import canonical
from contracts.events.treatment import TreatmentCycleAdministered, TreatmentRecordAnnulled
from services.analytics.projections import ALLOCATED, CONDUCT, projections
from services.analytics.reading import SOURCES
from services.chassis.projections.operations import Operations

from .service import Service, shuffled
from .world import (
    allocation_activated,
    recorded,
    run_in_ended,
    screened,
    site_activated,
    tumour_assessed,
    whole_journey,
)

MODELS = projections()
FACTS: list[Fact] = [
    site_activated("01"),
    site_activated("02"),
    allocation_activated(),
    *(fact for facts in whole_journey("01-001", "A", 1).values() for fact in facts),
    *(fact for facts in whole_journey("02-001", "B", 2).values() for fact in facts),
    screened("02-002"),
    run_in_ended("02-002"),
]


async def checksums(service: Service) -> dict[str, tuple[str, int]]:
    """Checksum and number of the rows of every read model."""
    operations = Operations(service.kept)
    return {model.name: (await operations.checksum(model.name))[1:] for model in MODELS}


async def fed(*facts: Fact) -> Service:
    """A service that was told these facts."""
    service = Service()
    await service.kept.start()
    await service.told(*facts)
    return service


@settings(max_examples=20, deadline=None)
@for_all(st.integers())
async def test_shuffled_delivery_across_topics_gives_the_same_rows(seed: int) -> None:
    in_order, other = Service(), Service()
    messages = [in_order.published.message(fact) for fact in FACTS]
    for service, delivered in ((in_order, messages), (other, shuffled(messages, seed))):
        await service.kept.start()
        for message in delivered:
            await service.deliver(message)
    assert await checksums(in_order) == await checksums(other)


async def test_a_message_that_comes_again_changes_nothing() -> None:
    once = await fed(*FACTS)
    twice = Service()
    await twice.kept.start()
    for fact in FACTS:
        message = twice.published.message(fact)
        await twice.deliver(message)
        await twice.deliver(message)
    assert await checksums(once) == await checksums(twice)


async def test_built_from_nothing_they_equal_the_live_ones() -> None:
    service = await fed(*FACTS)
    for model in MODELS:
        rebuilt = await Operations(service.kept).rebuild(model.name)
        assert (rebuilt.same, rebuilt.parked) == (True, 0), model.name
        assert rebuilt.rows > 0


async def test_a_service_that_comes_late_holds_the_same() -> None:
    late = Service()
    await late.told(*FACTS)
    await late.kept.start()
    assert await checksums(late) == await checksums(await fed(*FACTS))


@pytest.mark.parametrize("model", MODELS, ids=lambda m: m.name)
@for_all(st.integers(0, len(FACTS)))
def test_a_row_is_the_state_again_and_has_one_canonical_form(model: Any, count: int) -> None:
    states: dict[str, Any] = {}
    for envelope in recorded(FACTS[:count]):
        if isinstance(envelope.fact, model.handles):
            key = model.key(envelope)
            states[key] = model.fold(states.get(key, model.initial(key)), envelope)
    for state in states.values():
        row = model.to_row(state)
        assert model.from_row(row) == state
        assert model.to_row(model.from_row(row)) == row
        canonical(row)


def test_every_fact_that_is_handled_changes_a_row_or_its_stamp() -> None:
    journey = [f for facts in whole_journey().values() for f in facts]
    for model in MODELS:
        states: dict[str, Any] = {}
        for envelope in recorded([*journey, *FACTS[:3], tumour_assessed(1)]):
            if isinstance(envelope.fact, model.handles):
                key = model.key(envelope) or ""
                states.setdefault(key, model.initial(key))
                after = model.fold(states[key], envelope)
                assert after != states[key], (model.name, envelope.fact.type_name)
                states[key] = after


def test_the_arm_goes_into_one_read_model_alone() -> None:
    for told in (ArmAllocated, TreatmentCycleAdministered, TreatmentRecordAnnulled):
        assert [model.name for model in MODELS if told in model.handles] == [ALLOCATED.name]


def test_one_module_alone_reads_the_arms() -> None:
    root = Path(next(iter(services.analytics.__path__)))
    readers = {
        path.name
        for path in root.rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.Name | ast.alias) and getattr(node, "id", getattr(node, "name", "")) == "ALLOCATED"
    }
    assert readers == {"projections.py", "closed.py"}


def test_sites_and_cap_are_kept_by_study() -> None:
    assert {CONDUCT.key(envelope) for envelope in recorded(FACTS[:3])} == {"RELUTH"}


def test_every_topic_has_one_source() -> None:
    topics = [topic for topics in SOURCES.values() for topic in topics]
    assert sorted(topics) == sorted({str(fact.topic) for model in MODELS for fact in model.handles})
    assert len(topics) == len(set(topics))
